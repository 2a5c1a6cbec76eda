// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/task.hpp>
#include <hilum/core/timer.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <optional>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("timer: sleep_until takes exactly that long") {
    Simulation simulation;
    Clock const clock(simulation.clock());
    CHECK(simulation.run(sleep_until(clock, Clock::time_point(10s))));
    CHECK(simulation.elapsed() == 10s);
    CHECK(simulation.run(sleep_until(clock, Clock::time_point(4s)))); // in the past: at once
    CHECK(simulation.elapsed() == 10s);
}

TEST_CASE("timer: sleep_until ends early when it is cancelled") {
    Simulation simulation;
    Clock const clock(simulation.clock());
    asio::cancellation_signal signal;
    std::optional<bool> slept;
    auto sleeper = [](Clock c, std::optional<bool>& out) -> Task<void> {
        out = co_await sleep_until(c, Clock::time_point(10s));
    };
    asio::co_spawn(
        simulation.executor(),
        sleeper(clock, slept),
        asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {})
    );
    simulation.clock().async_wait_until(
        simulation.executor(),
        Clock::time_point(3s),
        nullptr,
        [&](boost::system::error_code) { signal.emit(asio::cancellation_type::terminal); }
    );
    simulation.run();
    REQUIRE(slept);
    CHECK(!*slept);
    CHECK(simulation.elapsed() == 3s);
}

TEST_CASE("timer: a new time cancels the wait for the old one") {
    Simulation simulation;
    Timer timer(simulation.executor(), Clock(simulation.clock()));
    int aborted = 0, ended = 0;
    auto const note = [&](boost::system::error_code ec) { ++(ec ? aborted : ended); };
    timer.expires_at(Clock::time_point(10s));
    timer.async_wait(note);
    timer.expires_at(Clock::time_point(20s));
    timer.async_wait(note);
    simulation.run();
    CHECK(aborted == 1);
    CHECK(ended == 1);
    CHECK(simulation.elapsed() == 20s);
    timer.cancel(); // nothing waits
    simulation.run();
    CHECK(aborted == 1);
}

TEST_CASE("timer: what still waits is aborted when the timer goes") {
    Simulation simulation;
    bool aborted = false;
    {
        Timer timer(simulation.executor(), Clock(simulation.clock()));
        timer.expires_at(Clock::time_point(10s));
        timer.async_wait([&](boost::system::error_code ec) {
            aborted = ec == asio::error::operation_aborted;
        });
    }
    simulation.run();
    CHECK(aborted);
    CHECK(simulation.elapsed() == 0s);
}

TEST_CASE("timer: the real one, for a time that has come already") {
    auto scenario = []() -> Task<bool> {
        auto const executor = co_await asio::this_coro::executor;
        Timer timer(executor, Clock());
        timer.expires_at(Clock().now() - 1s);
        auto const ec = co_await timer.wait();
        co_return !ec && co_await sleep_until(Clock(), Clock().now() - 1s);
    };
    CHECK(run(scenario()));
}

TEST_CASE("timer: the real one can be cancelled") {
    asio::io_context io{1};
    Timer timer(io.get_executor(), Clock());
    bool aborted = false;
    timer.expires_at(Clock::never);
    timer.async_wait([&](boost::system::error_code ec) {
        aborted = ec == asio::error::operation_aborted;
    });
    asio::post(io, [&] { timer.cancel(); });
    io.run();
    CHECK(aborted);
}
