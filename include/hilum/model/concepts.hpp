// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/detail/order.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI {

/// Predicts, and says what its model is.
///
/// Semantic requirements for this and the following concepts: `handle(cx, op)` borrows both until
/// its task ends; copies of a service share its state; any thread may call it, each call stays on
/// one serial executor; failures are values, not exceptions; a cancelled call ends with
/// `errc::cancelled`. A service may say `static constexpr bool honours_deadline`, `environment()`
/// and `destination()`. The smallest types that satisfy them are the exemplars in
/// `tests/unit/model/concepts.cpp`. These definitions may be extended in later versions.
template <class S>
concept ModelService = Handles<S, Predict<>> && Handles<S, GetModelInfo>;

/// Answers a prompt with text.
template <class S>
concept TextGenerationService = Handles<S, GenerateText>;

/// Answers a prompt in pieces.
template <class S>
concept StreamingTextService = Handles<S, StreamText>;

/// Turns texts into vectors.
template <class S>
concept EmbeddingService = Handles<S, Embed>;

namespace detail {

template <class List>
inline constexpr bool has_filter = false;
template <class... P>
inline constexpr bool has_filter<PolicyList<P...>> = (filters_phi<P> || ...);

} // namespace detail

/// A service behind a `PhiFilterPolicy`: what it is given passes the filter before anything else.
template <class S>
concept PhiSafeService = detail::has_filter<typename detail::PoliciesOf<S>::type> || requires {
    requires S::phi_safe;
};

/// A parameter type that demands a filtered service, with a sentence where it isn't one.
///
/// @code
/// template <class S>
/// Task<void> summarise_all(PhiSafe<S> service, std::vector<Patient> patients);
/// @endcode
template <class S>
class PhiSafe {
public:
    PhiSafe(S s) : service(std::move(s)) { // NOLINT(google-explicit-constructor)
        static_assert(
            PhiSafeService<S>,
            "hilum: this function demands a service with PhiFilterPolicy in front of it"
        );
    }

    S service;
};

} // namespace hilum::inline HILUM_ABI
