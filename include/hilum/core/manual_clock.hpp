// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A clock that stands still until a test moves it, with the timers that wait for it.
///
/// @code
/// asio::io_context io{1};
/// ManualClock time;
/// asio::co_spawn(io, scenario(Environment{Clock{time}}), asio::detached);
/// time.run(io);  // until nothing can happen any more: a hang is a failed test, not a stuck one
/// @endcode
///
/// It must outlive the `io_context` whose coroutines wait on it, and `drop_waiters()` has to be
/// called before that context dies; `testing/simulation.hpp` does both. Not thread safe: one
/// thread, one context.
class ManualClock {
    class Waiter {
    public:
        virtual ~Waiter() = default;
        virtual void complete(boost::system::error_code) = 0;
    };

    template <class Handler>
    class WaiterOf final : public Waiter {
        using Work = decltype(asio::prefer(
            std::declval<asio::associated_executor_t<Handler, asio::any_io_executor>>(),
            asio::execution::outstanding_work.tracked
        ));

    public:
        WaiterOf(Handler handler, asio::any_io_executor const& fallback)
            : handler_(std::move(handler)), work_(asio::prefer(
                                                asio::get_associated_executor(handler_, fallback),
                                                asio::execution::outstanding_work.tracked
                                            )) {}

        void complete(boost::system::error_code ec) override {
            if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
                slot.clear();
            auto work = std::move(work_);
            asio::post(work, [handler = std::move(handler_), ec]() mutable {
                std::move(handler)(ec);
            });
        }

    private:
        Handler handler_;
        Work work_;
    };

public:
    /// Names one wait, for `cancel`.
    using Ticket = std::pair<Clock::time_point, std::uint64_t>;

    /// Starts at 2026-01-02T03:04:05Z unless told otherwise.
    explicit ManualClock(
        Clock::wall_time epoch = Clock::wall_time(std::chrono::seconds(1767323045))
    ) {
        time_.epoch = epoch;
    }

    ManualClock(ManualClock const&) = delete;
    ManualClock& operator=(ManualClock const&) = delete;

    Clock::time_point now() const noexcept { return time_.now; }

    /// Completes with success when the time has come, with `operation_aborted` when cancelled.
    template <class Token>
    auto async_wait_until(
        asio::any_io_executor executor, Clock::time_point at, Ticket* ticket, Token&& token
    ) {
        return asio::async_initiate<Token, void(boost::system::error_code)>(
            [this, executor, at, ticket](auto handler) {
                auto slot = asio::get_associated_cancellation_slot(handler);
                Ticket const mine{at, ++sequence_};
                if (ticket)
                    *ticket = mine;
                if (slot.is_connected())
                    slot.assign([this, mine](asio::cancellation_type) { cancel(mine); });
                waiters_.emplace(
                    mine,
                    std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler), executor)
                );
            },
            token
        );
    }

    /// Ends one wait with `operation_aborted`; 0 when it isn't waiting any more.
    std::size_t cancel(Ticket const& ticket) {
        auto node = waiters_.extract(ticket);
        if (node.empty())
            return 0;
        node.mapped()->complete(asio::error::operation_aborted);
        return 1;
    }

    /// Jumps to the earliest wait and completes it; false when nobody waits, or only for `never`.
    bool advance_to_next() {
        if (waiters_.empty() || waiters_.begin()->first.first == Clock::never)
            return false;
        auto node = waiters_.extract(waiters_.begin());
        if (node.key().first > time_.now)
            time_.now = node.key().first;
        node.mapped()->complete({});
        return true;
    }

    /// Moves the time without waking anyone that isn't due; wakes those that are.
    void advance(Clock::duration by) {
        auto const target = Clock::after(time_.now, by);
        while (!waiters_.empty() && waiters_.begin()->first.first <= target && advance_to_next()) {
        }
        time_.now = target;
    }

    /// Runs `io` and the timers in turn until nothing is left that could happen.
    void run(asio::io_context& io) {
        do {
            io.restart();
            while (io.poll() != 0) {
            }
        } while (advance_to_next());
    }

    std::size_t waiting() const noexcept { return waiters_.size(); }

    /// Forgets every wait without completing it: before the context of those who wait is destroyed.
    void drop_waiters() {
        auto dropped = std::move(waiters_);
        waiters_.clear();
    }

private:
    friend class Clock;

    Clock::ManualTime time_;
    std::uint64_t sequence_ = 0;
    std::map<Ticket, std::unique_ptr<Waiter>> waiters_;
};

inline Clock::Clock(ManualClock& manual) noexcept : manual_time_(&manual.time_), manual_(&manual) {}

} // namespace hilum::inline HILUM_ABI
