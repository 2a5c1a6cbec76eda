// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/environment.hpp>
#include <hilum/http/client_options.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/http/network.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// How many connections a client has, over all origins.
class ConnectionCounts {
public:
    ConnectionCounts() = default;

    std::size_t open = 0;    ///< resting, in use and being opened
    std::size_t resting = 0; ///< kept alive, ready for the next request
    std::size_t waiting = 0; ///< calls in line for a connection
};

/// HTTP/1.1 over TCP and TLS, with connections kept alive. Production uses it as `BeastHttpClient`.
///
/// @code
/// asio::io_context io;
/// BeastHttpClient client(io, HttpClientOptions().timeout(20s));
/// HttpRequest request(HttpMethod::get, origin, "/v1/models");
/// Result<HttpResponse> reply = co_await client.send(cx, request);
/// @endcode
///
/// Deadlines: the sooner of `cx.deadline` and `HttpClientOptions::timeout` covers the queue, name,
/// connection, TLS and reply; `errc::timeout` says which by its scope (`cx.deadline_scope`;
/// `Scope::attempt` for the client's own, `Scope::first_token` for the first byte, `Scope::idle`
/// for a silence). A reply that is complete wins over deadline and cancellation.
///
/// Delivery: until a byte was handed to the kernel an error is `Delivery::not_sent`. After that it
/// is `Delivery::unknown` and nothing is sent again, with one exception: GET, HEAD, PUT and DELETE
/// are sent once more when a connection that had been reused broke before the reply began. Before a
/// connection is reused, it is asked without blocking whether the server closed it.
///
/// Trust: plain HTTP goes to loopback only, unless `HttpClientOptions::allow_plain_http` names the
/// host; redirects are not followed.
///
/// Threads: copies share connections, limits and TLS sessions; any thread may call, on any
/// executor. Each call runs on its own, which need not be a strand; cancellation has to be emitted
/// there. The sockets live on the executor given at construction, whose context must outlive the
/// last copy.
template <class Network>
class BasicBeastHttpClient {
public:
    using network_type = Network;
    static constexpr bool honours_deadline = true;

    /// Sockets live on `executor`. Throws `ConfigurationError` when an option can't be used.
    explicit BasicBeastHttpClient(
        asio::any_io_executor executor, HttpClientOptions options = {}, Environment env = {}
    );

    explicit BasicBeastHttpClient(
        asio::io_context& io, HttpClientOptions options = {}, Environment env = {}
    )
        : BasicBeastHttpClient(asio::any_io_executor(io.get_executor()), std::move(options), env) {}

    /// Over a network of one's own: its connections, its clock.
    template <std::same_as<Network> N>
    explicit BasicBeastHttpClient(N network, HttpClientOptions options = {})
        : BasicBeastHttpClient(std::make_unique<N>(std::move(network)), std::move(options)) {}

    explicit BasicBeastHttpClient(std::unique_ptr<Network> network, HttpClientOptions options = {});

    Task<Result<HttpResponse>> send(CallContext& cx, HttpRequest const& request);

    Environment environment() const;

    ConnectionCounts connections() const;

    /// Closes the connections that rest.
    void close_resting();

private:
    class State;
    class Exchange;
    std::shared_ptr<State> state_;
};

template <Network N>
BasicBeastHttpClient(N) -> BasicBeastHttpClient<N>;
template <Network N>
BasicBeastHttpClient(N, HttpClientOptions) -> BasicBeastHttpClient<N>;

} // namespace hilum::inline HILUM_ABI
