// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/detail/os_socket.hpp>
#include <hilum/http/detail/tls_context.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// TCP or TLS over TCP, decided by a branch: the HTTP code above is instantiated once.
class SystemStream {
public:
    using executor_type = asio::any_io_executor;

    /// `tls` null for plain; it has to outlive the stream.
    SystemStream(executor_type executor, TlsContext* tls) : socket_(std::move(executor)) {
        if (tls)
            tls_.emplace(socket_, tls->native());
    }

    SystemStream(SystemStream const&) = delete;
    SystemStream& operator=(SystemStream const&) = delete;

    ~SystemStream() {
        // OpenSSL forgets the session of a connection that wasn't shut down.
        if (tls_)
            SSL_set_shutdown(tls_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }

    executor_type get_executor() { return socket_.get_executor(); }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, auto const& into) {
                if (tls_)
                    tls_->async_read_some(into, std::move(handler));
                else
                    socket_.async_read_some(into, std::move(handler));
            },
            token,
            buffers
        );
    }

    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, auto const& from) {
                if (tls_)
                    tls_->async_write_some(from, std::move(handler));
                else
                    socket_.async_write_some(from, std::move(handler));
            },
            token,
            buffers
        );
    }

    /// What the kernel takes at once; 0 for TLS.
    std::size_t try_write_some(asio::const_buffer from) {
        return tls_ ? 0 : os_try_send(socket_.native_handle(), from.data(), from.size());
    }

    /// Only asks the socket, so it may be called while another thread starts an operation.
    void close() { os_shut(socket_.native_handle()); }

    bool is_alive() { return os_is_quiet(socket_.native_handle()); }

    bool resumed() { return tls_ && SSL_session_reused(tls_->native_handle()) == 1; }

    asio::ip::tcp::socket& socket() noexcept { return socket_; }

    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>>& tls() noexcept { return tls_; }

    /// Kept as long as the `SSL`.
    void keep(std::unique_ptr<TlsContext::Peer> peer) { peer_ = std::move(peer); }

private:
    std::unique_ptr<TlsContext::Peer> peer_;
    asio::ip::tcp::socket socket_;
    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

} // namespace hilum::inline HILUM_ABI::detail
