// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/detail/canonical.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/uri.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace hilum::inline HILUM_ABI::aws::detail {

HILUM_DECL AmzDate amz_date(Clock::wall_time now) noexcept {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
    auto const days = std::chrono::floor<std::chrono::days>(seconds);
    std::chrono::year_month_day const date(days);
    std::chrono::hh_mm_ss const time(seconds - days);
    AmzDate out{'0', '0', '0', '0', '0', '0', '0', '0', 'T', '0', '0', '0', '0', '0', '0', 'Z'};
    auto const put = [&out](std::size_t at, auto count, std::size_t digits) {
        auto value = static_cast<unsigned>(count);
        for (std::size_t i = digits; i-- > 0; value /= 10)
            out[at + i] = static_cast<char>('0' + value % 10);
    };
    put(0, static_cast<int>(date.year()), 4);
    put(4, static_cast<unsigned>(date.month()), 2);
    put(6, static_cast<unsigned>(date.day()), 2);
    put(9, time.hours().count(), 2);
    put(11, time.minutes().count(), 2);
    put(13, time.seconds().count(), 2);
    return out;
}

HILUM_DECL void append_scope(std::string& out, AmzDate const& date, SigningScope const& scope) {
    out.append(day(date)).append(1, '/').append(scope.region).append(1, '/');
    out.append(scope.service).append("/aws4_request");
}

/// Without surrounding spaces, and with one where the header had several or a folded line.
inline void append_trimmed(std::string& out, std::string_view value) {
    auto const space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    bool first = true;
    for (auto at = value.begin(); at != value.end();) {
        auto const begin = std::find_if_not(at, value.end(), space);
        at = std::find_if(begin, value.end(), space); // a session token is one long word
        if (begin == at)
            return;
        if (!first)
            out.push_back(' ');
        first = false;
        out.append(begin, at);
    }
}

inline void append_canonical_path(
    std::string& out, std::string_view path, SigningOptions const& options
) {
    std::string normalized;
    // "/." begins every segment that has to go; that it may begin ".well-known" costs only time.
    if (options.normalize_path && (path.find("//") != path.npos || path.find("/.") != path.npos)) {
        normalized = normalized_path(path);
        path = normalized;
    }
    if (path.empty())
        path = "/";
    if (options.encode_path)
        append_percent_encoded(out, path, true);
    else
        out.append(path);
}

HILUM_DECL void append_canonical_request(
    std::string& out,
    SigningInput const& input,
    std::string_view canonical_query,
    std::span<SignedHeader const> headers,
    std::string_view names,
    std::string_view body_hash,
    SigningOptions const& options
) {
    out.append(input.method).append(1, '\n');
    append_canonical_path(out, input.path, options);
    out.append(1, '\n').append(canonical_query).append(1, '\n');
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i != 0 && headers[i].name == headers[i - 1].name)
            out.back() = ',';
        else
            out.append(headers[i].name).append(1, ':');
        append_trimmed(out, headers[i].value);
        out.push_back('\n');
    }
    out.append(1, '\n').append(names).append(1, '\n').append(body_hash);
}

HILUM_DECL void append_names(std::string& out, std::span<SignedHeader const> headers) {
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i != 0 && headers[i].name == headers[i - 1].name)
            continue;
        if (i != 0)
            out.push_back(';');
        out.append(headers[i].name);
    }
}

HILUM_DECL void append_string_to_sign(
    std::string& out, AmzDate const& date, std::string_view scope, Digest const& canonical_hash
) {
    out.append(algorithm).append(1, '\n').append(text(date)).append(1, '\n');
    out.append(scope).append(1, '\n');
    append_hex(out, canonical_hash);
}

HILUM_DECL HmacKey
signing_key(Sha256& hash, Secret const& secret, AmzDate const& date, SigningScope const& scope) {
    std::string first;
    first.reserve(4 + secret.size()); // so that no other copy is left behind
    first.append("AWS4").append(secret.reveal());
    HmacKey key(hash, first);
    hilum::detail::wipe(first.data(), first.size());
    for (std::string_view const step :
         {day(date), scope.region, scope.service, std::string_view("aws4_request")}) {
        auto derived = key.sign(hash, step);
        key = HmacKey(hash, bytes(derived));
        hilum::detail::wipe(derived.data(), derived.size());
    }
    return key;
}

HILUM_DECL void append_authorization(
    std::string& out, std::string_view access_key_id, std::string_view scope, std::string_view names
) {
    out.append(algorithm).append(" Credential=").append(access_key_id).append(1, '/').append(scope);
    out.append(", SignedHeaders=").append(names).append(", Signature=");
}

} // namespace hilum::inline HILUM_ABI::aws::detail
