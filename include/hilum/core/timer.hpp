// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/manual_clock.hpp>
#include <hilum/core/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A timer that follows a `Clock`. It and `sleep_until` are the only ways to wait in hilum.
///
/// Thread safety: as an asio timer, one thread or strand at a time.
class Timer {
public:
    Timer(asio::any_io_executor executor, Clock clock)
        : executor_(std::move(executor)), manual_(clock.manual()) {
        if (!manual_)
            real_.emplace(executor_);
    }

    Timer(Timer const&) = delete;
    Timer& operator=(Timer const&) = delete;

    ~Timer() {
        if (manual_)
            manual_->cancel(ticket_);
    }

    /// Cancels what waits, then sets the time.
    void expires_at(Clock::time_point at) {
        at_ = at;
        if (real_)
            real_->expires_at(at);
        else
            manual_->cancel(ticket_);
    }

    void cancel() {
        if (real_)
            real_->cancel();
        else
            manual_->cancel(ticket_);
    }

    /// `handler(error_code)`; give it an executor with `asio::bind_executor`.
    template <class Handler>
    void async_wait(Handler handler) {
        if (real_)
            real_->async_wait(std::move(handler));
        else
            manual_->async_wait_until(executor_, at_, &ticket_, std::move(handler));
    }

    /// The error code of the wait: none when the time has come.
    Task<boost::system::error_code> wait() {
        if (real_) {
            auto done = co_await real_->async_wait(asio::as_tuple(asio::use_awaitable));
            co_return std::get<0>(done);
        }
        auto done = co_await manual_->async_wait_until(
            executor_, at_, &ticket_, asio::as_tuple(asio::use_awaitable)
        );
        co_return std::get<0>(done);
    }

private:
    asio::any_io_executor executor_;
    ManualClock* manual_;
    ManualClock::Ticket ticket_{};
    Clock::time_point at_{};
    std::optional<asio::steady_timer> real_;
};

/// Waits until `at`; false when it was cancelled before.
inline Task<bool> sleep_until(Clock clock, Clock::time_point at) {
    auto executor = co_await asio::this_coro::executor;
    Timer timer(executor, clock);
    timer.expires_at(at);
    auto const ec = co_await timer.wait();
    co_return !ec;
}

} // namespace hilum::inline HILUM_ABI
