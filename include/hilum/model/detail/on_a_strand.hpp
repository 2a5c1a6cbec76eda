// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Runs a call on a strand of its own, for callers whose executor runs handlers side by side. A
/// stream that it opens goes on there.
template <class R>
Task<Result<R>> on_a_strand(asio::any_io_executor executor, Task<Result<R>> call) {
    asio::any_io_executor const strand = asio::make_strand(executor);
    auto result = co_await asio::co_spawn(strand, std::move(call), asio::use_awaitable);
    if constexpr (requires { result->runs_on(strand); })
        if (result.has_value())
            result->runs_on(strand);
    co_return result;
}

} // namespace hilum::inline HILUM_ABI::detail
