// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/system_network.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/http/detail/cancellation.hpp>
#include <hilum/http/detail/watchdog.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// The TLS context, made when it is needed first: loading OpenSSL costs a millisecond. Options that
/// could be wrong are tried at once.
class SystemNetwork::Tls {
public:
    explicit Tls(TlsOptions options) : options_(std::move(options)) {
        if (options_ != TlsOptions())
            context();
    }

    detail::TlsContext& context() {
        std::call_once(once_, [this] { context_.emplace(options_); });
        return *context_;
    }

private:
    TlsOptions options_;
    std::once_flag once_;
    std::optional<detail::TlsContext> context_;
};

HILUM_DECL SystemNetwork::SystemNetwork(
    asio::any_io_executor executor, HttpClientOptions const& options, Environment env
)
    : executor_(std::move(executor)), environment_(env), tls_timeout_(options.tls_timeout()),
      resolver_(options.resolver() ? options.resolver() : AnyResolver(SystemResolver())),
      tls_(std::make_unique<Tls>(options.tls())) {}

HILUM_DECL SystemNetwork::SystemNetwork(SystemNetwork&&) noexcept = default;
HILUM_DECL SystemNetwork::~SystemNetwork() = default;

namespace detail {

/// The addresses that need no resolver.
inline Endpoints known_endpoints(HttpOrigin const& origin) {
    Endpoints known;
    boost::system::error_code not_an_address;
    auto const address = asio::ip::make_address(origin.host, not_an_address);
    if (!not_an_address) {
        known.emplace_back(address, origin.port);
    } else if (origin.host == "localhost") { // RFC 6761, 6.3
        known.emplace_back(asio::ip::address_v4::loopback(), origin.port);
        known.emplace_back(asio::ip::address_v6::loopback(), origin.port);
    }
    return known;
}

inline Error connect_cancelled() { return Error(errc::cancelled).with(Delivery::not_sent); }

inline Error connect_timeout(char const* what) {
    return Error(errc::timeout, what).with(Delivery::not_sent);
}

inline Error connect_failed(HttpOrigin const& origin, std::string const& why) {
    return Error(
        errc::connection_failed,
        "can't connect to " + origin.host + ":" + std::to_string(origin.port) + ": " + why
    );
}

} // namespace detail

HILUM_DECL Task<Result<std::unique_ptr<detail::SystemStream>>> SystemNetwork::connect(
    CallContext& cx, HttpOrigin const& origin, Clock::time_point deadline
) {
    auto const cancel_state = co_await asio::this_coro::cancellation_state;
    detail::Cancellation const cancelled(cancel_state);
    auto endpoints = detail::known_endpoints(origin);
    if (endpoints.empty()) {
        auto resolved = co_await resolver_.resolve(cx, origin.host, origin.port, deadline);
        if (!resolved)
            co_return Error(resolved.error()).with(Delivery::not_sent);
        endpoints = std::move(*resolved);
    }
    Error last(errc::connection_failed, "the host name has no address");
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (cancelled())
            co_return detail::connect_cancelled();
        auto const now = environment_.clock.now();
        if (now >= deadline)
            co_return detail::connect_timeout("connecting took too long");
        auto const share =
            (deadline - now) / static_cast<Clock::duration::rep>(endpoints.size() - i);
        auto opened = co_await open(origin, endpoints[i], deadline, Clock::after(now, share));
        if (opened)
            co_return std::move(*opened);
        last = opened.error();
        if (last == errc::cancelled)
            break;
    }
    co_return last;
}

/// One address: until `turn` to connect, until `deadline` to make TLS.
HILUM_DECL Task<Result<std::unique_ptr<detail::SystemStream>>> SystemNetwork::open(
    HttpOrigin const& origin,
    asio::ip::tcp::endpoint to,
    Clock::time_point deadline,
    Clock::time_point turn
) {
    auto const cancel_state = co_await asio::this_coro::cancellation_state;
    detail::Cancellation const cancelled(cancel_state);
    detail::TlsContext* tls = nullptr;
    if (origin.tls) {
        try {
            tls = &tls_->context();
        } catch (ConfigurationError const& e) {
            co_return Error(errc::connection_failed, e.what());
        }
    }
    auto stream = std::make_unique<detail::SystemStream>(executor_, tls);
    auto& socket = stream->socket();
    boost::system::error_code ec;
    socket.open(to.protocol(), ec);
    if (ec)
        co_return detail::connect_failed(origin, ec.message());
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);

    detail::WatchdogOwner<detail::SystemStream> const watchdog(executor_, environment_.clock);
    watchdog->watch(*stream, turn);
    auto const connected = co_await socket.async_connect(to, detail::as_result);
    auto limit = watchdog->release();
    using Limit = detail::Watchdog<detail::SystemStream>::Limit;
    ec = std::get<0>(connected);
    if (limit != Limit::none)
        co_return detail::connect_timeout("connecting took too long");
    if (cancelled())
        co_return detail::connect_cancelled();
    if (ec)
        co_return detail::connect_failed(origin, ec.message());
    if (!tls)
        co_return std::move(stream);

    auto* const ssl = stream->tls()->native_handle();
    auto peer = tls->prepare(ssl, origin);
    if (!peer)
        co_return detail::connect_failed(origin, "the host name can't be verified by TLS");
    stream->keep(std::move(peer));
    auto const now = environment_.clock.now();
    watchdog->watch(*stream, std::min(deadline, Clock::after(now, tls_timeout_)));
    auto const shaken =
        co_await stream->tls()->async_handshake(asio::ssl::stream_base::client, detail::as_result);
    limit = watchdog->release();
    ec = std::get<0>(shaken);
    if (limit != Limit::none)
        co_return detail::connect_timeout("the TLS handshake took too long");
    if (cancelled())
        co_return detail::connect_cancelled();
    if (ec)
        co_return detail::connect_failed(origin, detail::TlsContext::explain(ssl, ec));
    co_return std::move(stream);
}

} // namespace hilum::inline HILUM_ABI
