// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/http/message.hpp>
#include <hilum/http/resolver.hpp>
#include <hilum/http/response_reader.hpp>
#include <hilum/http/tls_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// How a client connects, waits, trusts and bounds. The defaults are meant to be used.
///
/// @code
/// BeastHttpClient client(io, HttpClientOptions().timeout(20s).max_connections(16));
/// @endcode
///
/// A value that can't work throws `ConfigurationError`, which names the setting.
class HttpClientOptions {
public:
    using duration = Clock::duration;

    HttpClientOptions() = default;

    /// Longest time for a request, from `send` to the whole reply, when the call has no sooner
    /// deadline. 30 s.
    HttpClientOptions& timeout(duration limit) { return set(timeout_, limit, "timeout"); }

    /// Longest time to resolve, connect and make TLS. 10 s.
    HttpClientOptions& connect_timeout(duration limit) {
        return set(connect_timeout_, limit, "connect_timeout");
    }

    /// Longest time for the TLS handshake, a part of the former. 10 s.
    HttpClientOptions& tls_timeout(duration limit) {
        return set(tls_timeout_, limit, "tls_timeout");
    }

    /// Longest silence before the reply begins. No limit of its own: a model may think long.
    HttpClientOptions& first_byte_timeout(duration limit) {
        return set(first_byte_timeout_, limit, "first_byte_timeout");
    }

    /// Longest silence between two parts of a reply. 30 s.
    HttpClientOptions& idle_timeout(duration limit) {
        return set(idle_timeout_, limit, "idle_timeout");
    }

    /// How long a connection may rest and still be used again. The server's own word, less a
    /// second, holds if it is shorter. 30 s.
    HttpClientOptions& keep_alive(duration limit) { return set(keep_alive_, limit, "keep_alive"); }

    /// Connections to one origin; who finds them all in use waits for one, in order. 64.
    HttpClientOptions& max_connections(std::size_t most) {
        if (most == 0)
            throw ConfigurationError("max_connections", "must be at least 1");
        max_connections_ = most;
        return *this;
    }

    HttpClientOptions& limits(HttpLimits bounds) {
        if (bounds.header_bytes < 64)
            throw ConfigurationError("limits.header_bytes", "must be at least 64");
        limits_ = bounds;
        return *this;
    }

    HttpClientOptions& tls(TlsOptions options) {
        tls_ = std::move(options);
        return *this;
    }

    /// Allows plain HTTP to this host (a name or an address). Without, only to loopback.
    HttpClientOptions& allow_plain_http(std::string host) {
        if (host.empty() || host.find_first_of("/*@ ") != std::string::npos)
            throw ConfigurationError("allow_plain_http", "takes one host name or address");
        for (char& c : host)
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c + ('a' - 'A'));
        plain_hosts_.push_back(std::move(host));
        return *this;
    }

    /// What goes into `User-Agent` when the request has none; empty for nothing.
    HttpClientOptions& user_agent(std::string name) {
        if (std::any_of(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }))
            throw ConfigurationError("user_agent", "holds a character that no header may hold");
        user_agent_ = std::move(name);
        return *this;
    }

    /// Who turns names into addresses; `SystemResolver` unless given.
    HttpClientOptions& resolver(AnyResolver with) {
        resolver_ = std::move(with);
        return *this;
    }

    duration timeout() const noexcept { return timeout_; }

    duration connect_timeout() const noexcept { return connect_timeout_; }

    duration tls_timeout() const noexcept { return tls_timeout_; }

    duration first_byte_timeout() const noexcept { return first_byte_timeout_; }

    duration idle_timeout() const noexcept { return idle_timeout_; }

    duration keep_alive() const noexcept { return keep_alive_; }

    std::size_t max_connections() const noexcept { return max_connections_; }

    HttpLimits const& limits() const noexcept { return limits_; }

    TlsOptions const& tls() const noexcept { return tls_; }

    std::string const& user_agent() const noexcept { return user_agent_; }

    AnyResolver const& resolver() const noexcept { return resolver_; }

    /// Whether this origin may be spoken to without or with TLS.
    bool allows(HttpOrigin const& origin) const noexcept {
        return origin.tls || origin.is_loopback() ||
               std::find(plain_hosts_.begin(), plain_hosts_.end(), origin.host) !=
                   plain_hosts_.end();
    }

private:
    HttpClientOptions& set(duration& field, duration limit, char const* name) {
        if (limit <= duration::zero())
            throw ConfigurationError(name, "must be longer than nothing");
        field = limit;
        return *this;
    }

    duration timeout_ = std::chrono::seconds(30);
    duration connect_timeout_ = std::chrono::seconds(10);
    duration tls_timeout_ = std::chrono::seconds(10);
    duration first_byte_timeout_ = duration::max();
    duration idle_timeout_ = std::chrono::seconds(30);
    duration keep_alive_ = std::chrono::seconds(30);
    std::size_t max_connections_ = 64;
    HttpLimits limits_;
    TlsOptions tls_;
    std::vector<std::string> plain_hosts_;
    std::string user_agent_ = "hilum/" HILUM_VERSION_STRING;
    AnyResolver resolver_;
};

} // namespace hilum::inline HILUM_ABI
