// SPDX-License-Identifier: BSL-1.0
// The client over real sockets: what it sends, reuses, repeats, gives up.

#include <hilum/http.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/loopback_server.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using hilum_test::LoopbackServer;
using hilum_test::TcpPeer;
using Socket = boost::asio::ip::tcp::socket;

namespace {

struct Fixture {
    boost::asio::io_context io{1};

    /// Runs one scenario; the server stops with it.
    template <class F>
    void run(LoopbackServer& server, F scenario) {
        std::exception_ptr failure;
        bool done = false;
        boost::asio::co_spawn(io, scenario(), [&](std::exception_ptr e) {
            failure = e;
            done = true;
            server.stop();
        });
        io.run();
        if (failure)
            std::rethrow_exception(failure);
        REQUIRE(done);
    }
};

HttpRequest post(LoopbackServer const& server, std::string body = "{}") {
    HttpRequest request(HttpMethod::post, server.origin(), "/v1/things");
    request.header("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

HttpRequest get(LoopbackServer const& server) {
    return HttpRequest(HttpMethod::get, server.origin(), "/v1/things");
}

boost::asio::awaitable<void> echo(Socket socket, int) {
    TcpPeer peer(std::move(socket));
    for (;;) {
        auto const request = co_await peer.request();
        if (request.empty())
            co_return;
        co_await peer.answer(request);
    }
}

} // namespace

TEST_CASE_METHOD(Fixture, "one buffer goes out, the reply comes back, the connection is reused") {
    LoopbackServer server(io, echo);
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        auto const request = post(server, "{\"a\":1}");
        for (int i = 0; i < 3; ++i) {
            auto const reply = co_await client.send(cx, request);
            REQUIRE(reply.has_value());
            CHECK(reply->status == 200);
            CHECK(
                reply->body ==
                "POST /v1/things HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                    "\r\nUser-Agent: hilum/" HILUM_VERSION_STRING
                    "\r\nContent-Type: application/json\r\n"
                    "Content-Length: 7\r\n\r\n{\"a\":1}"
            );
        }
        CHECK(client.connections().resting == 1);
        client.close_resting();
        CHECK(client.connections().open == 0);
    });
    CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "a large request and a large reply") {
    LoopbackServer server(io, echo);
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        std::string const body(3 * 1024 * 1024 + 17, 'x');
        auto const request = post(server, body);
        auto const reply = co_await client.send(cx, request);
        REQUIRE(reply.has_value());
        CHECK(reply->body.size() > body.size());
        CHECK(reply->body.ends_with("\r\n\r\n" + body));
        auto const second = co_await client.send(cx, get(server));
        REQUIRE(second.has_value());
        client.close_resting();
    });
    CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "a POST that the server read and then dropped is never sent again") {
    int posts = 0;
    LoopbackServer server(io, [&](Socket socket, int) -> Task<void> {
        TcpPeer peer(std::move(socket));
        co_await peer.request();
        ++posts;
        co_await peer.answer("first");
        auto const second = co_await peer.request();
        if (!second.empty())
            ++posts;
    });
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        auto const request = post(server);
        auto const first = co_await client.send(cx, request);
        REQUIRE(first.has_value());
        auto const second = co_await client.send(cx, request);
        REQUIRE(!second);
        CHECK(second.error() == errc::connection_lost);
        CHECK(second.error().delivery() == Delivery::unknown);
        CHECK(client.connections().open == 0);
    });
    CHECK(posts == 2); // one each
    CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "a GET is sent once more when a reused connection broke, and only once") {
    int gets = 0;
    LoopbackServer server(io, [&](Socket socket, int number) -> Task<void> {
        TcpPeer peer(std::move(socket));
        for (;;) {
            auto const request = co_await peer.request();
            if (request.empty())
                co_return;
            ++gets;
            if (gets == 2 || gets >= 4)
                co_return;
            co_await peer.answer(std::to_string(number));
        }
    });
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        auto const request = get(server);
        auto const first = co_await client.send(cx, request);
        REQUIRE(first.has_value());
        CHECK(first->body == "1");
        auto const second = co_await client.send(cx, request);
        REQUIRE(second.has_value());
        CHECK(second->body == "2");
        CHECK(gets == 3);
        auto const third = co_await client.send(cx, request);
        REQUIRE(!third);
        CHECK(third.error() == errc::connection_lost);
        CHECK(gets == 5);
    });
}

TEST_CASE_METHOD(Fixture, "a connection that the server closed at rest is found before writing") {
    std::vector<std::string> seen;
    LoopbackServer server(io, [&](Socket socket, int number) -> Task<void> {
        TcpPeer peer(std::move(socket));
        co_await peer.request();
        co_await peer.answer(std::to_string(number));
        if (number == 2) // the second one says something that nobody asked for
            co_await peer.say("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        if (number == 2)
            co_await peer.request();
    });
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        auto const request = post(server);
        for (int i = 1; i <= 3; ++i) {
            auto const reply = co_await client.send(cx, request);
            REQUIRE(reply.has_value());
            CHECK(reply->body == std::to_string(i));
            auto executor = co_await boost::asio::this_coro::executor;
            for (int turns = 0; turns < 20; ++turns)
                co_await boost::asio::post(executor, boost::asio::use_awaitable);
        }
        client.close_resting();
    });
    CHECK(server.connections() == 3);
}

