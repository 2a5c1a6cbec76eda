// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// A connection, plain or TLS: an asio `AsyncReadStream` and `AsyncWriteStream` with a few
/// questions of a client.
///
/// Semantic requirements:
/// - Reads and writes accept any completion token, complete never inline, on the token's executor,
///   and honour per-operation (terminal) cancellation with `operation_aborted`.
/// - A clean end of the peer's data is `asio::error::eof`; any other error means that data may be
///   missing.
/// - `close()` ends reading and writing: what is pending, and all that follows, fails soon. The
///   client may call it from its watchdog while another thread starts an operation; never during
///   destruction.
/// - `is_alive()` doesn't block: false when the peer has closed or sent something that nobody asked
///   for. Asked only between two requests.
/// - Destruction closes. Nothing is pending then, except when the `io_context` itself is destroyed.
///
/// A stream may also have `bool resumed() const` (a TLS session was resumed) and
/// `std::size_t try_write_some(asio::const_buffer)` (what could be written without waiting, 0 when
/// nothing).
template <class S>
concept NetworkStream =
    requires(S& stream, asio::mutable_buffer const& in, asio::const_buffer const& out) {
    { stream.get_executor() } -> std::convertible_to<asio::any_io_executor>;
    {
        stream.async_read_some(in, asio::as_tuple(asio::use_awaitable))
        } -> std::same_as<Task<std::tuple<boost::system::error_code, std::size_t>>>;
    {
        stream.async_write_some(out, asio::as_tuple(asio::use_awaitable))
        } -> std::same_as<Task<std::tuple<boost::system::error_code, std::size_t>>>;
    stream.close();
    { stream.is_alive() } -> std::same_as<bool>;
};

/// Opens connections: the system's sockets in production, a simulation in tests.
///
/// Semantic requirements:
/// - `connect` resolves, connects and, when `origin.tls`, makes TLS with chain and host name
///   verified. It ends at `deadline` with `errc::timeout` (the client puts in the scope), when
///   cancelled with `errc::cancelled`, and otherwise with `errc::connection_failed`. All its errors
///   are `Delivery::not_sent`.
/// - It borrows its arguments until its task ends. It may be called from several threads at once
///   if the client is.
/// - `environment()` is the one whose clock the client's timers follow.
template <class N>
concept Network = NetworkStream<typename N::stream_type> && requires(
    N& network,
    N const& constant,
    CallContext& cx,
    HttpOrigin const& origin,
    Clock::time_point deadline
) {
    {
        network.connect(cx, origin, deadline)
        } -> std::same_as<Task<Result<std::unique_ptr<typename N::stream_type>>>>;
    { constant.environment() } -> std::convertible_to<Environment>;
};

/// Where a host listens, in the order in which to try.
using Endpoints = std::vector<asio::ip::tcp::endpoint>;

/// Turns a host name into addresses.
///
/// Semantic requirements: ends at `deadline` with `errc::timeout`, when cancelled with
/// `errc::cancelled`, otherwise with at least one endpoint or `errc::connection_failed`; errors are
/// `Delivery::not_sent`. Never asked for an IP literal or for "localhost". Copies share their
/// cache; any thread may call.
template <class R>
concept Resolver = std::copy_constructible<R> && requires(
    R& resolver, CallContext& cx, std::string host, std::uint16_t port, Clock::time_point deadline
) {
    { resolver.resolve(cx, host, port, deadline) } -> std::same_as<Task<Result<Endpoints>>>;
};

} // namespace hilum::inline HILUM_ABI
