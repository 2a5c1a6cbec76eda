// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A call opened a connection, rather than reusing one.
class ConnectionOpened {
public:
    static constexpr std::string_view name = "connection_opened";

    std::string_view host;
    bool tls = false;
    bool resumed = false;      ///< a TLS session was resumed
    Clock::duration connect{}; ///< name, TCP and TLS together

    auto fields() const {
        return std::array{
            EventField{"host", host},
            EventField{"tls", tls},
            EventField{"resumed", resumed},
            EventField{"connect_us", connect}};
    }
};

/// A connection at rest was found closed, or with bytes nobody asked for, before it was written to.
class ConnectionStale {
public:
    static constexpr std::string_view name = "connection_stale";

    std::string_view host;

    auto fields() const { return std::array{EventField{"host", host}}; }
};

/// A call found all connections to its origin in use and waited for one.
class ConnectionAwaited {
public:
    static constexpr std::string_view name = "connection_awaited";

    std::string_view host;
    Clock::duration waited{};

    auto fields() const {
        return std::array{EventField{"host", host}, EventField{"waited_us", waited}};
    }
};

/// An idempotent request was sent again because a reused connection broke before the reply began.
class RequestResent {
public:
    static constexpr std::string_view name = "request_resent";

    std::string_view host;

    auto fields() const { return std::array{EventField{"host", host}}; }
};

} // namespace hilum::inline HILUM_ABI
