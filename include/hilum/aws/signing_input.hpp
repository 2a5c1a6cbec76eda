// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <span>
#include <string_view>

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

} // namespace hilum::inline HILUM_ABI::aws
