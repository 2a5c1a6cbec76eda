// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/bedrock/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/prediction_json.hpp>
#include <hilum/model/text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Bedrock's `InvokeModel` and `Converse` as pure functions between operations and bodies: no
/// socket, no clock. Source: the `bedrock-runtime` model in botocore, Anthropic's Messages API.

namespace hilum::inline HILUM_ABI::bedrock {

/// How bodies are written for one configuration: decided once, when a service is made.
class Dialect {
public:
    /// Precondition: `config.validate()` passed.
    explicit Dialect(BedrockConfig const& config);

    /// `converse`, `invoke_model` or `invoke_claude`.
    Api api() const noexcept { return api_; }

    /// What `TextReply::model` says where the reply doesn't.
    std::string const& model() const noexcept { return model_; }

    /// "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse"
    std::string const& path() const noexcept { return path_; }

private:
    friend Result<std::string> encode_text(Dialect const& dialect, GenerateText const& op);
    friend Result<std::string> encode_predict(Dialect const& dialect, Predict<> const& op);

    void take_converse_parameters(json::object const& parameters);
    void take_claude_parameters(json::object const& parameters);
    void take_generic_parameters(json::object const& parameters);

    Api api_;
    std::string model_, path_;
    /// `model_parameters` as they stand in the body, each with a comma before it: within
    /// `inferenceConfig` (or `parameters`, or Claude's body), and beside it.
    std::string inner_, outer_;
    /// Those that an operation may set, too.
    std::optional<double> temperature_;
    std::optional<std::int64_t> max_tokens_;
    /// The members of `parameters` say themselves how long a generic model's text may get.
    bool generic_limit_ = false;
};

/// The body that asks for text. `invalid_request` for text that isn't UTF-8, `max_tokens` below 1
/// or a temperature that isn't a finite number: nothing is sent then.
///
/// A generic model gets the prompt as `inputs` (the system text before it, with an empty line
/// between), and `max_new_tokens` unless `model_parameters` name a limit of their own. A limit in
/// `model_parameters` also goes before the default of `TextOptions`.
Result<std::string> encode_text(Dialect const& dialect, GenerateText const& op);

/// The body that asks for a prediction. A generic model gets the input as `inputs`, as it stands; a
/// text model gets it as JSON in the user's message, with an instruction that asks for a JSON
/// object of `ModelResult`'s shape.
Result<std::string> encode_predict(Dialect const& dialect, Predict<> const& op);

/// The reply to `encode_text` with a good status. `malformed_reply` for what isn't one;
/// `content_filtered` for an answer of which a filter left nothing. Text that was cut is a success
/// with its `finish_reason`.
///
/// From a generic model: a string, or the first of `generated_text`, `generation`, `outputText`,
/// `completion`, `output_text`, `text`, also within `outputs`, `results`, `generations`, `output`
/// or the first element of an array; or a body in the form of Claude or Converse.
Result<TextReply> decode_text(Dialect const& dialect, HttpResponse const& response);

/// The reply to `encode_predict`: `malformed_reply` unless it holds one JSON object with a number
/// `prediction`, a number `confidence` from 0 to 1 and, if at all, an object `features`; members
/// that nobody asked for are ignored.
///
/// From a generic model: that object itself, or within `outputs`, `output`, `predictions`,
/// `results`, `result` or the first element of an array, also as a text that holds it. From a text
/// model: the text, perhaps within a markdown fence.
Result<ModelResult> decode_predict(Dialect const& dialect, HttpResponse const& response);

} // namespace hilum::inline HILUM_ABI::bedrock

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/bedrock/impl/decode.ipp>
#    include <hilum/bedrock/impl/encode.ipp>
#endif
