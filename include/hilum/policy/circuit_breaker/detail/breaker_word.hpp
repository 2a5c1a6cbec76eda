// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/policy/circuit_breaker/state.hpp>

#include <chrono>
#include <cstdint>

namespace hilum::inline HILUM_ABI::detail {

/// The whole state of a circuit breaker in 64 bits, so that each transition is one CAS and nobody
/// ever sees half of one.
///
///     63..62 state   61..38 generation   37..0 what the state needs:
///       closed     15..0   failures in a row
///       open       37..0   until when, ms of the steady clock, rounded up (8.7 years of uptime)
///       half-open  37..34  permits given out   33..30 successes
///                  29..0   end of the lease, quarter seconds, rounded up
///
/// Times saturate at their end, where `now` does too: then an open circuit lets a probe pass.
class BreakerWord {
    using Time = Clock::time_point;
    using Tick = std::chrono::duration<std::int64_t, std::milli>;
    using LeaseTick = std::chrono::duration<std::int64_t, std::ratio<1, 4>>;

    static constexpr unsigned generation_at = 38, state_at = 62, in_use_at = 34, successes_at = 30;
    static constexpr std::uint64_t generations = (1ULL << 24) - 1;
    static constexpr std::uint64_t last_tick = (1ULL << 38) - 1;
    static constexpr std::uint64_t last_lease_tick = (1ULL << 30) - 1;

    template <class Unit>
    static constexpr std::uint64_t ticks(Clock::duration since, std::uint64_t last) noexcept {
        auto const n = since.count() <= 0 ? 0 : std::chrono::ceil<Unit>(since).count();
        return static_cast<std::uint64_t>(n) < last ? static_cast<std::uint64_t>(n) : last;
    }

public:
    constexpr BreakerWord() = default;

    explicit constexpr BreakerWord(std::uint64_t bits) noexcept : bits_(bits) {}

    static constexpr BreakerWord closed(std::uint64_t generation, std::uint64_t failures) noexcept {
        return of(CircuitState::closed, generation, failures);
    }

    static constexpr BreakerWord open(std::uint64_t generation, Time until) noexcept {
        return of(CircuitState::open, generation, ticks<Tick>(until.time_since_epoch(), last_tick));
    }

    static constexpr BreakerWord half_open(
        std::uint64_t generation, std::uint64_t in_use, std::uint64_t successes, Time lease_end
    ) noexcept {
        auto const lease = ticks<LeaseTick>(lease_end.time_since_epoch(), last_lease_tick);
        return of(
            CircuitState::half_open,
            generation,
            in_use << in_use_at | successes << successes_at | lease
        );
    }

    static constexpr BreakerWord isolated(std::uint64_t generation) noexcept {
        return of(CircuitState::isolated, generation, 0);
    }

    constexpr std::uint64_t bits() const noexcept { return bits_; }

    constexpr CircuitState state() const noexcept {
        return static_cast<CircuitState>(bits_ >> state_at);
    }

    constexpr std::uint64_t generation() const noexcept {
        return bits_ >> generation_at & generations;
    }

    constexpr std::uint64_t next_generation() const noexcept {
        return (generation() + 1) & generations;
    }

    constexpr std::uint64_t failures() const noexcept { return bits_ & 0xffff; }

    constexpr Time until() const noexcept {
        return Time(Tick(static_cast<std::int64_t>(bits_ & last_tick)));
    }

    constexpr std::uint64_t in_use() const noexcept { return bits_ >> in_use_at & 15; }

    constexpr std::uint64_t successes() const noexcept { return bits_ >> successes_at & 15; }

    constexpr Time lease_end() const noexcept {
        return Time(LeaseTick(static_cast<std::int64_t>(bits_ & last_lease_tick)));
    }

    /// The same half-open word after one of its permits came back.
    constexpr BreakerWord returned(std::uint64_t more_successes) const noexcept {
        return BreakerWord(bits_ - (1ULL << in_use_at) + (more_successes << successes_at));
    }

    /// `now`, no later than the last time that can be stored.
    static constexpr Time clamp(Time now) noexcept {
        constexpr Time last{Tick(static_cast<std::int64_t>(last_tick))};
        return now < last ? now : last;
    }

    friend constexpr bool operator==(BreakerWord, BreakerWord) = default;

private:
    static constexpr BreakerWord of(
        CircuitState state, std::uint64_t generation, std::uint64_t rest
    ) noexcept {
        return BreakerWord(
            static_cast<std::uint64_t>(state) << state_at |
            (generation & generations) << generation_at | rest
        );
    }

    std::uint64_t bits_ = 0;
};

} // namespace hilum::inline HILUM_ABI::detail
