// SPDX-License-Identifier: BSL-1.0
// The queue for connections, and cancellation wherever a call may stand.

#include <hilum/http.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/loopback_server.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using hilum_test::as_result;
using hilum_test::LoopbackServer;
using hilum_test::TcpPeer;
using Socket = boost::asio::ip::tcp::socket;
namespace asio = boost::asio;

namespace {

/// Waits a little, then answers with the target.
Task<void> slowly(Socket socket, int) {
    TcpPeer peer(std::move(socket));
    for (;;) {
        auto const request = co_await peer.request();
        if (request.empty())
            co_return;
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor, 2ms);
        co_await timer.async_wait(as_result);
        co_await peer.answer(request.substr(0, request.find(" HTTP")));
    }
}

Task<void> never(Socket socket, int) {
    TcpPeer peer(std::move(socket));
    while (!(co_await peer.request()).empty()) {
    }
}

Task<Result<HttpResponse>> post(
    BeastHttpClient client,
    std::shared_ptr<HttpOrigin const> origin,
    std::string target,
    Clock::time_point deadline = Clock::never
) {
    CallContext cx;
    cx.deadline = deadline;
    cx.deadline_scope = Scope::total;
    HttpRequest const request(HttpMethod::post, origin, target);
    co_return co_await client.send(cx, request);
}

} // namespace

TEST_CASE("who finds all connections in use waits in line") {
    asio::io_context io{1};
    LoopbackServer server(io, slowly);
    BeastHttpClient client(io, HttpClientOptions().max_connections(2));
    std::vector<std::string> order;
    constexpr int calls = 9;
    for (int i = 0; i < calls; ++i)
        asio::co_spawn(
            io,
            post(client, server.origin(), "/" + std::to_string(i)),
            [&](std::exception_ptr e, Result<HttpResponse> reply) {
                REQUIRE(!e);
                REQUIRE(reply.has_value());
                order.push_back(reply->body);
                if (order.size() == calls)
                    server.stop();
            }
        );
    io.run_for(5s);
    CHECK(server.connections() == 2);
    std::vector<std::string> expected;
    for (int i = 0; i < calls; ++i)
        expected.push_back("POST /" + std::to_string(i));
    CHECK(order == expected);
    CHECK(client.connections().resting == 2);
    CHECK(client.connections().waiting == 0);
    client.close_resting();
}

TEST_CASE("waiting in line ends at the deadline, and the place in it is given up") {
    asio::io_context io{1};
    LoopbackServer server(io, never);
    BeastHttpClient client(io, HttpClientOptions().max_connections(1));
    auto const now = Clock().now();
    std::vector<Error> errors;
    auto const keep = [&](std::exception_ptr, Result<HttpResponse> reply) {
        errors.push_back(reply.error());
        if (errors.size() == 3)
            server.stop();
    };
    asio::co_spawn(io, post(client, server.origin(), "/1", now + 30ms), keep);
    asio::co_spawn(io, post(client, server.origin(), "/2", now + 10ms), keep);
    asio::co_spawn(io, post(client, server.origin(), "/3", now + 45ms), keep);
    io.run_for(5s);
    REQUIRE(errors.size() == 3);
    CHECK(errors[0].delivery() == Delivery::not_sent); // the second call, in line
    CHECK(errors[1].delivery() == Delivery::unknown);  // the first, on the wire
    CHECK(errors[2].delivery() == Delivery::unknown);  // the third, after the first
    for (auto const& error : errors) {
        CHECK(error == errc::timeout);
        CHECK(error.scope() == Scope::total);
    }
    CHECK(client.connections().open == 0);
}

TEST_CASE("a cancelled call ends at once, wherever it stands") {
    asio::io_context io{1};
    LoopbackServer server(io, never);
    BeastHttpClient client(io, HttpClientOptions().max_connections(1));
    asio::cancellation_signal on_the_wire, in_line, at_once;
    std::vector<std::string> ended;
    auto const start = [&](char const* name, asio::cancellation_signal& signal) {
        asio::co_spawn(
            io,
            post(client, server.origin(), "/"),
            asio::bind_cancellation_slot(
                signal.slot(),
                [&ended, &server, name](std::exception_ptr e, Result<HttpResponse> reply) {
                    CHECK(!e);
                    CHECK(reply.error() == errc::cancelled);
                    ended.push_back(std::string(name) + " " + to_string(reply.error().delivery()));
                    if (ended.size() == 3)
                        server.stop();
                }
            )
        );
    };
    start("wire", on_the_wire);
    start("line", in_line);
    asio::steady_timer timer(io, 10ms);
    timer.async_wait([&](auto) {
        CHECK(client.connections().waiting == 1);
        in_line.emit(asio::cancellation_type::terminal);
        on_the_wire.emit(asio::cancellation_type::terminal);
        start("connect", at_once);
        asio::post(io, [&] { at_once.emit(asio::cancellation_type::terminal); });
    });
    auto const began = Clock().now();
    io.run_for(5s);
    CHECK(Clock().now() - began < 2s);
    REQUIRE(ended.size() == 3);
    CHECK(std::count(ended.begin(), ended.end(), "line not_sent") == 1);
    CHECK(std::count(ended.begin(), ended.end(), "wire unknown") == 1);
    CHECK(client.connections().open == 0);
    CHECK(client.connections().waiting == 0);
}

TEST_CASE("an address that never answers") {
    asio::io_context io{1};
    // A listener whose backlog is full: the kernel drops further connection requests.
    asio::ip::tcp::acceptor full(io);
    full.open(asio::ip::tcp::v4());
    full.bind(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    full.listen(0);
    auto const port = full.local_endpoint().port();
    std::vector<Socket> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.emplace_back(io);
        waiting.back().async_connect(full.local_endpoint(), [](auto) {});
    }
    io.poll();
    auto const origin = std::make_shared<HttpOrigin const>(
        HttpOrigin::parse("http://127.0.0.1:" + std::to_string(port)).value()
    );
    BeastHttpClient client(io, HttpClientOptions().connect_timeout(20ms));
    std::optional<Error> ended;
    asio::co_spawn(
        io,
        post(client, origin, "/"),
        [&](std::exception_ptr, Result<HttpResponse> reply) {
            ended = reply.error();
            for (auto& socket : waiting)
                socket.close();
        }
    );
    auto const began = Clock().now();
    io.run_for(5s);
    CHECK(Clock().now() - began < 2s);
    REQUIRE(ended);
    CHECK(*ended == errc::timeout);
    CHECK(ended->scope() == Scope::attempt);
    CHECK(ended->delivery() == Delivery::not_sent);
}

TEST_CASE("a context may die with calls in the air") {
    std::optional<LoopbackServer> server;
    asio::io_context io{1};
    server.emplace(io, never);
    BeastHttpClient client(io, HttpClientOptions().max_connections(1));
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(io, post(client, server->origin(), "/"), asio::detached);
    io.run_for(5ms);
    CHECK(client.connections().open == 1);
    server.reset();
}
