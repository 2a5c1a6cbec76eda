// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Scheme, host and port: what connections are pooled by and certificates are checked against.
///
/// @code
/// auto origin = HttpOrigin::parse("https://api.openai.com/v1").value();
/// origin.base_path;                 // "/v1"
/// @endcode
class HttpOrigin {
public:
    HttpOrigin() = default;

    /// Parses a base URL: `http` or `https`, a host, perhaps a port and a path. User info, query
    /// and fragment are errors, as are control characters. The error never repeats the URL.
    static Result<HttpOrigin> parse(std::string_view url);

    bool tls = true;
    std::string host; ///< lower case; an IPv6 literal without brackets
    std::uint16_t port = 443;
    std::string base_path; ///< "" or "/v1": no slash at the end

    /// What goes into `Host`: the port only where it isn't the scheme's own.
    std::string host_header() const;
    /// "https://api.openai.com:443": the key of pools and records.
    std::string key() const;
    /// Whether the host is a loopback address or "localhost".
    bool is_loopback() const noexcept;
};

enum class HttpMethod : std::uint8_t { get, head, post, put, patch, del };

char const* to_string(HttpMethod method) noexcept;

/// GET, HEAD, PUT and DELETE may be sent again when nobody knows whether they took effect (RFC
/// 9110, 9.2.2).
inline bool is_idempotent(HttpMethod m) noexcept {
    return m != HttpMethod::post && m != HttpMethod::patch;
}

/// One request: method, origin, path with query, header lines and body.
///
/// @code
/// HttpRequest request(HttpMethod::post, origin, "/v1/chat/completions");
/// request.header("Content-Type", "application/json").header("Authorization", "Bearer " + key);
/// request.body = std::move(json);
/// @endcode
///
/// `Host`, `Content-Length` and `Connection` are the client's own business. A CR, LF or NUL in a
/// name, value or target makes the request invalid; the client refuses it with
/// `errc::invalid_request`.
class HttpRequest {
public:
    HttpRequest(HttpMethod m, std::shared_ptr<HttpOrigin const> o, std::string target_)
        : method(m), origin(std::move(o)), target(std::move(target_)) {}

    HttpRequest& header(std::string_view name, std::string_view value);

    /// Makes room for that many more bytes of header lines at once.
    void reserve_header_lines(std::size_t bytes) { lines_.reserve(lines_.size() + bytes); }

    /// The first header of that name (in any case).
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    /// All lines as they go out, "Name: value\r\n" each.
    std::string const& header_lines() const noexcept { return lines_; }

    /// False when a name, a value or the target holds what could end a line.
    bool well_formed() const noexcept;

    HttpMethod method;
    std::shared_ptr<HttpOrigin const> origin;
    std::string target; ///< path and query, percent-encoded, beginning with '/'
    std::string body;

private:
    std::string lines_;
    bool well_formed_ = true;
};

/// One complete reply.
class HttpResponse {
public:
    HttpResponse() = default;

    HttpResponse(unsigned status_, std::string body_) : status(status_), body(std::move(body_)) {}

    HttpResponse& header(std::string_view name, std::string_view value);
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    std::string const& header_lines() const noexcept { return lines_; }

    /// Room for the lines of a reply, for clients that fill it in while they parse.
    std::string& header_lines() noexcept { return lines_; }

    unsigned status = 0;
    std::string body;

private:
    std::string lines_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/message.ipp>
#endif
