// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/message.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <charconv>

namespace hilum::inline HILUM_ABI {

namespace detail {

inline char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline bool iequals(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return lower(x) == lower(y);
           });
}

/// RFC 9110, 5.6.2: the characters of a field name.
inline bool is_token(std::string_view s) noexcept {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

inline bool is_field_value(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) {
        auto const u = static_cast<unsigned char>(c);
        return u == '\t' || (u >= 0x20 && u != 0x7f);
    });
}

inline std::optional<std::string_view> find_line(
    std::string_view lines, std::string_view name
) noexcept {
    while (!lines.empty()) {
        auto const end = std::min(lines.find("\r\n"), lines.size());
        auto const line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 2, lines.size()));
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !iequals(line.substr(0, colon), name))
            continue;
        auto value = line.substr(colon + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
            value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        return value;
    }
    return std::nullopt;
}

} // namespace detail

HILUM_DECL Result<HttpOrigin> HttpOrigin::parse(std::string_view url) {
    auto const bad = [](std::string_view why) { return Error(errc::invalid_configuration, why); };
    HttpOrigin out;
    auto const scheme = url.substr(0, std::min(url.find("://"), url.size()));
    if (detail::iequals(scheme, "https"))
        out.port = 443;
    else if (detail::iequals(scheme, "http"))
        out.tls = false, out.port = 80;
    else
        return bad("a base URL begins with http:// or https://");
    url.remove_prefix(scheme.size() + 3);
    if (!std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
        return bad("a base URL holds printable ASCII only");
    auto authority = url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
    auto path = url.substr(authority.size());
    if (path.find_first_of("?#") != std::string_view::npos)
        return bad("a base URL has no query and no fragment");
    if (authority.find('@') != std::string_view::npos)
        return bad("a base URL has no user info");
    auto host = authority;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == std::string_view::npos)
            return bad("the IPv6 address of a base URL has no closing bracket");
        host = authority.substr(1, close - 1);
        authority.remove_prefix(close + 1);
    } else {
        host = authority.substr(0, std::min(authority.find(':'), authority.size()));
        authority.remove_prefix(host.size());
    }
    if (host.empty() || host.size() > 255)
        return bad("a base URL needs a host");
    auto const is_host_char = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == ':';
    };
    if (!std::all_of(host.begin(), host.end(), is_host_char))
        return bad("the host of a base URL holds a character that no host name has");
    if (!authority.empty()) {
        unsigned port = 0;
        auto const digits = authority.substr(1);
        auto const [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (authority[0] != ':' || ec != std::errc() || end != digits.data() + digits.size() ||
            port == 0 || port > 65535)
            return bad("the port of a base URL is a number from 1 to 65535");
        out.port = static_cast<std::uint16_t>(port);
    }
    out.host.assign(host);
    std::transform(out.host.begin(), out.host.end(), out.host.begin(), detail::lower);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    out.base_path.assign(path);
    return out;
}

HILUM_DECL std::string HttpOrigin::host_header() const {
    std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (tls ? 443 : 80))
        out.append(":").append(std::to_string(port));
    return out;
}

HILUM_DECL std::string HttpOrigin::key() const {
    return (tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

HILUM_DECL bool HttpOrigin::is_loopback() const noexcept {
    if (host == "localhost" || host == "::1")
        return true;
    // 127.0.0.0/8, as four plain decimal numbers: anything else is a name.
    if (!host.starts_with("127."))
        return false;
    int dots = 0;
    for (char const c : host) {
        if (c == '.')
            ++dots;
        else if (c < '0' || c > '9')
            return false;
    }
    return dots == 3;
}

HILUM_DECL char const* to_string(HttpMethod method) noexcept {
    switch (method) {
    case HttpMethod::get:
        return "GET";
    case HttpMethod::head:
        return "HEAD";
    case HttpMethod::post:
        return "POST";
    case HttpMethod::put:
        return "PUT";
    case HttpMethod::patch:
        return "PATCH";
    case HttpMethod::del:
        return "DELETE";
    }
    return "GET";
}

HILUM_DECL HttpRequest& HttpRequest::header(std::string_view name, std::string_view value) {
    if (!detail::is_token(name) || !detail::is_field_value(value)) {
        well_formed_ = false;
        return *this;
    }
    lines_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

HILUM_DECL std::optional<std::string_view> HttpRequest::find(std::string_view name) const noexcept {
    return detail::find_line(lines_, name);
}

HILUM_DECL bool HttpRequest::well_formed() const noexcept {
    return well_formed_ && origin && target.starts_with('/') &&
           std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

HILUM_DECL HttpResponse& HttpResponse::header(std::string_view name, std::string_view value) {
    lines_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

HILUM_DECL std::optional<std::string_view> HttpResponse::find(std::string_view name
) const noexcept {
    return detail::find_line(lines_, name);
}

} // namespace hilum::inline HILUM_ABI
