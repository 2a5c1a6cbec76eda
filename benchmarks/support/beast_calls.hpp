// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The chat as one writes it by hand with Beast: the reference of `call`. It verifies certificates,
/// keeps its connection and has a limit of 30 s, and nothing else: no retry, no breaker, no audit.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "chat.hpp"

namespace bench {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

/// One connection for each of those who call side by side.
template <class Stream>
class BeastCalls {
    static constexpr bool tls = std::is_same_v<Stream, TlsStream>;

public:
    BeastCalls(
        asio::io_context& io,
        std::size_t concurrency,
        std::uint16_t port,
        std::string const& ca_file
    )
        : port_(port), host_("127.0.0.1:" + std::to_string(port)),
          context_(asio::ssl::context::tls_client) {
        context_.load_verify_file(ca_file);
        context_.set_verify_mode(asio::ssl::verify_peer);
        context_.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
        for (std::size_t i = 0; i < concurrency; ++i)
            connections_.push_back(std::make_unique<Connection>(io, context_));
    }

    asio::awaitable<bool> call(std::size_t who) {
        auto& connection = *connections_[who];
        if (!connection.open)
            co_await connect(connection);
        auto const text = co_await chat(connection.stream, connection.buffer);
        co_return text == answer_text;
    }

private:
    static constexpr auto token = asio::as_tuple(asio::use_awaitable);

    struct Connection {
        Connection(asio::io_context& io, [[maybe_unused]] asio::ssl::context& context)
            : stream([&] {
                  if constexpr (tls)
                      return Stream(asio::any_io_executor(io.get_executor()), context);
                  else
                      return Stream(asio::any_io_executor(io.get_executor()));
              }()) {}

        Stream stream;
        beast::flat_buffer buffer;
        bool open = false;
    };

    static void check(boost::system::error_code ec) {
        if (ec)
            throw boost::system::system_error(ec);
    }

    asio::awaitable<void> connect(Connection& connection) const {
        auto& socket = beast::get_lowest_layer(connection.stream);
        asio::ip::tcp::endpoint const server(asio::ip::address_v4::loopback(), port_);
        socket.expires_after(std::chrono::seconds(30));
        auto const connected = co_await socket.async_connect(server, token);
        check(std::get<0>(connected));
        socket.socket().set_option(asio::ip::tcp::no_delay(true));
        if constexpr (tls) {
            auto const shaken =
                co_await connection.stream.async_handshake(asio::ssl::stream_base::client, token);
            check(std::get<0>(shaken));
        }
        connection.open = true;
    }

    asio::awaitable<std::string> chat(Stream& stream, beast::flat_buffer& buffer) const {
        json::object body;
        body["model"] = model;
        body["max_tokens"] = max_tokens;
        body["messages"] = {
            {{"role", "system"}, {"content", system_text}},
            {{"role", "user"}, {"content", user_text}}};

        http::request<http::string_body> request(http::verb::post, path, 11);
        request.set(http::field::host, host_);
        request.set(http::field::user_agent, "hilum/0.1");
        request.set(http::field::content_type, "application/json");
        request.set(http::field::accept, "application/json");
        request.set(http::field::authorization, std::string("Bearer ") + api_key);
        request.body() = json::serialize(body);
        request.prepare_payload();

        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(30));
        auto const wrote = co_await http::async_write(stream, request, token);
        check(std::get<0>(wrote));
        http::response<http::string_body> response;
        auto const read = co_await http::async_read(stream, buffer, response, token);
        check(std::get<0>(read));

        auto const reply = json::parse(response.body());
        auto const& content = reply.at("choices").at(0).at("message").at("content").as_string();
        co_return std::string(content);
    }

    std::uint16_t port_;
    std::string host_;
    asio::ssl::context context_;
    std::vector<std::unique_ptr<Connection>> connections_;
};

} // namespace bench
