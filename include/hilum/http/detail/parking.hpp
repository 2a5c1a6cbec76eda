// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/timer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Where one coroutine waits until another thread wakes it, its time has come or it is cancelled.
///
/// The wait is a timer's, so it ends with its executor's context like every other wait. Whoever
/// wakes must hold a lock under which the waiting coroutine deregisters itself, and must keep no
/// share: then nothing here outlives the context.
class Parking : public std::enable_shared_from_this<Parking> {
public:
    Parking(asio::any_io_executor executor, Clock clock)
        : executor_(executor), timer_(std::move(executor), clock) {}

    /// From any thread; before, during or after the wait.
    void wake() {
        asio::post(executor_, [self = shared_from_this()] {
            std::lock_guard const lock(self->mutex_);
            self->woken_ = true;
            self->timer_.cancel();
        });
    }

    /// Completes with an error code that says nothing: ask what was waited for, and the time.
    template <class Token>
    auto async_wait_until(Clock::time_point at, Token&& token) {
        return asio::async_initiate<Token, void(boost::system::error_code)>(
            [this, at](auto handler) {
                std::lock_guard const lock(mutex_);
                timer_.expires_at(woken_ ? Clock::time_point() : at);
                timer_.async_wait(std::move(handler));
            },
            token
        );
    }

private:
    asio::any_io_executor executor_;
    std::mutex mutex_;
    Timer timer_;
    bool woken_ = false;
};

} // namespace hilum::inline HILUM_ABI::detail
