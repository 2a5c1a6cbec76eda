// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/sigv4.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/detail/canonical.hpp>
#include <hilum/aws/uri.hpp>

#include <algorithm>
#include <vector>

namespace hilum::inline HILUM_ABI::aws {

namespace detail {

/// Headers with lower-case names, sorted; keeps the names that it had to write.
class SortedHeaders {
public:
    explicit SortedHeaders(std::span<SignedHeader const> headers) {
        for (auto const& header : headers)
            add(header.name, header.value);
    }

    void add(std::string_view name, std::string_view value) {
        std::string lower(name);
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c + 32);
        owned_.emplace_back(std::move(lower), std::string(value));
    }

    std::vector<SignedHeader> sorted() {
        std::stable_sort(owned_.begin(), owned_.end(), [](auto const& a, auto const& b) {
            return a.first < b.first;
        });
        std::vector<SignedHeader> out;
        for (auto const& [name, value] : owned_)
            out.push_back({name, value});
        return out;
    }

private:
    std::vector<std::pair<std::string, std::string>> owned_;
};

inline void finish(
    Signature& out,
    Sha256& hash,
    Credentials const& credentials,
    AmzDate const& date,
    SigningScope const& scope,
    std::string_view scope_text
) {
    append_string_to_sign(out.string_to_sign, date, scope_text, hash.digest(out.canonical_request));
    auto const key = signing_key(hash, credentials.secret_access_key(), date, scope);
    append_hex(out.hex, key.sign(hash, out.string_to_sign));
}

} // namespace detail

HILUM_DECL Signature sign_headers(
    SigningInput const& input,
    Credentials const& credentials,
    SigningScope const& scope,
    Clock::wall_time now,
    SigningOptions const& options
) {
    detail::Sha256 hash;
    auto const date = detail::amz_date(now);
    std::string body_hash;
    detail::append_hex(body_hash, hash.digest(input.body));
    std::string scope_text;
    detail::append_scope(scope_text, date, scope);

    Signature out;
    auto const token = credentials.session_token().reveal();
    out.headers.emplace_back("X-Amz-Date", detail::text(date));
    if (options.content_sha256_header)
        out.headers.emplace_back("X-Amz-Content-Sha256", body_hash);
    if (!token.empty())
        out.headers.emplace_back("X-Amz-Security-Token", token);

    detail::SortedHeaders headers(input.headers);
    for (auto const& [name, value] : out.headers)
        if (!options.omit_session_token || name != "X-Amz-Security-Token")
            headers.add(name, value);
    auto const sorted = headers.sorted();
    std::string names;
    detail::append_names(names, sorted);
    detail::append_canonical_request(
        out.canonical_request,
        input,
        canonical_query(input.query),
        sorted,
        names,
        body_hash,
        options
    );
    detail::finish(out, hash, credentials, date, scope, scope_text);

    std::string authorization;
    detail::append_authorization(authorization, credentials.access_key_id(), scope_text, names);
    out.headers.emplace_back("Authorization", authorization + out.hex);
    return out;
}

HILUM_DECL Signature sign_query(
    SigningInput const& input,
    Credentials const& credentials,
    SigningScope const& scope,
    Clock::wall_time now,
    std::chrono::seconds expires,
    SigningOptions const& options
) {
    detail::Sha256 hash;
    auto const date = detail::amz_date(now);
    std::string body_hash;
    detail::append_hex(body_hash, hash.digest(input.body));
    std::string scope_text;
    detail::append_scope(scope_text, date, scope);
    detail::SortedHeaders headers(input.headers);
    auto const sorted = headers.sorted();
    std::string names;
    detail::append_names(names, sorted);

    Signature out;
    out.query = input.query;
    auto const add = [&out](std::string_view name, std::string_view value) {
        if (!out.query.empty())
            out.query.push_back('&');
        out.query.append(name).append(1, '=');
        append_percent_encoded(out.query, value);
    };
    auto const token = credentials.session_token().reveal();
    add("X-Amz-Algorithm", detail::algorithm);
    add("X-Amz-Credential", credentials.access_key_id() + "/" + scope_text);
    add("X-Amz-Date", detail::text(date));
    add("X-Amz-SignedHeaders", names);
    add("X-Amz-Expires", std::to_string(expires.count()));
    if (!token.empty() && !options.omit_session_token)
        add("X-Amz-Security-Token", token);
    detail::append_canonical_request(
        out.canonical_request, input, canonical_query(out.query), sorted, names, body_hash, options
    );
    detail::finish(out, hash, credentials, date, scope, scope_text);
    if (!token.empty() && options.omit_session_token)
        add("X-Amz-Security-Token", token);
    add("X-Amz-Signature", out.hex);
    return out;
}

} // namespace hilum::inline HILUM_ABI::aws
