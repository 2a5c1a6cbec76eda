// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/http/message.hpp>
#include <hilum/http/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// TLS sessions by origin, to resume. Thread safe, bounded.
class TlsSessions {
public:
    class Free {
    public:
        void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
    };

    using Session = std::unique_ptr<SSL_SESSION, Free>;

    void store(std::string const& origin, Session session);

    /// A ticket of TLS 1.3 is used once (RFC 8446, C.4), a session of TLS 1.2 may be used again.
    Session take(std::string const& origin);

private:
    static constexpr std::size_t per_origin = 4;
    static constexpr std::size_t origins = 256;

    std::mutex mutex_;
    std::unordered_map<std::string, std::vector<Session>> sessions_;
};

/// What all TLS connections of one client share.
class TlsContext {
public:
    /// Throws `ConfigurationError`.
    explicit TlsContext(TlsOptions const& options);

    asio::ssl::context& native() noexcept { return context_; }

    /// What a connection's session tickets are stored under; it has to outlive its `SSL`.
    class Peer {
    public:
        Peer(std::shared_ptr<TlsSessions> s, std::string o)
            : sessions(std::move(s)), origin(std::move(o)) {}

        std::shared_ptr<TlsSessions> sessions;
        std::string origin;
    };

    /// Demands this origin's name, says it (SNI), and offers a session to resume.
    std::unique_ptr<Peer> prepare(SSL* ssl, HttpOrigin const& origin);

    /// Why a handshake failed, in OpenSSL's words; no payload can be in them.
    static std::string explain(SSL* ssl, boost::system::error_code const& ec);

private:
    asio::ssl::context context_;
    std::shared_ptr<TlsSessions> sessions_;
};

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/tls_context.ipp>
#endif
