// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/environment.hpp>
#include <hilum/http/client_options.hpp>
#include <hilum/http/detail/system_stream.hpp>
#include <hilum/http/network.hpp>
#include <hilum/http/resolver.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>

namespace hilum::inline HILUM_ABI {

/// The operating system's sockets, with TLS by OpenSSL: the `Network` of production.
///
/// Addresses are tried in the resolver's order, none longer than its share of the time that is
/// left. An IP literal and "localhost" never reach the resolver. Thread safe.
class SystemNetwork {
public:
    using stream_type = detail::SystemStream;

    /// Sockets live on `executor`. Throws `ConfigurationError` when the TLS options can't be used.
    explicit SystemNetwork(
        asio::any_io_executor executor, HttpClientOptions const& options = {}, Environment env = {}
    );
    SystemNetwork(SystemNetwork&&) noexcept;
    ~SystemNetwork();

    Task<Result<std::unique_ptr<stream_type>>> connect(
        CallContext& cx, HttpOrigin const& origin, Clock::time_point deadline
    );

    Environment environment() const { return environment_; }

private:
    class Tls;

    Task<Result<std::unique_ptr<stream_type>>> dial(
        HttpOrigin const& origin, asio::ip::tcp::endpoint to, Clock::time_point turn
    );

    Task<Result<std::unique_ptr<stream_type>>> secure(
        HttpOrigin const& origin, std::unique_ptr<stream_type> stream, Clock::time_point deadline
    );

    asio::any_io_executor executor_;
    Environment environment_;
    Clock::duration tls_timeout_;
    AnyResolver resolver_;
    std::unique_ptr<Tls> tls_;
};

static_assert(Network<SystemNetwork>);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/system_network.ipp>
#endif
