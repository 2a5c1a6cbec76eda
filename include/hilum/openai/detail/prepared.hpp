// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/destination.hpp>
#include <hilum/core/detail/attempt_limit.hpp>
#include <hilum/core/detail/spare.hpp>
#include <hilum/core/result.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI::openai::detail {

/// The request of one call. Its memory goes to the next one: headers that never change aren't
/// copied, the body finds room.
class LentRequest {
    using Spare = hilum::detail::Spare<HttpRequest>;

public:
    LentRequest(HttpRequest const& pattern, Spare& spare) : spare_(spare), request_(spare.take()) {
        if (!request_)
            request_ = std::make_unique<HttpRequest>(pattern);
    }

    LentRequest(LentRequest const&) = delete;
    LentRequest& operator=(LentRequest const&) = delete;

    ~LentRequest() {
        constexpr std::size_t most_kept = 64 * 1024;
        if (request_->body.capacity() <= most_kept)
            spare_.put(std::move(request_));
    }

    HttpRequest& operator*() const noexcept { return *request_; }

    HttpRequest* operator->() const noexcept { return request_.get(); }

private:
    Spare& spare_;
    std::unique_ptr<HttpRequest> request_;
};

/// What all calls of a service share, worked out once: headers that never change, the place of
/// each operation, how bodies are written.
class Prepared {
public:
    /// Throws `ConfigurationError`.
    explicit Prepared(OpenAiConfig c);

    /// A request for an operation; its body is another one's.
    template <class Operation>
    LentRequest request() const {
        if constexpr (std::same_as<Operation, Embed>)
            return LentRequest(embeddings_, spare_embeddings_);
        else
            return LentRequest(chat_, spare_chat_);
    }

    OpenAiConfig config;
    Dialect dialect;
    Destination destination;

private:
    HttpRequest prepare(std::string_view path) const;

    std::shared_ptr<HttpOrigin const> origin_;
    HttpRequest chat_, embeddings_;
    mutable hilum::detail::Spare<HttpRequest> spare_chat_, spare_embeddings_;
};

using hilum::detail::AttemptLimit;

// One name for each direction, so that the exchange is written once for all operations.

inline Result<void> encode(std::string& out, Dialect const& dialect, GenerateText const& op) {
    return encode_chat(out, dialect, op);
}

inline Result<void> put(std::string& out, Result<std::string> body) {
    if (!body)
        return body.error();
    out = std::move(*body);
    return {};
}

inline Result<void> encode(std::string& out, Dialect const& dialect, Predict<> const& op) {
    return put(out, encode_predict(dialect, op));
}

inline Result<void> encode(std::string& out, Dialect const& dialect, Embed const& op) {
    return put(out, encode_embed(dialect, op));
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
