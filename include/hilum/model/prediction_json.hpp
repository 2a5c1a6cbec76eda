// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/prediction.hpp>

#include <boost/json/fwd.hpp>

#include <string_view>

namespace hilum::inline HILUM_ABI {

/// What a text model is told so that it answers as a predictive one: with one JSON object of
/// `ModelResult`'s shape. For adapters, as the system message in front of the input.
inline constexpr std::string_view prediction_instruction =
    "You are a predictive model behind an API. The user's message is the input, as JSON. Answer "
    "with one JSON object and nothing else: {\"prediction\": number, \"confidence\": number from 0 "
    "to 1, \"features\": object}. \"features\" names what the prediction rests on, with a number "
    "or a short text for each.";

/// Reads a `ModelResult` from JSON: a finite number `prediction`, a number `confidence` from 0 to
/// 1 and, if at all, an object `features`; other members are ignored.
///
/// `malformed_reply` otherwise, with a sentence that quotes nothing. Thread safety: pure.
Result<ModelResult> read_prediction(json::value const& answer);

/// The same from text that a model wrote: white space and one markdown fence around the object are
/// tolerated, anything else isn't. Bounded in size and depth.
Result<ModelResult> read_prediction(std::string_view text);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/model/impl/prediction_json.ipp>
#endif
