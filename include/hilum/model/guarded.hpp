// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/detail/driver.hpp>
#include <hilum/model/detail/order.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/policy.hpp>

#include <concepts>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A service with policies in front of it: what `policies | service` makes. A 16-byte handle;
/// copies share its state.
///
/// @code
/// auto service = RetryPolicy{} | CircuitBreakerPolicy{} | TimeoutPolicy{10s} | openai;
/// auto reply = co_await service.generate_text("Say hello.");
/// @endcode
///
/// State (a breaker's count, a bucket's tokens) was born when the policies joined the service, and
/// lives as long as any copy, call or stream of it. Any thread may call; each call runs on one
/// serial executor.
template <class Service, class... P>
class Guarded : public ServiceFacade<Guarded<Service, P...>> {
    using Core = detail::Core<Service, P...>;
    using Driver = detail::Driver<Service, P...>;

public:
    using policy_list = decltype(detail::concat(
        detail::PolicyList<P...>(), typename detail::PoliciesOf<Service>::type()
    ));
    static constexpr bool honours_deadline = hilum::honours_deadline<Service>;

    Guarded(std::tuple<P...> const& policies, Service service)
        : core_(std::make_shared<Core>(policies, std::move(service))) {
        detail::check_order<policy_list>();
    }

    /// One call that borrows context and operation: the caller keeps them and this service alive,
    /// and awaits it on a serial executor.
    template <class Operation>
    requires(Driver::template handles<0, Operation>()
    ) Task<Result<response_t<Operation>>> handle(CallContext& cx, Operation const& op)
    const { return Driver::borrow(core_, cx, op); }

    /// The whole call in one coroutine frame, which owns context, operation and a share of the
    /// state.
    template <class Operation>
    requires(Driver::template handles<0, Operation>()
    ) Task<Result<response_t<Operation>>> call(CallContext cx, Operation op)
    const { return Driver::own(core_, std::move(cx), std::move(op)); }

    Environment environment() const { return detail::environment_of(core_->service); }

    Destination destination() const { return detail::destination_of(core_->service); }

    /// The service on the right.
    Service& service() const noexcept { return core_->service; }

    /// The state of the policy at `Index`, counted from the left.
    template <std::size_t Index>
    auto& layer() const noexcept {
        return std::get<Index>(core_->layers).layer;
    }

    /// Calls `visitor(policy, layer)` for each policy from left to right; for `describe`.
    template <class Visitor>
    void each_layer(Visitor&& visitor) const {
        std::apply([&](auto const&... slot) { (visitor(slot), ...); }, core_->layers);
    }

private:
    std::shared_ptr<Core> core_;
};

/// Several policies as one: a house standard, written once. `policies | service` guards a service
/// with all of them.
template <class... P>
class Policies {
public:
    using policy = void;

    explicit Policies(std::tuple<P...> l) : list(std::move(l)) {}

    std::tuple<P...> list;
};

namespace detail {

template <class P>
auto as_list(P policy) {
    if constexpr (requires { policy.list; })
        return std::move(policy.list);
    else
        return std::tuple<P>(std::move(policy));
}

template <class... P>
Policies<P...> policies_of(std::tuple<P...> list) {
    return Policies<P...>(std::move(list));
}

struct HandleName {
    int handle;
};

template <class S>
struct AlsoNamed : S, HandleName {};

/// A member `handle`, of whatever kind and however often overloaded: then the name is ambiguous.
template <class S>
concept HasHandle = std::is_class_v<S> && !std::is_final_v<S> && !requires {
    &AlsoNamed<S>::handle;
};

/// Anything that handles some operation, ours or the host's own.
template <class S>
concept AService = HasHandle<S> || Handles<S, GenerateText> || Handles<S, StreamText> ||
    Handles<S, Embed> || Handles<S, Predict<>> || Handles<S, GetModelInfo> || requires {
    &S::handle;
};

template <class... P, class S>
Guarded<S, P...> join(std::tuple<P...> const& policies, S service) {
    return Guarded<S, P...>(policies, std::move(service));
}

} // namespace detail

/// `policies | policies`: again a policy, in that order.
template <Policy A, Policy B>
auto operator|(A a, B b) {
    static_assert(
        detail::survives_co_await<A> && detail::survives_co_await<B>,
        "hilum: give this policy a constructor: g++ 12 destroys temporary aggregates that own "
        "memory twice"
    );
    return detail::policies_of(
        std::tuple_cat(detail::as_list(std::move(a)), detail::as_list(std::move(b)))
    );
}

/// `policies | service`: again a service; a request meets the policies from left to right.
template <Policy A, class S>

requires(!Policy<S>) auto operator|(A policy, S service) {
    static_assert(
        detail::AService<S>,
        "hilum: what stands right of the last | is not a service: it has no "
        "handle(CallContext&, Operation const&)"
    );
    static_assert(
        detail::survives_co_await<S> && detail::survives_co_await<A>,
        "hilum: give this type a constructor: g++ 12 destroys temporary aggregates that own memory "
        "twice"
    );
    if constexpr (detail::AService<S>)
        return detail::join(detail::as_list(std::move(policy)), std::move(service));
}

/// Doesn't compile, and says why.
template <class S, Policy P>

requires(!Policy<S> && detail::AService<S>) S operator|(S service, P const&) {
    static_assert(
        detail::never<S>,
        "hilum: write policies | service: a request travels from left to right, so the service "
        "stands last"
    );
    return service;
}

} // namespace hilum::inline HILUM_ABI
