// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/result.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/prediction_json.hpp>
#include <hilum/model/text.hpp>
#include <hilum/openai/config.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// OpenAI's chat completions and embeddings as pure functions between operations and bodies: no
/// socket, no clock. Source: OpenAI's OpenAPI description 2.3.0.

namespace hilum::inline HILUM_ABI::openai {

/// How bodies are written for one configuration: decided once, when a service is made.
///
/// To hosts of OpenAI `"store": false` is always sent, so that nothing of a request is kept there.
class Dialect {
public:
    /// Precondition: `config.validate()` passed.
    explicit Dialect(OpenAiConfig const& config);

    /// `{"model":"..."` and what else is the same in each body.
    std::string const& chat_head() const noexcept { return chat_head_; }

    std::string const& embeddings_head() const noexcept { return embeddings_head_; }

    std::string_view token_parameter() const noexcept { return token_parameter_; }

    std::optional<double> temperature() const noexcept { return temperature_; }

    bool json_mode() const noexcept { return json_mode_; }

private:
    std::string chat_head_, embeddings_head_;
    std::string_view token_parameter_;
    std::optional<double> temperature_;
    bool json_mode_;
};

/// The body of `POST /chat/completions`. `invalid_request` for text that isn't UTF-8, `max_tokens`
/// below 1 or a temperature that isn't a finite number: nothing is sent then.
Result<std::string> encode_chat(Dialect const& dialect, GenerateText const& op);

/// The same instead of what `out` holds, in its memory.
Result<void> encode_chat(std::string& out, Dialect const& dialect, GenerateText const& op);

/// The same for a prediction: an instruction that asks for a JSON object of `ModelResult`'s shape,
/// and the input, as JSON, as the user's message.
Result<std::string> encode_predict(Dialect const& dialect, Predict<> const& op);

/// The body of `POST /embeddings`; `invalid_request` when there is no input.
Result<std::string> encode_embed(Dialect const& dialect, Embed const& op);

/// The reply to a chat with a good status. `malformed_reply` for what isn't one; `content_filtered`
/// for a refusal and for an answer of which a filter left nothing. Text that was cut is a success
/// with its `finish_reason`.
Result<TextReply> decode_chat(HttpResponse const& response);

/// The reply to `encode_predict`: `malformed_reply` unless the answer is one JSON object with a
/// number `prediction`, a number `confidence` from 0 to 1 and, if at all, an object `features`. A
/// markdown fence around it is tolerated; members that nobody asked for are ignored.
Result<ModelResult> decode_predict(HttpResponse const& response);

/// The reply to `encode_embed` with `expected` inputs: one vector for each, all of one length, put
/// into the order of the inputs.
Result<Embeddings> decode_embed(HttpResponse const& response, std::size_t expected);

} // namespace hilum::inline HILUM_ABI::openai

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/openai/impl/codec.ipp>
#endif
