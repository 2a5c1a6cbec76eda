// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/error.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What one call of a `MockModelService` is answered with. Of its parts an operation uses those
/// that it has a use for.
class MockAnswer {
public:
    MockAnswer() = default;

    std::optional<Error> error;    ///< instead of an answer; of a stream, after its deltas
    Clock::duration delay{};       ///< before the answer
    Clock::duration delta_delay{}; ///< before each delta of a stream
    ModelResult prediction{0.5, 0.8};
    std::optional<TextReply> text;
    std::vector<std::string> deltas; ///< of a stream; empty: the text, word by word
    std::size_t dimensions = 8;      ///< of embeddings
    std::optional<ModelInfo> info;
};

/// Canned answers out of a JSON file: one object, whose keys are the types of predictions and, with
/// a `$` in front, operations.
///
/// @code{.json}
/// {
///     "readmission_risk": {"prediction": 0.81, "confidence": 0.9, "features": {"stays": 2}},
///     "default":          {"prediction": 0.2, "confidence": 0.6},
///     "$generate_text":   ["Hello.", {"text": "Hello again.", "finish_reason": "length"}],
///     "$stream_text":     {"deltas": ["Hel", "lo."], "delta_delay_ms": 20, "error": "truncated"},
///     "$predict":         [{"error": {"code": "throttled", "retry_after_ms": 250}}, {}],
///     "$embed":           {"dimensions": 16, "delay_ms": 5},
///     "$get_model_info":  {"model_id": "m", "provider": "p", "capabilities": ["testing"]}
/// }
/// @endcode
///
/// Each value is an answer, or a list of answers that are given in turn, the last one for ever.
/// Every answer may have
///
/// - `delay_ms`: how long it takes, in milliseconds,
/// - `error`: the name of an `errc`, or an object with `code` and perhaps `status`,
///   `retry_after_ms`, `delivery` (`"not_sent"`, `"rejected_for_now"`, `"rejected"`, `"unknown"`,
///   `"answered"`) and `provider_code`.
///
/// and besides, by its key:
///
/// | key | answer |
/// | --- | --- |
/// | a type | `prediction`, `confidence` (0 to 1), `features` (an object) |
/// | `$predict` | nothing more: its errors and delays come before any type's answer |
/// | `$generate_text` | a text, or `text`, `finish_reason`, `model`, `input_tokens`,
/// `output_tokens` | | `$stream_text` | the same, and `deltas` (texts), `delta_delay_ms`; an
/// `error` comes after the deltas | | `$embed` | `dimensions` (1 to 8192) | | `$get_model_info` |
/// `model_id`, `provider`, `region`, `capabilities` |
///
/// Anything else in the file is an error, so that a misspelt member doesn't go unnoticed.
class MockAnswers {
public:
    using Map = std::map<std::string, std::vector<MockAnswer>, std::less<>>;

    MockAnswers() = default;

    /// Throws `ConfigurationError` that names the file and, for a malformed one, the place in it:
    /// "answers.json: line 3, column 7: ..." or "answers.json: at risk.confidence: ...".
    static MockAnswers from_file(std::filesystem::path const& file);

    /// The same for a text; `name` stands for the file in errors.
    static MockAnswers from_json(std::string_view text, std::string const& name = "mock answers");

    /// The answers of a key, or null.
    std::vector<MockAnswer> const* find(std::string_view key) const;

    Map answers;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/mock_answers.ipp>
#endif
