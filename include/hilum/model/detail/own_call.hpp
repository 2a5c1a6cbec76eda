// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/detail/serial_executor.hpp>
#include <hilum/model/detail/on_a_strand.hpp>
#include <hilum/model/detail/service_traits.hpp>
#include <hilum/model/detail/with_deadline.hpp>
#include <hilum/model/operation.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// A call of a bare service, in a frame that owns context and operation. The caller keeps the
/// service alive.
template <class S, class Op>
Task<Result<response_t<Op>>> own_call(S& service, CallContext cx, Op op) {
    auto executor = co_await asio::this_coro::executor;
    if (!is_serial(executor)) {
        auto task = own_call(service, std::move(cx), std::move(op));
        co_return co_await on_a_strand(std::move(executor), std::move(task));
    }
    note_release(cx, op);
    try {
        if constexpr (!honours_deadline<S>)
            if (cx.deadline != Clock::never)
                co_return co_await with_deadline(
                    cx, cx.deadline, cx.deadline_scope, service.handle(cx, op)
                );
        co_return co_await service.handle(cx, op);
    } catch (boost::system::system_error const& e) { // asio's way to say "cancelled"
        if (e.code() != asio::error::operation_aborted)
            throw;
    }
    co_return Error(errc::cancelled);
}

} // namespace hilum::inline HILUM_ABI::detail
