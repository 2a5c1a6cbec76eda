// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/message.hpp>

#include <concepts>

namespace hilum::inline HILUM_ABI {

/// Speaks HTTP: sends one request and gives back the whole reply, whatever its status.
///
/// Semantic requirements:
/// - `send` borrows both arguments until its task ends; it keeps no reference afterwards.
/// - It ends no later than `cx.deadline` if it says `static constexpr bool honours_deadline =
/// true`, with
///   `errc::timeout` and `cx.deadline_scope`.
/// - An error says by its `Delivery` how far the request got; a request that may have been sent is
/// never repeated by the
///   client itself unless its method is idempotent.
/// - Copies share connections, limits and caches; any thread may call.
/// - A cancelled call ends with `errc::cancelled`, its connection closed unless it can be used
/// again.
///
/// The smallest type that satisfies it is the exemplar in `tests/unit/http/http_client.cpp`.
/// This definition may be extended in later versions.
template <class C>
concept HttpClient = std::copy_constructible<C> &&
    requires(C& client, C const& constant, CallContext& cx, HttpRequest const& request) {
    { client.send(cx, request) } -> std::same_as<Task<Result<HttpResponse>>>;
    { constant.environment() } -> std::convertible_to<Environment>;
};

} // namespace hilum::inline HILUM_ABI
