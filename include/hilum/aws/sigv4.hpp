// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/credentials.hpp>
#include <hilum/aws/signing_input.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

/// AWS Signature Version 4 as pure functions: bytes in, bytes out, no clock, no socket, no state.
///
/// Source: "AWS Signature Version 4 for API requests", IAM User Guide; checked against the 38 cases
/// of aws-c-auth's signing test suite. `aws::Signer` does the same for requests to one service with
/// what can be kept between them.

namespace hilum::inline HILUM_ABI::aws {

/// What has to be added to a request, and how it came about. It holds the session token, if there
/// is one, in `headers` or `query` and in `canonical_request`: nothing for a log.
class Signature {
public:
    Signature() = default;

    std::string canonical_request;
    std::string string_to_sign;
    std::string hex; ///< the signature itself, 64 digits
    /// Lines to add, when a header carries the signature.
    std::vector<std::pair<std::string, std::string>> headers;
    /// The whole query to send, when the query carries it.
    std::string query;
};

/// Signs in the `Authorization` header.
Signature sign_headers(
    SigningInput const& input,
    Credentials const& credentials,
    SigningScope const& scope,
    Clock::wall_time now,
    SigningOptions const& options = {}
);

/// Signs in the query: a URL that whoever holds it may use until `expires` after `now`. The body of
/// a request with one is signed too.
Signature sign_query(
    SigningInput const& input,
    Credentials const& credentials,
    SigningScope const& scope,
    Clock::wall_time now,
    std::chrono::seconds expires,
    SigningOptions const& options = {}
);

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/sigv4.ipp>
#endif
