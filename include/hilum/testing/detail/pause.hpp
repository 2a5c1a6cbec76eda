// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/task.hpp>
#include <hilum/core/timer.hpp>

#include <algorithm>
#include <optional>

namespace hilum::inline HILUM_ABI::detail {

/// Waits as a provider would keep a call waiting: nothing when the time is over, `timeout` when
/// the call's deadline came first, `cancelled` when the caller gave up. Both are *unknown*: for the
/// caller, the request had been sent.
inline Task<std::optional<Error>> pause(CallContext& cx, Clock::duration length) {
    if (length <= Clock::duration::zero())
        co_return std::nullopt;
    auto const clock = cx.clock();
    auto const until = Clock::after(clock.now(), length);
    auto const at = std::min(until, cx.deadline);
    bool const came = co_await sleep_until(clock, at);
    if (!came)
        co_return Error(errc::cancelled);
    if (cx.deadline < until)
        co_return Error(errc::timeout, cx.deadline_scope);
    co_return std::nullopt;
}

} // namespace hilum::inline HILUM_ABI::detail
