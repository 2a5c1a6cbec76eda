// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/uri.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::aws {

namespace detail {

inline bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

inline int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// `%XX` turned into its byte; a `%` that begins none stays.
inline std::string percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int const high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        int const low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low < 0) {
            out.push_back(text[i]);
        } else {
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        }
    }
    return out;
}

} // namespace detail

HILUM_DECL void append_percent_encoded(
    std::string& out, std::string_view bytes, bool keep_slashes
) {
    constexpr char hex[] = "0123456789ABCDEF";
    for (char const c : bytes) {
        if (detail::is_unreserved(c) || (c == '/' && keep_slashes)) {
            out.push_back(c);
            continue;
        }
        auto const u = static_cast<unsigned char>(c);
        char const text[] = {'%', hex[u >> 4], hex[u & 15]};
        out.append(text, sizeof text);
    }
}

HILUM_DECL std::string normalized_path(std::string_view path) {
    std::vector<std::string_view> segments;
    bool const ends_open = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    while (!path.empty()) {
        auto const end = std::min(path.find('/'), path.size());
        auto const segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment == ".." && !segments.empty())
            segments.pop_back();
        else if (!segment.empty() && segment != "." && segment != "..")
            segments.push_back(segment);
    }
    std::string out;
    for (auto const segment : segments)
        out.append(1, '/').append(segment);
    if (out.empty() || ends_open)
        out.push_back('/');
    return out;
}

HILUM_DECL std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const one = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (one.empty())
            continue;
        auto const equals = std::min(one.find('='), one.size());
        auto& [name, value] = parameters.emplace_back();
        append_percent_encoded(name, detail::percent_decoded(one.substr(0, equals)));
        append_percent_encoded(
            value, detail::percent_decoded(one.substr(std::min(equals + 1, one.size())))
        );
    }
    std::sort(parameters.begin(), parameters.end());
    std::string out;
    for (auto const& [name, value] : parameters) {
        if (!out.empty())
            out.push_back('&');
        out.append(name).append(1, '=').append(value);
    }
    return out;
}

} // namespace hilum::inline HILUM_ABI::aws
