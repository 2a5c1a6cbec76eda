// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/destination.hpp>
#include <hilum/core/detail/attempt_limit.hpp>
#include <hilum/core/result.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI::openai::detail {

/// What all calls of a service share, worked out once: headers that never change, the place of
/// each operation, how bodies are written.
class Prepared {
public:
    /// Throws `ConfigurationError`.
    explicit Prepared(OpenAiConfig c);

    /// A request for an operation, without its body.
    template <class Operation>
    HttpRequest const& request() const noexcept {
        if constexpr (std::same_as<Operation, Embed>)
            return embeddings_;
        else
            return chat_;
    }

    OpenAiConfig config;
    Dialect dialect;
    Destination destination;

private:
    HttpRequest prepare(std::string_view path) const;

    std::shared_ptr<HttpOrigin const> origin_;
    HttpRequest chat_, embeddings_;
};

using hilum::detail::AttemptLimit;

// One name for each direction, so that the exchange is written once for all operations.

inline Result<std::string> encode(Dialect const& dialect, GenerateText const& op) {
    return encode_chat(dialect, op);
}

inline Result<std::string> encode(Dialect const& dialect, Predict<> const& op) {
    return encode_predict(dialect, op);
}

inline Result<std::string> encode(Dialect const& dialect, Embed const& op) {
    return encode_embed(dialect, op);
}

inline Result<TextReply> decode(HttpResponse const& response, GenerateText const&) {
    return decode_chat(response);
}

inline Result<ModelResult> decode(HttpResponse const& response, Predict<> const&) {
    return decode_predict(response);
}

inline Result<Embeddings> decode(HttpResponse const& response, Embed const& op) {
    return decode_embed(response, op.inputs.size());
}

} // namespace hilum::inline HILUM_ABI::openai::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/openai/impl/prepared.ipp>
#endif
