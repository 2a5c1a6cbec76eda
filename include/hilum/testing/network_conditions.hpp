// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hilum::inline HILUM_ABI {

/// How a host of a simulated network meets those who want to connect.
enum class Reachability : std::uint8_t {
    answers,
    refuses,      ///< connection refused
    silent,       ///< the connection is never established
    unknown_host, ///< its name doesn't resolve
    unresolved,   ///< the resolver never answers
};

/// What a simulated connection suffers. Probabilities are from 0 to 1 and are drawn from the
/// simulation's seed.
///
/// @code
/// simulation.network().conditions() = {.max_delay = 50ms, .max_piece = 300, .reset = 0.01};
/// @endcode
struct NetworkConditions {
    Reachability reachability = Reachability::answers;
    Clock::duration connect_delay = std::chrono::milliseconds(1);
    /// Each write arrives after a delay drawn from these bounds; bytes never overtake each other.
    Clock::duration min_delay{};
    Clock::duration max_delay{};
    /// A write takes between 1 and this many bytes.
    std::size_t max_piece = 1 << 16;
    /// Bytes that may be on their way or unread before a writer has to wait.
    std::size_t window = 1 << 16;
    double refuse = 0; ///< per connection
    double reset = 0;  ///< per write: the connection breaks instead
    double stall = 0;  ///< per write: this and all later bytes of this direction never arrive
};

} // namespace hilum::inline HILUM_ABI
