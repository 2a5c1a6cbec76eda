// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/deferred.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// How the client awaits: no exception, a tuple of error code and result. Deferred, because a
/// coroutine awaits such an operation as it is, where `use_awaitable` makes a coroutine of it.
inline constexpr asio::as_tuple_t<asio::deferred_t> as_result{asio::deferred};

/// Whether the coroutine has been asked to stop. To be asked before each `co_await` of an
/// operation: asio throws there otherwise, and a client changes nothing about its caller's
/// cancellation state.
///
/// @code
/// auto state = co_await asio::this_coro::cancellation_state;
/// Cancellation const cancelled(state);
/// if (cancelled()) co_return Error(errc::cancelled);
/// @endcode
class Cancellation {
public:
    explicit Cancellation(asio::cancellation_state state) noexcept : state_(std::move(state)) {}

    bool operator()() const noexcept { return state_.cancelled() != asio::cancellation_type::none; }

private:
    asio::cancellation_state state_;
};

} // namespace hilum::inline HILUM_ABI::detail
