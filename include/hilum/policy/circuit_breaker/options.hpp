// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>

#include <chrono>
#include <string>

namespace hilum::inline HILUM_ABI {

/// When a circuit breaker opens, for how long, and how it finds back.
///
/// @code
/// CircuitBreakerOptions{.failures = 3, .open_for = 60s}
/// CircuitBreakerOptions{.failure_rate = 0.5, .minimum_calls = 20, .window = 60s}
/// @endcode
///
/// Counting failures in a row works at any traffic; a rate alone never trips at a few calls a
/// minute, so both may be on at once, and the first is by default.
struct CircuitBreakerOptions {
    /// Opens after this many failures in a row, 1 to 65535; 0: failures in a row don't open it.
    int failures = 5;
    /// How long calls are refused before one may try again; 1 ms to 30 days.
    Clock::duration open_for = std::chrono::seconds(30);

    /// Opens when this part of the calls of the last `window` failed, above 0 to 1; 0: the rate is
    /// not looked at. It is judged at each failure, so that a success never opens a circuit.
    double failure_rate = 0;
    /// ... and at least this many were made, 1 to 1000.
    int minimum_calls = 20;
    /// 1 s to 1 day, kept in ten slices.
    Clock::duration window = std::chrono::seconds(60);

    /// How many calls may be on their way at once while half-open, 1 to 15.
    int half_open_permits = 1;
    /// How many of them have to succeed before it closes, 1 to 15.
    int half_open_successes = 1;
    /// When a probe has not come back after this time its permit is given to another, and its
    /// result counts no more. Longer than an attempt may take; 1 ms to 1 day.
    Clock::duration probe_lease = std::chrono::seconds(60);
};

/// Throws `ConfigurationError` for what can't work, and names the field.
inline void validate(CircuitBreakerOptions const& options) {
    using namespace std::chrono_literals;
    auto const demand = [](bool holds, char const* field, char const* what) {
        if (!holds)
            throw ConfigurationError(std::string("circuit_breaker.") + field, what);
    };
    auto const& o = options;
    demand(o.failures >= 0 && o.failures <= 65535, "failures", "must be 0 to 65535");
    demand(
        o.failure_rate >= 0 && o.failure_rate <= 1, "failure_rate", "must be 0 (off) to 1"
    ); // refuses NaN too
    demand(
        o.failures > 0 || o.failure_rate > 0,
        "failures",
        "neither failures in a row nor a failure rate: it could never open"
    );
    demand(o.open_for >= 1ms && o.open_for <= 720h, "open_for", "must be 1 ms to 30 days");
    demand(o.minimum_calls >= 1 && o.minimum_calls <= 1000, "minimum_calls", "must be 1 to 1000");
    demand(o.window >= 1s && o.window <= 24h, "window", "must be 1 s to 1 day");
    demand(
        o.half_open_permits >= 1 && o.half_open_permits <= 15,
        "half_open_permits",
        "must be 1 to 15"
    );
    demand(
        o.half_open_successes >= 1 && o.half_open_successes <= 15,
        "half_open_successes",
        "must be 1 to 15"
    );
    demand(o.probe_lease >= 1ms && o.probe_lease <= 24h, "probe_lease", "must be 1 ms to 1 day");
}

} // namespace hilum::inline HILUM_ABI
