// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/timer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Closes a stream when one of its limits has passed: one timer for the life of a connection.
///
/// An armed timer is left as it is from one use to the next: when it goes off too early, it looks
/// at the limits of the day and arms itself again. So a request on a busy connection costs no timer
/// operation at all; on one that rests, the timer is taken down by a handler posted after the use,
/// because it would keep `io_context::run` from returning.
///
/// The mutex makes it independent of executors: the timer's handler runs on the io executor, the
/// call wherever it likes. `Stream::close` is called under it, so never after `release`.
template <class Stream>
class Watchdog : public std::enable_shared_from_this<Watchdog<Stream>> {
public:
    using time_point = Clock::time_point;

    /// Which limit closed the stream.
    enum class Limit : std::uint8_t { none, deadline, first_byte, idle };

    Watchdog(asio::any_io_executor executor, Clock clock)
        : executor_(executor), clock_(clock), timer_(std::move(executor), clock) {}

    /// Guards `stream` until `release`.
    void watch(Stream& stream, time_point deadline, time_point first_byte = Clock::never) {
        std::lock_guard const lock(mutex_);
        stream_ = &stream;
        deadline_ = deadline;
        silent_until_.store(first_byte.time_since_epoch().count(), std::memory_order_relaxed);
        waits_for_first_.store(true, std::memory_order_relaxed);
        fired_ = Limit::none;
        arm(std::min(deadline, first_byte));
    }

    /// Something came; the next has to come by then. Arms nothing unless it must.
    void progress(time_point next) {
        silent_until_.store(next.time_since_epoch().count(), std::memory_order_relaxed);
        if (waits_for_first_.exchange(false, std::memory_order_relaxed)) {
            std::lock_guard const lock(mutex_);
            if (stream_)
                arm(std::min(deadline_, next));
        }
    }

    /// Ends the guard; says whether it had to close the stream.
    Limit release() {
        std::lock_guard const lock(mutex_);
        stream_ = nullptr;
        if (armed_ != Clock::never && !resting_) {
            resting_ = true;
            asio::post(executor_, [weak = this->weak_from_this()] {
                if (auto self = weak.lock())
                    self->rest();
            });
        }
        return fired_;
    }

    /// Ends the guard and the timer.
    void stop() {
        std::lock_guard const lock(mutex_);
        stream_ = nullptr;
        disarm();
    }

private:
    void rest() {
        std::lock_guard const lock(mutex_);
        resting_ = false;
        if (!stream_)
            disarm();
    }

    void disarm() {
        if (armed_ == Clock::never)
            return;
        armed_ = Clock::never;
        ++sequence_;
        timer_.cancel();
    }

    void arm(time_point at) {
        if (armed_ <= at) // also when both are never
            return;
        armed_ = at;
        timer_.expires_at(at);
        auto fire = [weak = this->weak_from_this(), mine = ++sequence_](auto) {
            if (auto self = weak.lock())
                self->fire(mine);
        };
        timer_.async_wait(std::move(fire));
    }

    void fire(std::uint64_t mine) {
        std::lock_guard const lock(mutex_);
        if (mine != sequence_)
            return; // there is a newer wait, or none
        armed_ = Clock::never;
        if (!stream_)
            return;
        time_point const silent{Clock::duration(silent_until_.load(std::memory_order_relaxed))};
        auto const limit = std::min(deadline_, silent);
        if (clock_.now() < limit)
            return arm(limit);
        if (limit == deadline_)
            fired_ = Limit::deadline;
        else if (waits_for_first_.load(std::memory_order_relaxed))
            fired_ = Limit::first_byte;
        else
            fired_ = Limit::idle;
        stream_->close();
    }

    asio::any_io_executor executor_;
    Clock clock_;
    std::mutex mutex_;
    Timer timer_;
    Stream* stream_ = nullptr;
    time_point deadline_ = Clock::never;
    time_point armed_ = Clock::never;
    std::atomic<Clock::duration::rep> silent_until_ = Clock::never.time_since_epoch().count();
    std::atomic<bool> waits_for_first_ = true;
    std::uint64_t sequence_ = 0;
    Limit fired_ = Limit::none;
    bool resting_ = false;
};

/// A watchdog that is stopped when its owner goes, before the stream does.
template <class Stream>
class WatchdogOwner {
public:
    WatchdogOwner(asio::any_io_executor executor, Clock clock)
        : watchdog_(std::make_shared<Watchdog<Stream>>(std::move(executor), clock)) {}

    WatchdogOwner(WatchdogOwner const&) = delete;
    WatchdogOwner& operator=(WatchdogOwner const&) = delete;

    ~WatchdogOwner() { watchdog_->stop(); }

    Watchdog<Stream>* operator->() const noexcept { return watchdog_.get(); }

private:
    std::shared_ptr<Watchdog<Stream>> watchdog_;
};

} // namespace hilum::inline HILUM_ABI::detail
