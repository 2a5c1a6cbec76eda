// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/rest.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// RFC 3986: the unreserved characters, and those of `also`, stay as they are.
inline void append_encoded(std::string& out, std::string_view text, std::string_view also) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos ||
                           also.find(c) != std::string_view::npos;
        if (plain) {
            out.push_back(c);
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out.push_back('%');
            out.push_back(digits[byte >> 4]);
            out.push_back(digits[byte & 15]);
        }
    }
}

inline bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        auto const end = std::min(path.find('/'), path.size());
        auto const segment = path.substr(0, end);
        if (segment == "." || segment == "..")
            return true;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

} // namespace detail

HILUM_DECL RestCall::RestCall(std::string_view path)
    : headers_(HttpMethod::get, std::make_shared<HttpOrigin const>(), "/") {
    if (!path.starts_with('/') && !path.empty())
        target_.push_back('/');
    detail::append_encoded(target_, path, "/!$&'()*+,;=:@");
    well_formed_ = !detail::has_dot_segment(path);
}

HILUM_DECL RestCall& RestCall::query(std::string_view name, std::string_view value) {
    target_.push_back(has_query_ ? '&' : '?');
    has_query_ = true;
    detail::append_encoded(target_, name, "");
    target_.push_back('=');
    detail::append_encoded(target_, value, "");
    return *this;
}

HILUM_DECL RestCall& RestCall::header(std::string_view name, std::string_view value) {
    headers_.header(name, value);
    return *this;
}

namespace detail {

HILUM_DECL std::string json_text(json::value const& body) { return json::serialize(body); }

/// The call's own headers, and those of JSON where it has none.
HILUM_DECL void add_rest_headers(HttpRequest& request, RestCall const& call, bool has_body) {
    std::string_view lines = call.header_lines();
    while (!lines.empty()) {
        auto const line = lines.substr(0, lines.find("\r\n"));
        auto const colon = line.find(": ");
        request.header(line.substr(0, colon), line.substr(colon + 2));
        lines.remove_prefix(line.size() + 2);
    }
    if (!request.find("accept"))
        request.header("Accept", "application/json");
    if (has_body && !request.find("content-type"))
        request.header("Content-Type", "application/json");
    if (request.target.empty() || request.target.front() != '/')
        request.target.insert(0, "/");
}

HILUM_DECL Result<json::value> read_rest_reply(HttpResponse const& reply, Clock::wall_time now) {
    if (reply.status >= 300)
        return status_error(reply, now);
    if (reply.body.empty())
        return json::value(nullptr);
    boost::system::error_code ec;
    auto value = json::parse(reply.body, ec);
    if (ec)
        return Error(errc::malformed_reply, "the reply isn't JSON").with_status(reply.status);
    return value;
}

} // namespace detail

} // namespace hilum::inline HILUM_ABI
