// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/testing/detail/simulated_model.hpp>
#include <hilum/testing/detail/wire_message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

/// What stands after the base URL: "/v1/chat/completions" and "/chat/completions" are the same;
/// empty when no OpenAI path is meant.
std::string_view openai_path(std::string_view path) noexcept;

/// OpenAI's protocol: chat completions (streamed or not), embeddings, models. Models whose id
/// begins with "missing" don't exist. Source: OpenAI's OpenAPI description 2.3.0.
class OpenAiWire {
public:
    OpenAiWire(SimulatedModel model, std::string api_key)
        : model_(model), api_key_(std::move(api_key)) {}

    /// `number` goes into ids, `created` is Unix time.
    WireReply answer(WireRequest const& request, std::uint64_t number, std::int64_t created) const;

    /// The error that such a status comes with; it quotes the request, as providers do.
    static WireReply error(unsigned status, std::string_view code, std::string_view quote);

private:
    WireReply chat(WireRequest const& request, std::uint64_t number, std::int64_t created) const;
    WireReply embeddings(WireRequest const& request) const;
    WireReply models(std::string_view id) const;

    SimulatedModel model_;
    std::string api_key_;
};

/// The first characters of the prompt in a body of any protocol: for messages that quote it.
std::string quote_of(std::string_view body);

/// Text from a string, or from an array of `{"text": ...}` parts, as both protocols write content.
std::string text_of(json::value const* content);

/// Whether a prompt asks for a JSON object of a prediction.
bool asks_for_prediction(std::string_view instruction) noexcept;

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/openai_wire.ipp>
#endif
