// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/detail/serial_executor.hpp>
#include <hilum/model/detail/service_traits.hpp>
#include <hilum/model/detail/with_deadline.hpp>
#include <hilum/model/operation.hpp>

#include <boost/asio/strand.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// A call of a bare service, in a frame that owns context and operation. The caller keeps the
/// service alive.
template <class S, class Op>
Task<Result<response_t<Op>>> own_call(S& service, CallContext cx, Op op) {
    auto executor = co_await asio::this_coro::executor;
    if (!is_serial(executor)) {
        auto task = own_call(service, std::move(cx), std::move(op));
        co_return co_await asio::co_spawn(
            asio::make_strand(executor), std::move(task), asio::use_awaitable
        );
    }
    note_release(cx, op);
    if constexpr (!honours_deadline<S>)
        if (cx.deadline != Clock::never)
            co_return co_await with_deadline(
                cx, cx.deadline, cx.deadline_scope, service.handle(cx, op)
            );
    co_return co_await service.handle(cx, op);
}

} // namespace hilum::inline HILUM_ABI::detail
