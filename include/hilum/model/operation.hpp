// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace hilum::inline HILUM_ABI {

/// What an operation is answered with.
template <class Operation>
using response_t = typename Operation::response_type;

/// Whether a service can handle an operation. Everything else is defined by this, never by the
/// named functions: each of those has a twin that explains what is missing, so asking whether it
/// can be called is always true.
///
/// @code
/// static_assert(Handles<OpenAiService<BeastHttpClient>, GenerateText>);
/// @endcode
template <class S, class Operation>
concept Handles = requires(S& service, CallContext& cx, Operation const& op) {
    { service.handle(cx, op) } -> std::same_as<Task<Result<response_t<Operation>>>>;
};

/// Whether a service ends a call at `cx.deadline` by itself. Around any other service the driver
/// does it, for a microsecond.
template <class S>
inline constexpr bool honours_deadline = [] {
    if constexpr (requires { S::honours_deadline; })
        return static_cast<bool>(S::honours_deadline);
    else
        return false;
}();

/// The name of an operation in events and records, "generate_text".
template <class Operation>
inline constexpr std::string_view operation_name = [] {
    if constexpr (requires { Operation::name; })
        return std::string_view(Operation::name);
    else
        return std::string_view("operation");
}();

namespace detail {

/// g++ 12.2 destroys a temporary aggregate twice when it is part of a `co_await` expression.
template <class T>
inline constexpr bool survives_co_await =
    !(std::is_aggregate_v<T> && !std::is_trivially_destructible_v<T>);

} // namespace detail

} // namespace hilum::inline HILUM_ABI
