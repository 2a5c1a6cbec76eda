// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/detail/service_traits.hpp>
#include <hilum/model/policy.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// What a slot is made from: a policy, and what it may know of the service.
template <class P>
struct SlotSource {
    P const& policy;
    Joined const& joined;
    bool repeats_to_the_right;
};

/// One layer in place, so that it may hold a mutex, with the description of the policy that made
/// it.
template <class P>
class Slot {
public:
    using policy_type = P;
    using layer_type = layer_t<P>;

    explicit Slot(SlotSource<P> const& from)
        : Slot(from, std::is_constructible<layer_type, P const&, Joined const&>()) {
        if constexpr (requires { layer.placed(true); })
            layer.placed(from.repeats_to_the_right);
    }

    layer_type layer;
    std::string description;

private:
    static std::string describe(P const& policy) {
        if constexpr (requires {
                          { policy.describe() } -> std::convertible_to<std::string>;
                      })
            return policy.describe();
        else
            return {};
    }

    Slot(SlotSource<P> const& from, std::true_type)
        : layer(from.policy, from.joined), description(describe(from.policy)) {}

    Slot(SlotSource<P> const& from, std::false_type)
        : layer(from.policy), description(describe(from.policy)) {}
};

/// What all copies of a guarded service share.
template <class Service, class... P>
struct Core {
    Core(std::tuple<P...> const& policies, Service s)
        : Core(policies, std::move(s), std::index_sequence_for<P...>()) {}

    std::tuple<Slot<P>...> layers;
    Service service;

private:
    template <std::size_t... I>
    Core(std::tuple<P...> const& policies, Service s, std::index_sequence<I...> indices)
        : Core(policies, Joined(destination_of(s), environment_of(s)), std::move(s), indices) {}

    template <std::size_t... I>
    Core(
        std::tuple<P...> const& policies, Joined const& joined, Service&& s,
        std::index_sequence<I...>
    )
        : layers(SlotSource<P>{std::get<I>(policies), joined, repeats_right_of<I>()}...),
          service(std::move(s)) {}

    template <std::size_t I>
    static constexpr bool repeats_right_of() {
        std::size_t k = 0;
        return ((k++ > I && (repeats<P> || multiplies<P>)) || ...);
    }
};

} // namespace hilum::inline HILUM_ABI::detail
