// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hilum::inline HILUM_ABI {

/// What part of the calls failed during the last while: ten slices of time, one atomic word each.
///
/// A slice carries the generation of the circuit that it was counted in, so that a change of state
/// forgets all without touching any, and a sample that comes late can't be counted anew. Thread
/// safety: safe; lock-free.
template <template <class> class Atomic = std::atomic>
class BasicFailureWindow {
public:
    BasicFailureWindow(Clock::duration window, double rate, int minimum_calls) noexcept
        : width_(window / slices), rate_(rate), minimum_(minimum_calls) {}

    /// Counts one result; true if, with it, the rate is reached (only a failure can do that).
    bool add(std::uint64_t generation, bool failed, Clock::time_point now) noexcept {
        auto const since = now.time_since_epoch().count();
        auto const tick = static_cast<std::uint64_t>(since > 0 ? since / width_.count() : 0);
        auto& slice = slices_[tick % slices];
        std::uint64_t seen = slice.load(std::memory_order_relaxed);
        for (;;) {
            auto const next = counted(Slice(seen), generation, tick, failed);
            if (next.bits == seen)
                return false; // of a generation, or a window, that is over
            if (slice.compare_exchange_weak(seen, next.bits, std::memory_order_acq_rel))
                break;
        }
        return failed && reached(generation, tick);
    }

private:
    static constexpr std::size_t slices = 10;

    /// 63..52 generation   51..24 tick   23..12 failures   11..0 calls
    struct Slice {
        explicit Slice(std::uint64_t b) noexcept : bits(b) {}

        std::uint64_t generation() const noexcept { return bits >> 52; }

        std::uint64_t tick() const noexcept { return bits >> 24 & ticks; }

        std::uint64_t failures() const noexcept { return bits >> 12 & most; }

        std::uint64_t calls() const noexcept { return bits & most; }

        static constexpr std::uint64_t most = 0xfff, ticks = (1ULL << 28) - 1;
        std::uint64_t bits;
    };

    static Slice counted(
        Slice old, std::uint64_t generation, std::uint64_t tick, bool failed
    ) noexcept {
        generation &= 0xfff;
        tick &= Slice::ticks;
        auto const later = (old.generation() - generation) & 0xfff;
        if (old.calls() != 0 && later != 0 && later < 0x800)
            return old;
        std::uint64_t failures = 0, calls = 0;
        if (old.calls() != 0 && later == 0) {
            auto const ahead = (old.tick() - tick) & Slice::ticks;
            if (ahead != 0 && ahead <= slices)
                return old; // read its clock a whole window ago
            if (ahead == 0) {
                failures = old.failures();
                calls = old.calls();
            }
        }
        if (calls == Slice::most) { // halve both: the rate stays
            calls /= 2;
            failures /= 2;
        }
        failures += failed ? 1U : 0U;
        return Slice(generation << 52 | tick << 24 | failures << 12 | (calls + 1));
    }

    bool reached(std::uint64_t generation, std::uint64_t tick) const noexcept {
        std::uint64_t failures = 0, calls = 0;
        for (auto const& word : slices_) {
            Slice const slice(word.load(std::memory_order_relaxed));
            if (slice.generation() == (generation & 0xfff) &&
                ((tick - slice.tick()) & Slice::ticks) < slices) {
                failures += slice.failures();
                calls += slice.calls();
            }
        }
        return calls >= static_cast<std::uint64_t>(minimum_) &&
               static_cast<double>(failures) >= rate_ * static_cast<double>(calls);
    }

    std::array<Atomic<std::uint64_t>, slices> slices_{};
    Clock::duration width_;
    double rate_;
    int minimum_;
};

using FailureWindow = BasicFailureWindow<>;

} // namespace hilum::inline HILUM_ABI