TEST_CASE_METHOD(Fixture, "deadlines: the call's, the client's, the first byte, a silence") {
    LoopbackServer server(io, [&](Socket socket, int) -> Task<void> {
        TcpPeer peer(std::move(socket));
        auto const request = co_await peer.request();
        if (request.find("/slow-body") != std::string::npos)
            co_await peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
        co_await peer.request();
    });
    run(server, [&]() -> Task<void> {
        auto const in = [](Clock::duration d) { return Clock().now() + d; };
        BeastHttpClient plain(io);
        BeastHttpClient own(io, HttpClientOptions().timeout(10ms));
        BeastHttpClient first(io, HttpClientOptions().first_byte_timeout(10ms));
        BeastHttpClient idle(io, HttpClientOptions().idle_timeout(10ms));
        auto const request = post(server);
        HttpRequest slow(HttpMethod::post, server.origin(), "/slow-body");

        CallContext cx;
        cx.deadline = in(10ms);
        cx.deadline_scope = Scope::total;
        auto reply = co_await plain.send(cx, request);
        REQUIRE(!reply);
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().scope() == Scope::total);
        CHECK(reply.error().delivery() == Delivery::unknown);

        reply = co_await plain.send(cx, request);
        REQUIRE(!reply);
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().delivery() == Delivery::not_sent);

        CallContext free;
        reply = co_await own.send(free, request);
        REQUIRE(!reply);
        CHECK(reply.error().scope() == Scope::attempt);

        reply = co_await first.send(free, request);
        REQUIRE(!reply);
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().scope() == Scope::first_token);

        reply = co_await idle.send(free, slow);
        REQUIRE(!reply);
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().scope() == Scope::idle);
        CHECK(plain.connections().open == 0);
        CHECK(idle.connections().open == 0);
    });
}

TEST_CASE_METHOD(Fixture, "a reply that ends early is truncated; one without length ends cleanly") {
    std::vector<std::string> const replies{
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\n\r\nall of it",
        "HTTP/1.1 200",
        "SSH-2.0-OpenSSH_9.2\r\n",
    };
    LoopbackServer server(io, [&](Socket socket, int number) -> Task<void> {
        TcpPeer peer(std::move(socket));
        co_await peer.request();
        co_await peer.say(replies[static_cast<std::size_t>(number - 1)]);
    });
    BeastHttpClient client(io);
    run(server, [&]() -> Task<void> {
        CallContext cx;
        auto const request = get(server);
        auto reply = co_await client.send(cx, request);
        CHECK(reply.error() == errc::truncated);
        CHECK(reply.error().delivery() == Delivery::unknown);
        reply = co_await client.send(cx, request);
        CHECK(reply.error() == errc::truncated);
        reply = co_await client.send(cx, request);
        REQUIRE(reply.has_value());
        CHECK(reply->body == "all of it");
        reply = co_await client.send(cx, request);
        CHECK(reply.error() == errc::truncated);
        reply = co_await client.send(cx, request);
        CHECK(reply.error() == errc::malformed_reply);
        CHECK(client.connections().open == 0);
    });
}

TEST_CASE_METHOD(Fixture, "what may not be sent isn't") {
    LoopbackServer server(io, echo);
    BeastHttpClient client(io);
    BeastHttpClient allowed(io, HttpClientOptions().allow_plain_http("example.invalid"));
    run(server, [&]() -> Task<void> {
        CallContext cx;
        HttpRequest bad(HttpMethod::get, server.origin(), "/a\r\nX: y");
        auto reply = co_await client.send(cx, bad);
        CHECK(reply.error() == errc::invalid_request);
        HttpRequest length(HttpMethod::get, server.origin(), "/");
        length.header("content-length", "5");
        reply = co_await client.send(cx, length);
        CHECK(reply.error() == errc::invalid_request);
        HttpRequest elsewhere(HttpMethod::get, server.origin(false, "example.invalid"), "/");
        reply = co_await client.send(cx, elsewhere);
        CHECK(reply.error() == errc::invalid_request);
        CHECK(reply.error().delivery() != Delivery::unknown);
        cx.deadline = Clock().now() + 50ms;
        reply = co_await allowed.send(cx, elsewhere); // a name that never resolves
        REQUIRE(!reply);
        CHECK(reply.error() != errc::invalid_request);
        CHECK(reply.error().delivery() == Delivery::not_sent);
        client.close_resting();
    });
}

TEST_CASE_METHOD(Fixture, "nobody listens: not sent") {
    LoopbackServer server(io, echo);
    BeastHttpClient client(io);
    auto const origin = server.origin();
    server.stop();
    run(server, [&]() -> Task<void> {
        CallContext cx;
        HttpRequest request(HttpMethod::post, origin, "/");
        auto const reply = co_await client.send(cx, request);
        REQUIRE(!reply);
        CHECK(reply.error() == errc::connection_failed);
        CHECK(reply.error().delivery() == Delivery::not_sent);
    });
}
