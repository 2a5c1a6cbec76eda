// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/core/timer.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/policy/bulkhead/bulkhead.hpp>
#include <hilum/policy/bulkhead/events.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Lets only so many calls be on their way at once; others wait in turn.
///
/// @code
/// BulkheadPolicy{.max_concurrent = 8, .max_queue = 100} | RetryPolicy{} | service
/// @endcode
///
/// Left of retry a call keeps its permit through all attempts and pauses; right of it each attempt
/// asks for one anew, and queues again. A stream keeps its permit until it ends. With a full queue
/// a call ends with `errc::bulkhead_full`; waiting ends at `cx.deadline` with `errc::timeout`, of
/// which nothing was sent and which is not retried; cancelled, with `errc::cancelled`. Who leaves
/// the queue takes no permit with him. Waiters are woken on their own executors. Reports
/// `BulkheadWaited` and `BulkheadRefused`. Thread safety: configuration is a value; the layer is
/// safe.
struct BulkheadPolicy {
    using policy = deciding;
    static constexpr std::string_view name = "bulkhead";

    int max_concurrent = BulkheadOptions().max_concurrent;
    int max_queue = BulkheadOptions().max_queue;

    std::string describe() const {
        return "max_concurrent=" + std::to_string(max_concurrent) +
               ", max_queue=" + std::to_string(max_queue);
    }

    class Visit {
    public:
        Visit(Bulkhead& bulkhead, bool inside) noexcept : bulkhead_(&bulkhead), inside_(inside) {}

        Visit(Visit&& other) noexcept
            : bulkhead_(other.bulkhead_), inside_(std::exchange(other.inside_, false)) {}

        Visit& operator=(Visit&&) = delete;

        ~Visit() { give_back(); }

        bool ready() const noexcept { return inside_; }

        Task<Result<bool>> admitted(CallContext& cx);

        Verdict leave(CallContext&, Outcome const&) {
            give_back();
            return {};
        }

    private:
        void give_back() noexcept {
            if (std::exchange(inside_, false))
                bulkhead_->leave();
        }

        Bulkhead* bulkhead_;
        bool inside_;
    };

    class Layer {
    public:
        /// Throws `ConfigurationError` for settings that can't work.
        explicit Layer(BulkheadPolicy const& p)
            : bulkhead_(BulkheadOptions{p.max_concurrent, p.max_queue}) {}

        Result<Visit> enter(CallContext& cx) {
            if (bulkhead_.try_enter())
                return Visit(bulkhead_, true);
            if (!bulkhead_.has_room())
                return refuse(cx, bulkhead_);
            return Visit(bulkhead_, false);
        }

        Bulkhead& bulkhead() noexcept { return bulkhead_; }

    private:
        Bulkhead bulkhead_;
    };

private:
    static Error refuse(CallContext& cx, Bulkhead const& bulkhead) {
        cx.emit(BulkheadRefused{bulkhead.options().max_concurrent, bulkhead.options().max_queue});
        return Error(errc::bulkhead_full, "too many calls wait already");
    }

    /// Waits on a timer at the call's deadline, which a granted permit ends early.
    class Waiting final : public Bulkhead::Waiter, public std::enable_shared_from_this<Waiting> {
    public:
        /// Without a deadline nothing waits for the time, a manual clock neither.
        Waiting(asio::any_io_executor executor, CallContext const& cx)
            : executor_(asio::prefer(executor, asio::execution::outstanding_work.tracked)),
              timer_(std::move(executor), cx.deadline == Clock::never ? Clock() : cx.clock()) {
            timer_.expires_at(cx.deadline);
        }

        void granted() noexcept override {
            // On the waiter's serial executor, where it has begun to wait before this can run.
            asio::post(executor_, [self = shared_from_this()] { self->timer_.cancel(); });
        }

        Task<boost::system::error_code> wait() { return timer_.wait(); }

    private:
        asio::any_io_executor executor_; // keeps its context running while a permit may come
        Timer timer_;
    };

    /// Leaves the queue, or gives back the permit, unless it was kept.
    class Place {
    public:
        Place(Bulkhead& bulkhead, Bulkhead::Waiter& waiter) noexcept
            : bulkhead_(bulkhead), waiter_(&waiter) {}

        Place(Place const&) = delete;
        Place& operator=(Place const&) = delete;

        ~Place() {
            if (waiter_)
                bulkhead_.withdraw(*waiter_);
        }

        void keep() noexcept { waiter_ = nullptr; }

    private:
        Bulkhead& bulkhead_;
        Bulkhead::Waiter* waiter_;
    };
};

inline Task<Result<bool>> BulkheadPolicy::Visit::admitted(CallContext& cx) {
    auto executor = co_await asio::this_coro::executor;
    auto const since = cx.clock().now();
    auto waiting = std::make_shared<Waiting>(std::move(executor), cx);
    auto const admission = bulkhead_->enter(waiting);
    if (admission == Bulkhead::Admission::full)
        co_return refuse(cx, *bulkhead_);
    Place place(*bulkhead_, *waiting);
    boost::system::error_code stopped;
    if (admission == Bulkhead::Admission::queued)
        stopped = co_await waiting->wait();
    if (bulkhead_->inside(*waiting)) { // also when the deadline or a cancellation came with it
        place.keep();
        inside_ = true;
        cx.emit(BulkheadWaited{cx.clock().now() - since});
        co_return true;
    }
    if (stopped)
        co_return Error(errc::cancelled).with(Delivery::rejected);
    co_return Error(errc::timeout, cx.deadline_scope, "waited for a permit of the bulkhead")
        .with(Delivery::rejected);
}

} // namespace hilum::inline HILUM_ABI
