// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/concepts.hpp>
#include <hilum/model/detail/own_call.hpp>
#include <hilum/model/facade.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// One operation behind a virtual function; the inner task is handed through, so that no frame is
/// added.
template <class Op>
class ErasedOperation {
public:
    virtual Task<Result<response_t<Op>>> handle(CallContext& cx, Op const& op) = 0;
    virtual Task<Result<response_t<Op>>> call(CallContext cx, Op op) = 0;
    virtual bool can(Op const*) const noexcept = 0;

protected:
    ~ErasedOperation() = default;
};

template <class... Ops>
class ErasedService : public ErasedOperation<Ops>... {
public:
    using ErasedOperation<Ops>::handle...;
    using ErasedOperation<Ops>::call...;
    using ErasedOperation<Ops>::can...;

    virtual ~ErasedService() = default;
    virtual Environment environment() const = 0;
    virtual Destination destination() const = 0;
};

template <class S, class Base, class... Ops>
class ErasedImpl;

template <class S, class Base>
class ErasedImpl<S, Base> : public Base {
public:
    explicit ErasedImpl(S s) : service_(std::move(s)) {}

    Environment environment() const override { return environment_of(service_); }

    Destination destination() const override { return destination_of(service_); }

protected:
    S service_;
};

template <class S, class Base, class Op, class... Rest>
class ErasedImpl<S, Base, Op, Rest...> : public ErasedImpl<S, Base, Rest...> {
public:
    using ErasedImpl<S, Base, Rest...>::ErasedImpl;
    using ErasedImpl<S, Base, Rest...>::handle;
    using ErasedImpl<S, Base, Rest...>::call;
    using ErasedImpl<S, Base, Rest...>::can;

    Task<Result<response_t<Op>>> handle(CallContext& cx, Op const& op) override {
        if constexpr (Handles<S, Op>)
            return this->service_.handle(cx, op);
        else
            return unsupported();
    }

    Task<Result<response_t<Op>>> call(CallContext cx, Op op) override {
        if constexpr (!Handles<S, Op>)
            return unsupported();
        else if constexpr (requires { this->service_.call(std::move(cx), std::move(op)); })
            return this->service_.call(std::move(cx), std::move(op));
        else
            return own_call(this->service_, std::move(cx), std::move(op));
    }

    bool can(Op const*) const noexcept override { return Handles<S, Op>; }

private:
    static Task<Result<response_t<Op>>> unsupported() {
        co_return Error(errc::unsupported, "this service doesn't offer this operation")
            .with_service("any", operation_name<Op>);
    }
};

} // namespace detail

/// A finished service whose type is forgotten, for a list of operations: for hosts that choose at
/// run time.
///
/// @code
/// AnyModelService service(guarded_openai);
/// if (use_bedrock)
///     service = AnyModelService(guarded_bedrock);
/// auto reply = co_await service.generate_text("Say hello.");
/// @endcode
///
/// Costs one virtual call an operation. An operation that the service lacks is answered with
/// `errc::unsupported`; `can<Op>()` asks beforehand. Copies share the service; any thread may call.
template <class... Ops>
class AnyService : public ServiceFacade<AnyService<Ops...>> {
    using Erased = detail::ErasedService<Ops...>;

public:
    template <class S>

    requires(!std::same_as<std::remove_cvref_t<S>, AnyService>) explicit AnyService(S service)
        : erased_(std::make_shared<detail::ErasedImpl<S, Erased, Ops...>>(std::move(service))) {}

    template <class Op>
    requires(std::same_as<Op, Ops> || ...)
        Task<Result<response_t<Op>>> handle(CallContext& cx, Op const& op)
    const { return erased_->handle(cx, op); }

    template <class Op>
    requires(std::same_as<Op, Ops> || ...) Task<Result<response_t<Op>>> call(CallContext cx, Op op)
    const { return erased_->call(std::move(cx), std::move(op)); }

    /// Whether the service behind it offers this operation.
    template <class Op>
    bool can() const noexcept {
        return erased_->can(static_cast<Op const*>(nullptr));
    }

    Environment environment() const { return erased_->environment(); }

    Destination destination() const { return erased_->destination(); }

private:
    std::shared_ptr<Erased> erased_;
};

/// Any service that takes what may leave.
using AnyModelService = AnyService<Predict<>, GetModelInfo, GenerateText, StreamText, Embed>;

/// Any service behind a filter, for run-time text and for records about `Record`; takes nothing
/// else.
template <class Record>
class AnyPhiSafeService : public ServiceFacade<AnyPhiSafeService<Record>> {
    using Inner = AnyService<
        Predict<About<Record>>,
        GetModelInfo,
        Unfiltered<GenerateText>,
        Unfiltered<GenerateText, About<Record>>,
        Unfiltered<StreamText>,
        Unfiltered<StreamText, About<Record>>,
        Unfiltered<Embed>>;

public:
    static constexpr bool phi_safe = true;

    template <PhiSafeService S>

    requires(!std::same_as<std::remove_cvref_t<S>, AnyPhiSafeService>) explicit AnyPhiSafeService(
        S service
    )
        : inner_(std::move(service)) {}

    template <class Op>
    requires Handles<Inner, Op> Task<Result<response_t<Op>>> handle(CallContext& cx, Op const& op)
    const { return inner_.handle(cx, op); }

    template <class Op>
    requires Handles<Inner, Op> Task<Result<response_t<Op>>> call(CallContext cx, Op op)
    const { return inner_.call(std::move(cx), std::move(op)); }

    Environment environment() const { return inner_.environment(); }

    Destination destination() const { return inner_.destination(); }

private:
    Inner inner_;
};

} // namespace hilum::inline HILUM_ABI
