// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/signer.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/detail/canonical.hpp>
#include <hilum/aws/detail/sha256.hpp>
#include <hilum/aws/region.hpp>
#include <hilum/aws/uri.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::aws {

/// What one signature at a time needs.
struct Signer::Workspace {
    detail::Sha256 hash;
    /// The key that was derived last, for whom and for which day.
    detail::HmacKey key;
    Credentials credentials;
    detail::AmzDate key_date{};
    std::string scope, canonical, names, lower, digits, line;
    std::vector<SignedHeader> headers;
};

struct Signer::Shared {
    Shared(std::string r, std::string s, SigningOptions o)
        : region(std::move(r)), service(std::move(s)), options(o) {}

    std::unique_ptr<Workspace> take() {
        {
            std::lock_guard const lock(mutex);
            if (!idle.empty()) {
                auto out = std::move(idle.back());
                idle.pop_back();
                return out;
            }
        }
        return std::make_unique<Workspace>();
    }

    void give_back(std::unique_ptr<Workspace> workspace) {
        std::lock_guard const lock(mutex);
        idle.push_back(std::move(workspace));
    }

    std::string const region, service;
    SigningOptions const options;
    std::mutex mutex;
    std::vector<std::unique_ptr<Workspace>> idle;
};

HILUM_DECL Signer::Signer(std::string region, std::string service, SigningOptions options) {
    check_region(region);
    shared_ = std::make_shared<Shared>(std::move(region), std::move(service), options);
}

HILUM_DECL std::string const& Signer::region() const noexcept { return shared_->region; }

namespace detail {

/// Puts a header in its place by name; a few at most, and no memory as `std::stable_sort` takes it.
inline void insert_sorted(std::vector<SignedHeader>& headers, SignedHeader const& header) {
    auto const place = std::upper_bound(
        headers.begin(),
        headers.end(),
        header,
        [](SignedHeader const& a, SignedHeader const& b) { return a.name < b.name; }
    );
    headers.insert(place, header);
}

/// Takes the lines that are signed out of "Name: value\r\n..."; their names, in lower case, are
/// views of `lower`.
inline void collect_headers(
    std::vector<SignedHeader>& out, std::string& lower, std::string_view lines
) {
    lower.clear();
    lower.reserve(lines.size()); // so that it stays where it is
    while (!lines.empty()) {
        auto const end = std::min(lines.find("\r\n"), lines.size());
        auto const line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 2, lines.size()));
        auto const colon = std::min(line.find(':'), line.size());
        auto const begin = lower.size();
        for (char const c : line.substr(0, colon))
            lower.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
        auto const name = std::string_view(lower).substr(begin);
        if (name == "content-type" || name.starts_with("x-amz"))
            insert_sorted(out, {name, line.substr(std::min(colon + 1, line.size()))});
    }
}

} // namespace detail

HILUM_DECL void Signer::sign(
    HttpRequest& request, Credentials const& credentials, Clock::wall_time now
) const {
    auto const date = detail::amz_date(now);
    auto const token = credentials.session_token().reveal();
    SigningScope const scope{shared_->region, shared_->service};
    auto const& origin = *request.origin;
    bool const plain_host =
        origin.port == (origin.tls ? 443 : 80) && origin.host.find(':') == std::string::npos;
    std::string const full_host = plain_host ? std::string() : origin.host_header();

    auto workspace = shared_->take();
    auto& w = *workspace;
    for (auto* text : {&w.scope, &w.canonical, &w.names, &w.digits, &w.line})
        text->clear();
    w.headers.clear();

    detail::append_scope(w.scope, date, scope);
    detail::append_hex(w.digits, w.hash.digest(request.body));
    constexpr std::size_t room = 512; // more than all lines but the token's need
    request.reserve_header_lines(room + token.size());
    request.header("X-Amz-Date", detail::text(date));
    if (shared_->options.content_sha256_header)
        request.header("X-Amz-Content-Sha256", w.digits);
    if (!token.empty() && !shared_->options.omit_session_token)
        request.header("X-Amz-Security-Token", token);
    detail::collect_headers(w.headers, w.lower, request.header_lines());
    detail::insert_sorted(
        w.headers, {"host", plain_host ? std::string_view(origin.host) : full_host}
    );
    detail::append_names(w.names, w.headers);

    std::string_view const target = request.target;
    auto const question = std::min(target.find('?'), target.size());
    auto const query = target.substr(std::min(question + 1, target.size()));
    SigningInput const input{
        to_string(request.method), target.substr(0, question), query, {}, request.body};
    detail::append_canonical_request(
        w.canonical,
        input,
        query.empty() ? std::string() : canonical_query(query),
        w.headers,
        w.names,
        w.digits,
        shared_->options
    );
    auto const canonical_hash = w.hash.digest(w.canonical);
    w.canonical.clear();
    detail::append_string_to_sign(w.canonical, date, w.scope, canonical_hash);

    w.digits.clear();
    if (detail::day(w.key_date) != detail::day(date) || !(w.credentials == credentials)) {
        w.key = detail::signing_key(w.hash, credentials.secret_access_key(), date, scope);
        w.credentials = credentials;
        w.key_date = date;
    }
    detail::append_hex(w.digits, w.key.sign(w.hash, w.canonical));
    detail::append_authorization(w.line, credentials.access_key_id(), w.scope, w.names);
    w.line.append(w.digits);
    request.header("Authorization", w.line);
    if (!token.empty() && shared_->options.omit_session_token)
        request.header("X-Amz-Security-Token", token);
    shared_->give_back(std::move(workspace));
}

} // namespace hilum::inline HILUM_ABI::aws
