// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/policy.hpp>

#include <array>
#include <cstddef>

namespace hilum::inline HILUM_ABI::detail {

template <class... P>
struct PolicyList {};

/// The policies of a finished service, none for a bare one.
template <class S>
struct PoliciesOf {
    using type = PolicyList<>;
};

template <class S>
requires requires { typename S::policy_list; }

struct PoliciesOf<S> {
    using type = typename S::policy_list;
};

template <class... A, class... B>
PolicyList<A..., B...> concat(PolicyList<A...>, PolicyList<B...>);

struct PolicyTraits {
    bool again, repeats, retains, per_attempt, filters;
};

template <class... P>
constexpr auto traits_of(PolicyList<P...>) {
    return std::array<PolicyTraits, sizeof...(P) + 1>{
        PolicyTraits{
            repeats<P> || multiplies<P>, repeats<P>, retains<P>, per_attempt<P>, filters_phi<P>}...,
        PolicyTraits{}};
}

/// Nothing that repeats, keeps or records may stand left of a filter.
template <class List>
constexpr bool filter_comes_first() {
    auto const t = traits_of(List());
    bool bad = false;
    for (auto const& policy : t) {
        if (policy.filters && bad)
            return false;
        bad = bad || policy.again || policy.retains;
    }
    return true;
}

/// What has to see each attempt stands right of what makes attempts.
template <class List>
constexpr bool attempts_are_seen() {
    auto const t = traits_of(List());
    bool seen = false;
    for (auto const& policy : t) {
        if (policy.again && seen)
            return false;
        seen = seen || policy.per_attempt;
    }
    return true;
}

template <class List>
constexpr bool one_owner_of_retries() {
    int owners = 0;
    for (auto const& policy : traits_of(List()))
        owners += policy.repeats ? 1 : 0;
    return owners <= 1;
}

template <class List>
constexpr void check_order() {
    static_assert(
        filter_comes_first<List>(),
        "hilum: PhiFilterPolicy must stand left of whatever repeats, keeps or records: everything "
        "right "
        "of the filter sees only what may leave, and it filters once for all attempts"
    );
    static_assert(
        attempts_are_seen<List>(),
        "hilum: a breaker or a per-attempt audit must stand right of RetryPolicy (and of hedge and "
        "fallback), so that it sees each attempt"
    );
    static_assert(
        one_owner_of_retries<List>(),
        "hilum: two policies that repeat the call multiply its attempts; keep one RetryPolicy"
    );
}

} // namespace hilum::inline HILUM_ABI::detail
