// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/timer.hpp>
#include <hilum/testing/detail/wire_message.hpp>
#include <hilum/testing/faults.hpp>
#include <hilum/testing/simulated_stream.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

using TlsStream = asio::ssl::stream<asio::ip::tcp::socket>;

// How each kind of stream breaks, and how it ends in order.

inline void break_off(SimulatedStream& stream) { stream.reset(); }

inline void break_off(asio::ip::tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

inline void break_off(TlsStream& stream) { break_off(stream.next_layer()); }

inline Task<void> end_in_order(SimulatedStream& stream) {
    stream.close();
    co_return;
}

inline Task<void> end_in_order(asio::ip::tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    socket.close(ignored);
    co_return;
}

inline Task<void> end_in_order(TlsStream& stream) {
    co_await stream.async_shutdown(asio::as_tuple(asio::use_awaitable));
    boost::system::error_code ignored;
    stream.next_layer().close(ignored);
}

// Nothing more will be written; what the client still sends can be read.

inline void end_sending(SimulatedStream& stream) { stream.shutdown_send(); }

inline void end_sending(asio::ip::tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

inline void end_sending(TlsStream& stream) { end_sending(stream.next_layer()); }

/// What a session needs of the simulator: one request in, its number and fault, the answer.
class WireBackend {
public:
    class Answer {
    public:
        Answer() = default;

        WireReply reply;
        Fault fault;
    };

    virtual ~WireBackend() = default;
    virtual Answer answer(WireRequest request) = 0;
    virtual Clock clock() const = 0;
    virtual std::uint32_t max_header() const = 0;
    virtual std::uint64_t max_body() const = 0;
};

/// One reply as bytes, with the places at which they are handed over.
class WireBytes {
public:
    WireBytes() = default;

    WireBytes(WireReply const& reply, Fault const& fault, bool keep_alive) {
        auto body = std::string_view(reply.body);
        bool const cut = fault.cut_at.has_value();
        if (cut)
            body = body.substr(
                0,
                *fault.cut_at == std::numeric_limits<std::size_t>::max() ? body.size() / 2
                                                                         : *fault.cut_at
            );
        all = "HTTP/1.1 " + std::to_string(reply.status) + " Simulated\r\n";
        all += "Server: hilum-simulator\r\nContent-Type: " + reply.type + "\r\n";
        for (auto const& [name, value] : reply.headers)
            all += name + ": " + value + "\r\n";
        all += keep_alive ? "" : "Connection: close\r\n";
        if (reply.chunks.empty()) {
            all += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
            all += body;
            pieces.push_back(all.size());
        } else {
            all += "Transfer-Encoding: chunked\r\n\r\n";
            pieces.push_back(all.size());
            for (auto const size : reply.chunks) {
                if (body.empty())
                    break;
                add_chunk(body.substr(0, size));
                body.remove_prefix(std::min(size, body.size()));
            }
            if (!cut) {
                all += "0\r\n\r\n";
                pieces.push_back(5);
            }
        }
        if (fault.reset_at)
            limit = std::min(*fault.reset_at, all.size());
        else
            limit = all.size();
    }

    std::string all;
    std::vector<std::size_t> pieces;
    std::size_t limit = 0; ///< bytes that go out before the connection breaks

private:
    void add_chunk(std::string_view data) {
        char size[16];
        auto const end = std::to_chars(size, size + sizeof size, data.size(), 16).ptr;
        auto const before = all.size();
        all.append(size, end).append("\r\n").append(data).append("\r\n");
        pieces.push_back(all.size() - before);
    }
};

/// Writes piece by piece, or byte by byte; false when the client has gone.
template <class Stream>
Task<bool> write_bytes(Stream& stream, Clock clock, WireBytes const& bytes, Clock::duration drip) {
    bool const slow = drip != Clock::duration::zero();
    std::size_t done = 0, piece = 0;
    while (done < bytes.limit) {
        auto const size = std::min(slow ? 1 : bytes.pieces[piece++], bytes.limit - done);
        auto const buffer = asio::buffer(bytes.all.data() + done, size);
        auto const sent =
            co_await asio::async_write(stream, buffer, asio::as_tuple(asio::use_awaitable));
        if (std::get<0>(sent))
            co_return false;
        done += size;
        if (!slow || done == bytes.limit)
            continue;
        bool const waited = co_await sleep_until(clock, Clock::after(clock.now(), drip));
        if (!waited)
            co_return false;
    }
    co_return true;
}

/// Reads and forgets until the client leaves, at most @p most bytes.
template <class Stream>
Task<void> read_to_end(Stream& stream, std::uint64_t most) {
    std::vector<char> sink(16 * 1024);
    std::uint64_t got = 0;
    while (got < most) {
        auto const r = co_await stream.async_read_some(
            asio::buffer(sink), asio::as_tuple(asio::use_awaitable)
        );
        if (std::get<0>(r))
            co_return;
        got += std::get<1>(r);
    }
}

using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

inline WireRequest take_request(RequestParser& parser) {
    WireRequest out;
    auto& message = parser.get();
    out.method = std::string(message.method_string());
    out.target = std::string(message.target());
    for (auto const& field : message)
        out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    out.body = std::move(message.body());
    return out;
}

/// Reads one request; the status to refuse it with, 0 when it is whole, 1 when the client has gone.
template <class Stream>
Task<unsigned> read_request(
    Stream& stream, boost::beast::flat_buffer& buffer, RequestParser& parser
) {
    namespace http = boost::beast::http;
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    auto got = co_await http::async_read_header(stream, buffer, parser, token);
    auto ec = std::get<0>(got);
    if (!ec && parser.get()[http::field::expect] == "100-continue") {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        auto const sent = co_await asio::async_write(stream, asio::buffer(go_on), token);
        ec = std::get<0>(sent);
    }
    if (!ec) {
        auto const rest = co_await http::async_read(stream, buffer, parser, token);
        ec = std::get<0>(rest);
    }
    if (!ec)
        co_return 0;
    if (ec == http::error::header_limit)
        co_return 431;
    if (ec == http::error::body_limit)
        co_return 413;
    if (ec == http::error::end_of_stream || ec == http::error::partial_message ||
        ec.category() != make_error_code(http::error::bad_method).category())
        co_return 1;
    co_return 400;
}

/// One connection, from its first request to its end.
template <class Stream>
Task<void> run_session(Stream& stream, std::shared_ptr<WireBackend> backend) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        RequestParser parser;
        parser.header_limit(backend->max_header());
        parser.body_limit(backend->max_body());
        auto const refused = co_await read_request(stream, buffer, parser);
        if (refused == 1)
            co_return;
        WireBackend::Answer answer;
        bool const keep_alive = refused == 0 && parser.keep_alive();
        if (refused != 0)
            answer.reply = WireReply(refused, "{\"error\":{\"message\":\"refused\"}}");
        else
            answer = backend->answer(take_request(parser));
        auto const& fault = answer.fault;
        auto const clock = backend->clock();
        if (fault.stall) {
            co_await read_to_end(stream, backend->max_body());
            co_return;
        }
        if (fault.delay != Clock::duration::zero()) {
            bool const waited = co_await sleep_until(clock, Clock::after(clock.now(), fault.delay));
            if (!waited)
                co_return;
        }
        WireBytes const bytes(answer.reply, fault, keep_alive);
        bool const written = co_await write_bytes(stream, clock, bytes, fault.drip);
        if (!written)
            co_return;
        if (fault.reset_at) {
            break_off(stream);
            co_return;
        }
        if (refused != 0) {
            // A close with something unread would reset the connection before the reply is read.
            end_sending(stream);
            co_await read_to_end(stream, 4 * backend->max_body());
            co_return;
        }
        if (!keep_alive || fault.cut_at) {
            co_await end_in_order(stream);
            co_return;
        }
    }
}

} // namespace hilum::inline HILUM_ABI::detail
