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
/// An exception of the task is thrown here, and `std::logic_error` when it waits for something that
/// nothing can bring any more. Blocks the calling thread.
template <class T>
T run(Task<T> task) {
    asio::io_context io{1};
    std::exception_ptr failure;
    bool ended = false;
    std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, auto&&... v) {
        ended = true;
        failure = std::move(e);
        if constexpr (sizeof...(v) != 0)
            value.emplace(std::move(v)...);
    });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
    if (!ended)
        throw std::logic_error("hilum::run: the task waits for something that can't happen");
    if constexpr (!std::is_void_v<T>)
        return std::move(*value);
}

} // namespace hilum::inline HILUM_ABI
