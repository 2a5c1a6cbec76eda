// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/detail/tls_context.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL void TlsSessions::store(std::string const& origin, Session session) {
    std::lock_guard const lock(mutex_);
    if (sessions_.size() >= origins && !sessions_.contains(origin))
        sessions_.erase(sessions_.begin());
    auto& kept = sessions_[origin];
    if (kept.size() >= per_origin)
        kept.erase(kept.begin());
    kept.push_back(std::move(session));
}

HILUM_DECL TlsSessions::Session TlsSessions::take(std::string const& origin) {
    std::lock_guard const lock(mutex_);
    auto const found = sessions_.find(origin);
    if (found == sessions_.end() || found->second.empty())
        return nullptr;
    auto session = std::move(found->second.back());
    found->second.pop_back();
    if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION) {
        SSL_SESSION_up_ref(session.get());
        found->second.emplace_back(session.get());
    }
    return session;
}

/// Where an `SSL` keeps its `TlsContext::Peer`. Index 0 is asio's.
inline int tls_peer_index() {
    static int const index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

extern "C" inline int hilum_keep_tls_session(SSL* ssl, SSL_SESSION* session) {
    auto* const peer = static_cast<TlsContext::Peer*>(SSL_get_ex_data(ssl, tls_peer_index()));
    if (!peer || !SSL_SESSION_is_resumable(session))
        return 0;
    peer->sessions->store(peer->origin, TlsSessions::Session(session));
    return 1; // the reference is ours now
}

/// Throws unless OpenSSL liked the setting; the reason is OpenSSL's, which names no contents.
inline void tls_require(bool worked, std::string const& field) {
    if (worked)
        return;
    char reason[160] = "unknown";
    if (auto const code = ERR_get_error())
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    throw ConfigurationError(field, std::string("can't be used: ") + reason);
}

HILUM_DECL TlsContext::TlsContext(TlsOptions const& options)
    : context_(asio::ssl::context::tls_client), sessions_(std::make_shared<TlsSessions>()) {
    auto* const native = context_.native_handle();
    auto const number = [](TlsVersion v) {
        return v == TlsVersion::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
    };
    ERR_clear_error();
    tls_require(
        SSL_CTX_set_min_proto_version(native, number(options.min_version())) == 1, "tls.min_version"
    );
    tls_require(
        SSL_CTX_set_max_proto_version(native, number(options.max_version())) == 1, "tls.max_version"
    );
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);

    if (options.ca_file().empty() && options.ca_directory().empty())
        tls_require(
            SSL_CTX_set_default_verify_paths(native) == 1, "tls (the system's trust store)"
        );
    if (!options.ca_file().empty())
        tls_require(
            SSL_CTX_load_verify_file(native, options.ca_file().c_str()) == 1, "tls.ca_file"
        );
    if (!options.ca_directory().empty())
        tls_require(
            SSL_CTX_load_verify_dir(native, options.ca_directory().c_str()) == 1, "tls.ca_directory"
        );
    if (options.certificate().empty() != options.private_key().empty())
        throw ConfigurationError(
            options.certificate().empty() ? "tls.certificate" : "tls.private_key",
            "is missing: certificate and private key go together"
        );
    if (!options.certificate().empty()) {
        tls_require(
            SSL_CTX_use_certificate_chain_file(native, options.certificate().c_str()) == 1,
            "tls.certificate"
        );
        tls_require(
            SSL_CTX_use_PrivateKey_file(native, options.private_key().c_str(), SSL_FILETYPE_PEM) ==
                1,
            "tls.private_key"
        );
        tls_require(SSL_CTX_check_private_key(native) == 1, "tls.private_key");
    }

    static constexpr unsigned char alpn[] = "\x08http/1.1";
    tls_require(SSL_CTX_set_alpn_protos(native, alpn, sizeof alpn - 1) == 0, "tls (ALPN)");
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(native, &hilum_keep_tls_session);
}

HILUM_DECL std::unique_ptr<TlsContext::Peer> TlsContext::prepare(
    SSL* ssl, HttpOrigin const& origin
) {
    auto* const verify = SSL_get0_param(ssl);
    boost::system::error_code not_an_address;
    asio::ip::make_address(origin.host, not_an_address);
    bool named = false;
    if (not_an_address) {
        X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        named = X509_VERIFY_PARAM_set1_host(verify, origin.host.data(), origin.host.size()) == 1 &&
                SSL_set_tlsext_host_name(ssl, origin.host.c_str()) == 1;
    } else {
        named = X509_VERIFY_PARAM_set1_ip_asc(verify, origin.host.c_str()) == 1;
    }
    if (!named)
        return nullptr;
    // Asio gives buffers back after each record; a connection in use asks for them again at once.
    SSL_clear_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    auto peer = std::make_unique<Peer>(sessions_, origin.key());
    SSL_set_ex_data(ssl, tls_peer_index(), peer.get());
    if (auto const session = sessions_->take(peer->origin))
        SSL_set_session(ssl, session.get());
    return peer;
}

HILUM_DECL std::string TlsContext::explain(SSL* ssl, boost::system::error_code const& ec) {
    if (auto const verified = SSL_get_verify_result(ssl); verified != X509_V_OK)
        return std::string("certificate: ") + X509_verify_cert_error_string(verified);
    return ec.message();
}

} // namespace hilum::inline HILUM_ABI::detail
