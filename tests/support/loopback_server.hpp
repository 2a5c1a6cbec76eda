// SPDX-License-Identifier: BSL-1.0
#pragma once

/// A server on loopback that answers as a test tells it, connection by connection.

#include <hilum/core/config.hpp>
#include <hilum/http/message.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace hilum_test {

namespace asio = boost::asio;

inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Reads requests off any stream and writes whatever it is told to.
template <class Stream>
class Peer {
public:
    explicit Peer(Stream stream) : stream_(std::move(stream)) {}

    /// One request, head and body; empty at the end of the stream.
    asio::awaitable<std::string> request() {
        for (;;) {
            auto const head = in_.find("\r\n\r\n");
            if (head != std::string::npos) {
                std::size_t length = 0;
                if (auto const at = in_.find("Content-Length: "); at < head)
                    length = static_cast<std::size_t>(std::atol(in_.c_str() + at + 16));
                if (in_.size() >= head + 4 + length) {
                    auto one = in_.substr(0, head + 4 + length);
                    in_.erase(0, one.size());
                    co_return one;
                }
            }
            char buffer[4096];
            auto const into = asio::buffer(buffer);
            auto const got = co_await stream_.async_read_some(into, as_result);
            if (std::get<0>(got))
                co_return std::string();
            in_.append(buffer, std::get<1>(got));
        }
    }

    asio::awaitable<void> say(std::string text) {
        co_await asio::async_write(stream_, asio::buffer(text), as_result);
    }

    asio::awaitable<void> answer(std::string body, std::string headers = {}) {
        std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\n" + headers + "\r\n" + body;
        co_await asio::async_write(stream_, asio::buffer(text), as_result);
    }

    Stream& stream() { return stream_; }

private:
    Stream stream_;
    std::string in_;
};

using TcpPeer = Peer<asio::ip::tcp::socket>;

/// Accepts on a port of its own; `serve(socket, number)` is a coroutine for each connection,
/// counted from 1. What it refers to must outlive the io_context's run.
class LoopbackServer {
public:
    using Serve = std::function<asio::awaitable<void>(asio::ip::tcp::socket, int)>;

    LoopbackServer(asio::io_context& io, Serve serve)
        : acceptor_(io, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          serve_(std::move(serve)) {
        asio::co_spawn(io, accept(), asio::detached);
    }

    int connections() const { return connections_; }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    std::shared_ptr<hilum::HttpOrigin const> origin(bool tls = false, std::string host = {}) const {
        hilum::HttpOrigin out;
        out.tls = tls;
        out.host = host.empty() ? "127.0.0.1" : std::move(host);
        out.port = port();
        return std::make_shared<hilum::HttpOrigin const>(out);
    }

    void stop() { acceptor_.close(); }

private:
    asio::awaitable<void> accept() {
        for (;;) {
            auto got = co_await acceptor_.async_accept(as_result);
            if (std::get<0>(got))
                co_return;
            auto work = serve_(std::move(std::get<1>(got)), ++connections_);
            asio::co_spawn(acceptor_.get_executor(), std::move(work), asio::detached);
        }
    }

    asio::ip::tcp::acceptor acceptor_;
    Serve serve_;
    int connections_ = 0;
};

} // namespace hilum_test
