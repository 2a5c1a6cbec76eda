// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/credentials.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// AWS Signature Version 4 as pure functions: bytes in, bytes out, no clock, no socket, no state.
///
/// Source: "AWS Signature Version 4 for API requests", IAM User Guide; checked against the 38 cases
/// of aws-c-auth's signing test suite. `aws::Signer` does the same for requests to one service with
/// what can be kept between them.

namespace hilum::inline HILUM_ABI::aws {

/// A header line that is signed. The value may have surrounding and repeated spaces and folded
/// lines; the signature sees it trimmed.
struct SignedHeader {
    std::string_view name;
    std::string_view value;
};

/// One request as it travels: views of what the caller keeps. `headers` are those to be signed, in
/// any case and order, with `Host`, without `X-Amz-Date` and `X-Amz-Security-Token`.
struct SigningInput {
    std::string_view method;
    std::string_view path;  ///< percent-encoded as on the wire, beginning with '/'
    std::string_view query; ///< as on the wire, without '?'
    std::span<SignedHeader const> headers;
    std::string_view body;
};

/// For what a signature holds: "us-east-1" and "bedrock".
struct SigningScope {
    std::string_view region;
    std::string_view service;
};

/// How a service wants it; the defaults are right for all but S3.
struct SigningOptions {
    /// Drop empty, `.` and `..` segments of the path before it is signed.
    bool normalize_path = true;
    /// Encode the path of the wire once more: `%3A` is signed as `%253A`.
    bool encode_path = true;
    /// Sign `X-Amz-Content-Sha256` as a header.
    bool content_sha256_header = false;
    /// Send the session token unsigned.
    bool omit_session_token = false;
};

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

namespace detail {

/// "20150830T123600Z"; its first eight characters are the scope's date.
using AmzDate = std::array<char, 16>;

AmzDate amz_date(Clock::wall_time now) noexcept;

/// Appends method, path, query, headers, their names and the body's hash, as the hash is taken of
/// them. `headers` are lower-case names, sorted. `query` is canonical already.
void append_canonical_request(
    std::string& out,
    SigningInput const& input,
    std::string_view canonical_query,
    std::span<SignedHeader const> headers,
    std::string_view signed_names,
    std::string_view body_hash,
    SigningOptions const& options
);

} // namespace detail

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/sigv4.ipp>
#endif
