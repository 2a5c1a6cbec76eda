// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Marks a policy that decides around a call: `using policy = deciding;`.
///
/// Its `Layer` has `Result<Visit> enter(CallContext&)`. The `Visit` is an RAII value (move-only or
/// copyable) with `Verdict leave(CallContext&, Outcome const&)`; one that is destroyed without
/// `leave` is an abandoned call. Optional members of a visit: `void streaming(CallContext&)`,
/// called when the first delta of a stream has come; and for a policy that *waits*, `bool ready()`
/// with `Task<Result<bool>> admitted(CallContext&)`, which the driver awaits before it goes on.
/// `admitted` itself ends at `cx.deadline`; a visit that waited in vain is left with that error.
struct deciding {};

/// Marks a policy that changes the operation on its way and the reply on its way back: `using
/// policy = transforming;`.
///
/// Its `Layer` has `Result<Passage> pass(CallContext&, Op const&)`. The passage has `op` (what goes
/// on, perhaps of another type; a value or a reference) and `restore(reply) -> response_t<Op>`. It
/// says by `template <class Op> using forwards_t` what it turns an operation into.
struct transforming {};

/// Marks a policy that runs the rest of the way itself, perhaps several times: `using policy =
/// wrapping;`.
///
/// Its `Layer` has `Task<Result<response_t<Op>>> apply(CallContext&, Op const&, Next next)`, a
/// coroutine that calls `next.handle(cx, op)`.
struct wrapping {};

/// Plain configuration that guards any service. State is born when it joins one.
///
/// A policy is marked by a member type (`deciding`, `transforming`, `wrapping`), not by a base
/// class. What it keeps per service stands in `P::Layer`, constructed in place from `P const&`, or
/// from `(P const&, Joined const&)`; without a `Layer` the policy itself, copied, is the layer.
/// Traits, each `static constexpr bool` and false if absent:
///
/// | trait | it |
/// | --- | --- |
/// | `repeats` | may make the call again, one attempt after the other (retry) |
/// | `multiplies` | may make several at once or elsewhere (hedge, fallback) |
/// | `retains` | keeps requests or replies (cache) or records them (a log of content) |
/// | `per_attempt` | has to see each single attempt (breaker, audit) |
/// | `filters_phi` | turns tainted operations into their wire forms |
/// | `sets_deadline` | lowers `cx.deadline` |
///
/// `static constexpr std::string_view name` and `std::string describe() const` appear in
/// `describe(service)`. The smallest policies that satisfy it are the exemplars in
/// `tests/unit/model/policy.cpp`.
template <class P>
concept Policy = requires {
    typename std::remove_cvref_t<P>::policy;
};

/// What a layer may learn about the service that it guards when it joins it.
class Joined {
public:
    Joined() = default;

    Joined(Destination d, Environment e) : destination(std::move(d)), environment(e) {}

    Destination destination;
    Environment environment;
};

/// How a call, or an attempt, ended; what a visit is told when it is left.
class Outcome {
public:
    Outcome() = default;

    Outcome(Error const* e, bool handed) : error(e), handed_on(handed) {}

    Error const* error = nullptr; ///< null: a reply came
    bool handed_on = false;       ///< the caller was given a stream: never again
};

/// "Again, after this pause."
class Again {
public:
    explicit Again(Clock::duration d = {}, bool count = true) : delay(d), counts(count) {}

    Clock::duration delay;
    bool counts; ///< whether `cx.attempt` goes up
};

/// What a visit wants next: nothing, or the call again.
using Verdict = std::optional<Again>;

namespace detail {

template <class P, class Form>
concept PolicyOf = Policy<P> && std::same_as<typename P::policy, Form>;

#define HILUM_POLICY_TRAIT(trait)                                                                  \
    template <class P>                                                                             \
    inline constexpr bool trait = [] {                                                             \
        if constexpr (requires { P::trait; })                                                      \
            return static_cast<bool>(P::trait);                                                    \
        else                                                                                       \
            return false;                                                                          \
    }()

HILUM_POLICY_TRAIT(repeats);
HILUM_POLICY_TRAIT(multiplies);
HILUM_POLICY_TRAIT(retains);
HILUM_POLICY_TRAIT(per_attempt);
HILUM_POLICY_TRAIT(filters_phi);
HILUM_POLICY_TRAIT(sets_deadline);
#undef HILUM_POLICY_TRAIT

template <class P>
struct LayerOf {
    using type = P;
};

template <class P>
requires requires { typename P::Layer; }

struct LayerOf<P> {
    using type = typename P::Layer;
};

/// The operation that a layer passes on: itself, unless the layer says otherwise.
template <class P, class Op>
struct Forwards {
    using type = Op;
};

template <class P, class Op>
requires requires { typename P::template forwards_t<Op>; }

struct Forwards<P, Op> {
    using type = typename P::template forwards_t<Op>;
};

template <class P>
std::string_view policy_name() {
    if constexpr (requires { P::name; })
        return P::name;
    else
        return "policy";
}

} // namespace detail

/// What a policy keeps for one service.
template <class P>
using layer_t = typename detail::LayerOf<P>::type;

} // namespace hilum::inline HILUM_ABI
