// SPDX-License-Identifier: BSL-1.0
// labels: threads
// The wire simulator on a pool of threads: requests, faults, questions and its end at once.
#include <hilum/testing/wire_simulator.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using boost::asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

// How many of these requests, each on a connection of its own, came to an end of any kind.
Task<int> requests(std::uint16_t port, int count) {
    std::string const body = R"({"model":"m","messages":[{"role":"user","content":"hello"}]})";
    std::string const text =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        "Authorization: Bearer test-key\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    int ended = 0;
    for (int i = 0; i < count; ++i) {
        tcp::socket socket(co_await asio::this_coro::executor);
        tcp::endpoint const to(asio::ip::address_v4::loopback(), port);
        auto const connected = co_await socket.async_connect(to, tuple);
        if (std::get<0>(connected))
            co_return ended;
        co_await asio::async_write(socket, asio::buffer(text), tuple);
        std::array<char, 4096> buffer;
        boost::system::error_code ec;
        while (!ec) {
            auto const got = co_await socket.async_read_some(asio::buffer(buffer), tuple);
            ec = std::get<0>(got);
        }
        ++ended;
    }
    co_return ended;
}

std::uint16_t port_of(std::string const& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

} // namespace

TEST_CASE("eight clients on four threads") {
    asio::thread_pool pool(4);
    std::atomic<int> seen = 0;
    WireSimulatorOptions options;
    options.faults =
        FaultPlan::parse("reset:30@10%,delay:1@20%,status:500@10%,truncate@5%").value();
    options.on_request = [&](WireRecord const&) { ++seen; };
    WireSimulator simulator(pool.get_executor(), options);
    simulator.listen();
    auto const port = port_of(simulator.url());
    std::vector<std::future<int>> clients;
    for (int i = 0; i < 8; ++i)
        clients.push_back(
            asio::co_spawn(asio::make_strand(pool), requests(port, 20), asio::use_future)
        );
    int ended = 0;
    for (auto& client : clients)
        ended += client.get();
    CHECK(ended == 160);
    CHECK(seen == 160);
    CHECK(simulator.requests() == 160);
    CHECK(simulator.records().size() == 160);
    simulator.stop();
    pool.join();
}

TEST_CASE("a simulator may go while its clients are at work") {
    asio::thread_pool pool(4);
    auto options = WireSimulatorOptions();
    options.faults = FaultPlan::parse("stall@30-1000").value();
    auto simulator = std::make_unique<WireSimulator>(pool.get_executor(), options);
    simulator->listen();
    auto const port = port_of(simulator->url());
    for (int i = 0; i < 8; ++i)
        asio::co_spawn(asio::make_strand(pool), requests(port, 20), asio::detached);
    while (simulator->requests() < 30)
        std::this_thread::yield();
    simulator->script(FaultPlan());
    simulator.reset();
    pool.join();
    SUCCEED("the pool ran out of work");
}
