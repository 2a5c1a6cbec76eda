// SPDX-License-Identifier: BSL-1.0
// labels: threads
// One client, four threads, with strands and without.

#include <hilum/http.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/loopback_server.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using hilum_test::LoopbackServer;
using hilum_test::TcpPeer;
using Socket = boost::asio::ip::tcp::socket;
namespace asio = boost::asio;

namespace {

/// Answers most, stalls on some, hangs up on some.
Task<void> moody(Socket socket, int) {
    TcpPeer peer(std::move(socket));
    for (;;) {
        auto const request = co_await peer.request();
        if (request.empty())
            co_return;
        if (request.find("/close") != std::string::npos)
            co_return;
        if (request.find("/stall") == std::string::npos)
            co_await peer.answer(request);
    }
}

class Tally {
public:
    std::atomic<int> answered = 0, timed_out = 0, lost = 0, other = 0, running = 0;
};

Task<void> caller(
    BeastHttpClient client, std::shared_ptr<HttpOrigin const> origin, int number, Tally& tally
) {
    for (int i = 0; i < 40; ++i) {
        CallContext cx;
        std::string target = "/fine";
        if ((number + i) % 10 == 0) {
            target = "/stall";
            cx.deadline = Clock().now() + std::chrono::milliseconds(number % 3);
            cx.deadline_scope = Scope::total;
        } else if ((number + i) % 10 == 1) {
            target = "/close";
        }
        HttpRequest request(HttpMethod::post, origin, target);
        request.body = std::string(static_cast<std::size_t>(number) * 100, 'b');
        auto const reply = co_await client.send(cx, request);
        if (reply.has_value() && reply->body.ends_with(request.body))
            ++tally.answered;
        else if (reply.has_error() && reply.error() == errc::timeout)
            ++tally.timed_out;
        else if (reply.has_error() && reply.error() == errc::connection_lost)
            ++tally.lost;
        else
            ++tally.other;
    }
}

} // namespace

TEST_CASE("one client, four threads") {
    bool const strands = GENERATE(true, false);
    // The sockets live on one context, the calls on another, or on the same.
    bool const apart = GENERATE(true, false);
    asio::io_context server_io{1};
    LoopbackServer server(server_io, moody);
    auto const origin = server.origin();
    std::thread serving([&] { server_io.run(); });
    Tally tally;
    constexpr int callers = 12;
    {
        asio::thread_pool calls(4);
        asio::thread_pool sockets(1);
        asio::any_io_executor const io = apart ? asio::any_io_executor(sockets.get_executor())
                                               : asio::any_io_executor(calls.get_executor());
        BeastHttpClient client(io, HttpClientOptions().max_connections(5));
        for (int i = 0; i < callers; ++i) {
            asio::any_io_executor executor = calls.get_executor();
            if (strands)
                executor = asio::make_strand(calls);
            asio::co_spawn(executor, caller(client, origin, i, tally), asio::detached);
        }
        calls.join();
        CHECK(client.connections().waiting == 0);
        CHECK(client.connections().open == client.connections().resting);
        client.close_resting();
        sockets.join();
    }
    server_io.stop();
    serving.join();
    CHECK(tally.other == 0);
    CHECK(tally.answered + tally.timed_out + tally.lost == callers * 40);
    CHECK(tally.answered >= callers * 30);
    CHECK(tally.timed_out > 0);
    CHECK(tally.lost > 0);
}

namespace {

std::atomic<int> lookups = 0;
std::atomic<bool> released = false;

boost::system::error_code scripted_lookup(
    std::string const& host, std::vector<asio::ip::address>& addresses
) {
    ++lookups;
    if (host == "hangs.example")
        released.wait(false);
    if (host == "unknown.example")
        return asio::error::host_not_found;
    addresses.push_back(asio::ip::make_address("192.0.2.1"));
    addresses.push_back(asio::ip::make_address("2001:db8::1"));
    return {};
}

} // namespace

TEST_CASE("a name is looked up once for all who ask, and never longer than they wait") {
    lookups = 0;
    released = false;
    SystemResolver resolver(ResolverOptions(), &scripted_lookup);
    std::atomic<int> found = 0, failed = 0, late = 0;
    auto const ask = [&](std::string host, Clock::duration limit) -> Task<void> {
        CallContext cx;
        auto answer = co_await resolver.resolve(cx, host, 443, Clock().now() + limit);
        if (answer.has_value() && answer->size() == 2 && (*answer)[0].port() == 443)
            ++found;
        else if (answer.has_error() && answer.error() == errc::connection_failed)
            ++failed;
        else if (answer.has_error() && answer.error() == errc::timeout)
            ++late;
    };
    {
        asio::thread_pool pool(4);
        for (int i = 0; i < 40; ++i) {
            asio::co_spawn(pool, ask("known.example", 5s), asio::detached);
            asio::co_spawn(pool, ask("unknown.example", 5s), asio::detached);
            asio::co_spawn(pool, ask("hangs.example", 10ms), asio::detached);
        }
        pool.join();
    }
    CHECK(found == 40);
    CHECK(failed == 40);
    CHECK(late == 40);
    CHECK(lookups == 3);
    {
        asio::io_context io{1};
        asio::co_spawn(io, ask("hangs.example", 5s), asio::detached);
        io.run_for(1ms); // the context dies while somebody waits for the name
    }
    released = true;
    released.notify_all();
}
