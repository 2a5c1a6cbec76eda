// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/core/timer.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Ends `inner` at `at` with `errc::timeout`, for services that don't honour deadlines themselves
/// (about 1 us).
///
/// Cancelling means asking and waiting: a service that swallows cancellation can't be stopped. A
/// result that has arrived wins over both the deadline and the caller's cancellation.
template <class R>
Task<Result<R>> with_deadline(
    CallContext& cx, Clock::time_point at, Scope scope, Task<Result<R>> inner
) {
    enum class Why : unsigned char { running, timed_out, by_caller };

    // Shared, because a timer handler that is queued already when the call ends would touch a dead
    // frame.
    struct State {
        State(asio::any_io_executor ex, Clock c) : timer(std::move(ex), c) {}

        asio::cancellation_signal signal;
        Timer timer;
        Why why = Why::running;
        bool over = false;
    };

    auto executor = co_await asio::this_coro::executor;
    auto state =
        std::allocate_shared<State>(asio::recycling_allocator<State>(), executor, cx.clock());
    state->timer.expires_at(at);
    state->timer.async_wait(asio::bind_executor(executor, [state](boost::system::error_code ec) {
        if (!ec && !state->over && state->why == Why::running) {
            state->why = Why::timed_out;
            state->signal.emit(asio::cancellation_type::terminal);
        }
    }));
    asio::cancellation_state outer_state = co_await asio::this_coro::cancellation_state;
    auto outer = outer_state.slot();
    if (outer.is_connected())
        outer.assign([s = state.get()](asio::cancellation_type type) {
            if (s->why == Why::running)
                s->why = Why::by_caller;
            s->signal.emit(type);
        });
    auto token =
        asio::bind_cancellation_slot(state->signal.slot(), asio::as_tuple(asio::use_awaitable));
    auto done = co_await asio::co_spawn(executor, std::move(inner), std::move(token));
    state->over = true;
    if (outer.is_connected())
        outer.clear();
    state->timer.cancel();

    bool aborted = false;
    if (std::exception_ptr failure = std::get<0>(done)) {
        try {
            std::rethrow_exception(failure);
        } catch (boost::system::system_error const& e) {
            if (state->why == Why::running || e.code() != asio::error::operation_aborted)
                throw;
            aborted = true;
        }
    }
    Result<R>& result = std::get<1>(done);
    if (!aborted && result.has_value())
        co_return std::move(result);
    if (state->why == Why::timed_out)
        co_return Error(errc::timeout, scope);
    if (state->why == Why::by_caller)
        co_return Error(errc::cancelled);
    co_return std::move(result);
}

} // namespace hilum::inline HILUM_ABI::detail
