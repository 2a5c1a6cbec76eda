// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detail/concurrency_hint.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/version.hpp>

namespace hilum::inline HILUM_ABI::detail {

#if BOOST_ASIO_VERSION < 103400 // asio 1.34 keeps the hint in the context's configuration
inline bool runs_on_one_thread(asio::io_context& io) {
    auto const hint = asio::use_service<asio::detail::scheduler>(io).concurrency_hint();
    return hint == 1 || hint == BOOST_ASIO_CONCURRENCY_HINT_1;
}
#else
inline bool runs_on_one_thread(asio::io_context& io) {
    return asio::config(io).get("scheduler", "concurrency_hint", 0) == 1;
}
#endif

/// Whether handlers of this executor never run side by side: a strand, or a context that was made
/// with the hint 1. Anything unknown counts as not serial, which costs a strand and is right.
inline bool is_serial(asio::any_io_executor const& executor) {
    if (auto const* io = executor.target<asio::io_context::executor_type>())
        return runs_on_one_thread(io->context());
    return executor.target<asio::strand<asio::any_io_executor>>() != nullptr ||
           executor.target<asio::strand<asio::io_context::executor_type>>() != nullptr ||
           executor.target<asio::strand<asio::thread_pool::executor_type>>() != nullptr;
}

} // namespace hilum::inline HILUM_ABI::detail
