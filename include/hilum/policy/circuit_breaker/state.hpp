// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cstdint>

namespace hilum::inline HILUM_ABI {

/// What a circuit breaker does with calls.
enum class CircuitState : std::uint8_t {
    closed,    ///< lets them pass
    open,      ///< refuses them until its time is over
    half_open, ///< lets a few pass, to see
    isolated,  ///< refuses them until `reset()`
};

constexpr char const* to_string(CircuitState state) noexcept {
    switch (state) {
    case CircuitState::closed:
        return "closed";
    case CircuitState::open:
        return "open";
    case CircuitState::half_open:
        return "half_open";
    case CircuitState::isolated:
        return "isolated";
    }
    return "unknown";
}

/// What a call says about the health of the other side.
enum class CircuitResult : std::uint8_t {
    success, ///< it works
    failure, ///< it doesn't
    neutral, ///< nothing: cancelled, refused locally, the request's own fault, asked to slow down
};

/// Why a circuit changed its state.
enum class CircuitCause : std::uint8_t {
    failures_in_a_row,
    failure_rate,
    open_time_over,
    probe_succeeded,
    probe_failed,
    lease_over, ///< half-open begins anew, because a probe did not come back
    manual,
};

constexpr char const* to_string(CircuitCause cause) noexcept {
    switch (cause) {
    case CircuitCause::failures_in_a_row:
        return "failures_in_a_row";
    case CircuitCause::failure_rate:
        return "failure_rate";
    case CircuitCause::open_time_over:
        return "open_time_over";
    case CircuitCause::probe_succeeded:
        return "probe_succeeded";
    case CircuitCause::probe_failed:
        return "probe_failed";
    case CircuitCause::lease_over:
        return "lease_over";
    case CircuitCause::manual:
        return "manual";
    }
    return "unknown";
}

/// A change of state, handed to whoever caused it: nobody is called from within the breaker.
struct CircuitTransition {
    CircuitState from;
    CircuitState to;
    CircuitCause cause;

    friend bool operator==(CircuitTransition const&, CircuitTransition const&) = default;
};

} // namespace hilum::inline HILUM_ABI
