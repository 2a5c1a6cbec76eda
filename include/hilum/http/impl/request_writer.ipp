// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/request_writer.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// What the headers of a request say about those that the client writes itself.
struct RequestHeaders {
    bool framing = false;
    bool user_agent = false;
};

inline RequestHeaders inspect_headers(std::string_view lines) noexcept {
    RequestHeaders seen;
    while (!lines.empty()) {
        auto const name = lines.substr(0, std::min(lines.find(':'), lines.size()));
        // Most names are told apart by their first letter.
        switch (lower(name.empty() ? '\0' : name.front())) {
        case 'c':
            seen.framing |= iequals(name, "content-length") || iequals(name, "connection");
            break;
        case 'e':
            seen.framing |= iequals(name, "expect");
            break;
        case 'h':
            seen.framing |= iequals(name, "host");
            break;
        case 'k':
            seen.framing |= iequals(name, "keep-alive");
            break;
        case 'p':
            seen.framing |= iequals(name, "proxy-connection");
            break;
        case 't':
            seen.framing |= iequals(name, "transfer-encoding") || iequals(name, "te") ||
                            iequals(name, "trailer");
            break;
        case 'u':
            seen.framing |= iequals(name, "upgrade");
            seen.user_agent |= iequals(name, "user-agent");
            break;
        default:
            break;
        }
        auto const end = lines.find('\n');
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return seen;
}

inline void append_number(std::string& out, std::uint64_t n) {
    char digits[20];
    auto const written = std::to_chars(digits, digits + sizeof digits, n);
    out.append(digits, written.ptr);
}

inline void append_host(std::string& out, HttpOrigin const& origin) {
    bool const v6 = origin.host.find(':') != std::string::npos;
    if (v6)
        out.push_back('[');
    out.append(origin.host);
    if (v6)
        out.push_back(']');
    if (origin.port != (origin.tls ? 443 : 80)) {
        out.push_back(':');
        append_number(out, origin.port);
    }
}

} // namespace detail

HILUM_DECL std::string_view write_request(
    std::string& out, HttpRequest const& request, std::string_view user_agent
) {
    if (!request.well_formed())
        return "the request's target or one of its headers holds a character that may not be sent";
    auto const seen = detail::inspect_headers(request.header_lines());
    if (seen.framing)
        return "the request sets a header that frames the message, which the client does itself";
    if (seen.user_agent)
        user_agent = {};
    bool const has_length = !request.body.empty() || request.method == HttpMethod::post ||
                            request.method == HttpMethod::put ||
                            request.method == HttpMethod::patch;

    constexpr std::size_t fixed_words = 96;
    out.clear();
    out.reserve(
        fixed_words + request.target.size() + request.origin->host.size() + user_agent.size() +
        request.header_lines().size() + request.body.size()
    );
    out.append(to_string(request.method)).append(" ").append(request.target);
    out.append(" HTTP/1.1\r\nHost: ");
    detail::append_host(out, *request.origin);
    out.append("\r\n");
    if (!user_agent.empty())
        out.append("User-Agent: ").append(user_agent).append("\r\n");
    out.append(request.header_lines());
    if (has_length) {
        out.append("Content-Length: ");
        detail::append_number(out, request.body.size());
        out.append("\r\n");
    }
    out.append("\r\n").append(request.body);
    return {};
}

} // namespace hilum::inline HILUM_ABI
