// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <chrono>

namespace hilum::inline HILUM_ABI {

class ManualClock;

/// Time as a value: the steady clock, or one that a test moves.
///
/// It travels in `Environment` and `CallContext`, so tests run the very instantiation that
/// production runs; each question costs one predictable branch. A decision samples it once.
///
/// `now()` is monotonic and for deadlines and durations only; `wall()` is UTC and for signatures
/// and records only. Thread safety: safe for the steady clock; a `ManualClock` belongs to one
/// thread.
class Clock {
public:
    using duration = std::chrono::steady_clock::duration;
    using time_point = std::chrono::steady_clock::time_point;
    using wall_time = std::chrono::system_clock::time_point;

    static constexpr time_point never = time_point::max();

    Clock() = default;
    explicit Clock(ManualClock& manual) noexcept; // defined in manual_clock.hpp

    time_point now() const noexcept {
        return manual_time_ ? manual_time_->now : std::chrono::steady_clock::now();
    }

    wall_time wall() const noexcept {
        if (!manual_time_)
            return std::chrono::system_clock::now();
        return manual_time_->epoch +
               std::chrono::duration_cast<wall_time::duration>(manual_time_->now.time_since_epoch()
               );
    }

    /// The manual clock behind this one, or null.
    ManualClock* manual() const noexcept { return manual_; }

    /// `at + by`, or `never` where that would overflow.
    static constexpr time_point after(time_point at, duration by) noexcept {
        if (by >= duration::zero() && at > never - by)
            return never;
        return at + by;
    }

private:
    friend class ManualClock;

    struct ManualTime {
        time_point now{};
        wall_time epoch{};
    };

    ManualTime const* manual_time_ = nullptr;
    ManualClock* manual_ = nullptr;
};

} // namespace hilum::inline HILUM_ABI
