// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/credentials.hpp>
#include <hilum/aws/signer.hpp>
#include <hilum/bedrock/codec.hpp>
#include <hilum/bedrock/config.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/result.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>

#include <memory>
#include <optional>
#include <string>

namespace hilum::inline HILUM_ABI::bedrock::detail {

/// What all calls of a service share, worked out once: headers that never change, the place of the
/// model, how bodies are written, and the signer with its key of the day.
class Prepared {
public:
    /// Throws `ConfigurationError`.
    explicit Prepared(BedrockConfig c);

    /// Whether requests are signed; a bearer token stands in `request` already.
    bool signs() const noexcept { return signer_.has_value(); }

    void sign(HttpRequest& to, aws::Credentials const& credentials, Clock::wall_time now) const {
        signer_->sign(to, credentials, now);
    }

    BedrockConfig config;
    std::string region; ///< empty where neither configuration nor endpoint name one
    Dialect dialect;
    HttpRequest request; ///< without body and signature
    Destination destination;

private:
    HttpRequest prepare() const;

    std::optional<aws::Signer> signer_;
};

// One name for each direction, so that the exchange is written once for all operations.

inline Result<std::string> encode(Dialect const& dialect, GenerateText const& op) {
    return encode_text(dialect, op);
}

inline Result<std::string> encode(Dialect const& dialect, Predict<> const& op) {
    return encode_predict(dialect, op);
}

inline Result<TextReply>
decode(Dialect const& dialect, HttpResponse const& response, GenerateText const&) {
    return decode_text(dialect, response);
}

inline Result<ModelResult>
decode(Dialect const& dialect, HttpResponse const& response, Predict<> const&) {
    return decode_predict(dialect, response);
}

} // namespace hilum::inline HILUM_ABI::bedrock::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/bedrock/impl/prepared.ipp>
#endif
