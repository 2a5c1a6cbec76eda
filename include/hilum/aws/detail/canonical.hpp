// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/detail/sha256.hpp>
#include <hilum/aws/signing_input.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/secret.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>

/// The steps of Signature Version 4, each appending to a string that its caller may use again.

namespace hilum::inline HILUM_ABI::aws::detail {

/// "20150830T123600Z"; its first eight characters are the scope's date.
using AmzDate = std::array<char, 16>;

AmzDate amz_date(Clock::wall_time now) noexcept;

inline std::string_view text(AmzDate const& date) noexcept { return {date.data(), date.size()}; }

inline std::string_view day(AmzDate const& date) noexcept { return text(date).substr(0, 8); }

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// "20150830/us-east-1/bedrock/aws4_request"
void append_scope(std::string& out, AmzDate const& date, SigningScope const& scope);

/// Method, path, query, headers, their names and the body's hash. `headers` have lower-case names
/// and are sorted by them, equal ones in the order of the request; `names` is their list.
void append_canonical_request(
    std::string& out,
    SigningInput const& input,
    std::string_view canonical_query,
    std::span<SignedHeader const> headers,
    std::string_view names,
    std::string_view body_hash,
    SigningOptions const& options
);

/// "content-type;host;x-amz-date", of sorted headers.
void append_names(std::string& out, std::span<SignedHeader const> headers);

void append_string_to_sign(
    std::string& out, AmzDate const& date, std::string_view scope, Digest const& canonical_hash
);

/// The key of one day, region and service, of which the secret can't be had back.
HmacKey signing_key(
    Sha256& hash, Secret const& secret, AmzDate const& date, SigningScope const& scope
);

/// "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature="; the digits follow.
void append_authorization(
    std::string& out, std::string_view access_key_id, std::string_view scope, std::string_view names
);

} // namespace hilum::inline HILUM_ABI::aws::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/canonical.ipp>
#endif
