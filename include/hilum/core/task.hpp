// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What every call returns: a coroutine that starts when it is awaited or spawned.
///
/// Hosts without coroutines use `asio::co_spawn(executor, service.generate_text(...), token)` with
/// any completion token. Asio lets only *terminal* cancellation into a coroutine by default; use
/// `asio::cancellation_type::terminal`.
template <class T>
using Task = asio::awaitable<T>;

/// Runs one task to its end on an `io_context` of its own: for `main`, tools and tests.
///
/// @code
/// int main() { return hilum::run(answer()); }      // Task<int> answer();
/// @endcode
///
/// An exception of the task is thrown here. Blocks the calling thread.
template <class T>
T run(Task<T> task) {
    asio::io_context io{1};
    std::exception_ptr failure;
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(io, std::move(task), [&](std::exception_ptr e) { failure = std::move(e); });
        io.run();
        if (failure)
            std::rethrow_exception(failure);
    } else {
        std::optional<T> value;
        asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, T v) {
            failure = std::move(e);
            value.emplace(std::move(v));
        });
        io.run();
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*value);
    }
}

} // namespace hilum::inline HILUM_ABI
