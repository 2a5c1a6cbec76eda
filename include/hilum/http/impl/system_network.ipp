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
    Error first(errc::connection_failed, "the host name has no address");
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (cancelled())
            co_return detail::connect_cancelled();
        auto const now = environment_.clock.now();
        if (now >= deadline)
            co_return detail::connect_timeout("connecting took too long");
        auto const left = static_cast<Clock::duration::rep>(endpoints.size() - i);
        auto const turn = Clock::after(now, (deadline - now) / left);
        auto dialled = co_await dial(origin, endpoints[i], turn);
        if (dialled) {
            if (!origin.tls)
                co_return std::move(*dialled);
            if (cancelled())
                co_return detail::connect_cancelled();
            co_return co_await secure(origin, std::move(*dialled), deadline);
        }
        if (i == 0)
            first = dialled.error();
        if (dialled.error() == errc::cancelled)
            co_return dialled.error();
    }
    co_return first;
}

/// TCP to one address, until `turn`.
HILUM_DECL Task<Result<std::unique_ptr<detail::SystemStream>>> SystemNetwork::dial(
    HttpOrigin const& origin, asio::ip::tcp::endpoint to, Clock::time_point turn
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
    auto const limit = watchdog->release();
    ec = std::get<0>(connected);
    if (limit != decltype(limit)::none)
        co_return detail::connect_timeout("connecting took too long");
    if (cancelled())
        co_return detail::connect_cancelled();
    if (ec)
        co_return detail::connect_failed(origin, ec.message());
    co_return std::move(stream);
}

/// TLS over a connection, until `deadline` or the limit of its own.
HILUM_DECL Task<Result<std::unique_ptr<detail::SystemStream>>> SystemNetwork::secure(
    HttpOrigin const& origin,
    std::unique_ptr<detail::SystemStream> stream,
    Clock::time_point deadline
) {
    auto const cancel_state = co_await asio::this_coro::cancellation_state;
    detail::Cancellation const cancelled(cancel_state);
    auto& tls = *stream->tls();
    auto peer = tls_->context().prepare(tls.native_handle(), origin);
    if (!peer)
        co_return detail::connect_failed(origin, "the host name can't be verified by TLS");
    stream->keep(std::move(peer));

    detail::WatchdogOwner<detail::SystemStream> const watchdog(executor_, environment_.clock);
    auto const own = Clock::after(environment_.clock.now(), tls_timeout_);
    watchdog->watch(*stream, std::min(deadline, own));
    auto const shaken =
        co_await tls.async_handshake(asio::ssl::stream_base::client, detail::as_result);
    auto const limit = watchdog->release();
    auto const ec = std::get<0>(shaken);
    if (limit != decltype(limit)::none)
        co_return detail::connect_timeout("the TLS handshake took too long");
    if (cancelled())
        co_return detail::connect_cancelled();
    if (ec)
        co_return detail::connect_failed(
            origin, detail::TlsContext::explain(tls.native_handle(), ec)
        );
    co_return std::move(stream);
}

} // namespace hilum::inline HILUM_ABI
