// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/network.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

static_assert(NetworkStream<SimulatedStream>);
static_assert(Network<SimulatedNetwork>);

namespace {

constexpr char const* url = "http://echo.test";
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

// Sends back what it reads, until the end.
Task<void> echo(SimulatedStream stream) {
    std::array<char, 256> buffer;
    for (;;) {
        auto const got = co_await stream.async_read_some(asio::buffer(buffer), tuple);
        if (std::get<0>(got))
            co_return;
        auto const piece = asio::buffer(buffer.data(), std::get<1>(got));
        auto const sent = co_await asio::async_write(stream, piece, tuple);
        if (std::get<0>(sent))
            co_return;
    }
}

class Exchange {
public:
    Exchange() = default;

    boost::system::error_code error;
    std::string got;
    Clock::duration took{};
};

Task<Exchange> exchange(SimulatedNetwork network, std::string text) {
    Exchange out;
    auto const clock = network.environment().clock;
    auto connected = co_await network.connect(url);
    if (!connected) {
        out.error = connected.error().code();
        out.took = clock.now().time_since_epoch();
        co_return out;
    }
    auto& stream = **connected;
    auto const sent = co_await asio::async_write(stream, asio::buffer(text), tuple);
    out.error = std::get<0>(sent);
    out.got.resize(text.size());
    if (!out.error) {
        auto const got = co_await asio::async_read(stream, asio::buffer(out.got), tuple);
        out.error = std::get<0>(got);
        out.got.resize(std::get<1>(got));
    }
    out.took = clock.now().time_since_epoch();
    co_return out;
}

Task<Error> try_connect(SimulatedNetwork network, Clock::duration limit) {
    CallContext cx(network.environment());
    auto const origin = HttpOrigin::parse(url).value();
    auto const clock = network.environment().clock;
    auto const connected = co_await network.connect(cx, origin, Clock::after(clock.now(), limit));
    co_return connected ? Error() : connected.error();
}

} // namespace

TEST_CASE("bytes arrive whole and in order, however they are cut and delayed") {
    Simulation simulation(3);
    simulation.network().serve(url, echo);
    simulation.network().conditions() = {.max_delay = 50ms, .max_piece = 7};
    std::string const text(1000, 'x');
    auto const out = simulation.run(exchange(simulation.network(), text + "end"));
    CHECK(!out.error);
    CHECK(out.got == text + "end");
    CHECK(out.took > 1ms);
    CHECK(out.took < 1s);
    CHECK(simulation.network().connections() == 1);
}

TEST_CASE("connecting takes its time") {
    Simulation simulation;
    simulation.network().serve(url, echo);
    simulation.network().conditions(url).connect_delay = 70ms;
    auto const out = simulation.run(exchange(simulation.network(), "hi"));
    CHECK(out.got == "hi");
    CHECK(out.took == 70ms);
}

TEST_CASE("a writer waits for a reader that doesn't read") {
    Simulation simulation;
    auto sink = [&](SimulatedStream stream) -> Task<void> {
        auto const clock = simulation.environment().clock;
        co_await sleep_until(clock, Clock::after(clock.now(), 5s));
        co_await echo(std::move(stream));
    };
    simulation.network().serve(url, sink);
    simulation.network().conditions().window = 100;
    auto out = simulation.run(exchange(simulation.network(), std::string(250, 'x')));
    CHECK(out.got == std::string(250, 'x'));
    CHECK(out.took == 5s + 1ms);
}

TEST_CASE("how a host can be out of reach") {
    Simulation simulation;
    auto& network = simulation.network();
    auto const attempt = [&](Reachability how) {
        network.serve(url, echo);
        network.conditions(url).reachability = how;
        return simulation.run(try_connect(network, 2s));
    };
    auto const nobody = simulation.run(try_connect(network, 2s));
    CHECK(nobody == errc::connection_failed);
    CHECK(nobody.delivery() == Delivery::not_sent);
    CHECK(attempt(Reachability::unknown_host) == errc::connection_failed);
    CHECK(simulation.elapsed() == 0s);
    CHECK(attempt(Reachability::refuses) == errc::connection_failed);
    CHECK(simulation.elapsed() == 1ms);
    CHECK(attempt(Reachability::unresolved) == errc::timeout);
    CHECK(simulation.elapsed() == 2s + 1ms);
    CHECK(attempt(Reachability::silent) == errc::timeout);
    CHECK(simulation.elapsed() == 4s + 1ms);
    CHECK(attempt(Reachability::answers).value() == errc::ok);
    network.conditions(url).refuse = 1;
    CHECK(attempt(Reachability::answers) == errc::connection_failed);
    CHECK(network.connections() == 1);
}

TEST_CASE("a connection is reset or stalls where chance says so") {
    Simulation simulation;
    simulation.network().serve(url, echo);
    simulation.network().conditions(url).reset = 1;
    auto const reset = simulation.run(exchange(simulation.network(), "hi"));
    CHECK(reset.error == asio::error::connection_reset);
    simulation.network().conditions(url) = {.stall = 1};
    CHECK_THROWS_AS(simulation.run(exchange(simulation.network(), "hi")), SimulationStuck);
}

TEST_CASE("closing ends both sides in order; resetting breaks them") {
    Simulation simulation;
    std::vector<boost::system::error_code> seen;
    auto listener = [&](SimulatedStream stream) -> Task<void> {
        std::string all(100, 0);
        auto const got = co_await asio::async_read(stream, asio::buffer(all), tuple);
        seen.push_back(std::get<0>(got));
        CHECK(std::get<1>(got) == 5);
        auto const sent = co_await stream.async_write_some(asio::buffer(all), tuple);
        CHECK(std::get<0>(sent));
    };
    simulation.network().serve(url, listener);
    auto client = [&](bool reset) -> Task<void> {
        auto connected = co_await simulation.network().connect(url);
        auto stream = std::move(**connected);
        CHECK(stream.is_alive());
        auto const sent = co_await asio::async_write(stream, asio::buffer("hello", 5), tuple);
        CHECK(!std::get<0>(sent));
        reset ? stream.reset() : stream.close();
        CHECK_FALSE(stream.is_alive());
        std::array<char, 8> buffer;
        auto const got = co_await stream.async_read_some(asio::buffer(buffer), tuple);
        CHECK(std::get<0>(got) == asio::error::operation_aborted);
        auto const more = co_await stream.async_write_some(asio::buffer("x", 1), tuple);
        CHECK(std::get<0>(more));
    };
    simulation.run(client(false));
    simulation.run(client(true));
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] == asio::error::eof);
    CHECK(seen[1] == asio::error::connection_reset);
}

TEST_CASE("a pooled stream sees that its peer has gone or has said something") {
    Simulation simulation;
    auto talker = [&](SimulatedStream stream) -> Task<void> {
        auto const clock = simulation.environment().clock;
        co_await sleep_until(clock, Clock::after(clock.now(), 1s));
        co_await asio::async_write(stream, asio::buffer("stray", 5), tuple);
    };
    simulation.network().serve(url, talker);
    auto client = [&]() -> Task<void> {
        auto connected = co_await simulation.network().connect(url);
        auto& stream = **connected;
        auto const clock = simulation.environment().clock;
        CHECK(stream.is_alive());
        co_await sleep_until(clock, Clock::after(clock.now(), 2s));
        CHECK_FALSE(stream.is_alive());
        std::array<char, 5> buffer;
        co_await asio::async_read(stream, asio::buffer(buffer), tuple);
        CHECK_FALSE(stream.is_alive());
    };
    simulation.run(client());
}

TEST_CASE("a read that is cancelled ends at once and the stream stays usable") {
    Simulation simulation;
    simulation.network().serve(url, echo);
    asio::cancellation_signal signal;
    auto client = [&]() -> Task<void> {
        auto connected = co_await simulation.network().connect(url);
        auto& stream = **connected;
        std::array<char, 4> buffer;
        auto const got = co_await stream.async_read_some(
            asio::buffer(buffer), asio::bind_cancellation_slot(signal.slot(), tuple)
        );
        CHECK(std::get<0>(got) == asio::error::operation_aborted);
        co_await asio::async_write(stream, asio::buffer("ping", 4), tuple);
        auto const again = co_await asio::async_read(stream, asio::buffer(buffer), tuple);
        CHECK(!std::get<0>(again));
        CHECK(std::string(buffer.data(), 4) == "ping");
    };
    auto canceller = [&]() -> Task<void> {
        auto const clock = simulation.environment().clock;
        co_await sleep_until(clock, Clock::after(clock.now(), 1s));
        signal.emit(asio::cancellation_type::terminal);
    };
    simulation.spawn(canceller());
    simulation.run(client());
    CHECK(simulation.elapsed() == 1s);
}

TEST_CASE("connecting can be cancelled") {
    Simulation simulation;
    simulation.network().serve(url, echo);
    simulation.network().conditions(url).reachability = Reachability::silent;
    asio::cancellation_signal signal;
    Error error;
    asio::co_spawn(
        simulation.context(),
        try_connect(simulation.network(), 60s),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, Error e) { error = e; })
    );
    simulation.run_for(1s);
    signal.emit(asio::cancellation_type::terminal);
    simulation.run_for(1ms);
    CHECK(error == errc::cancelled);
    CHECK(error.delivery() == Delivery::not_sent);
}

TEST_CASE("an exception of a server comes out of run") {
    Simulation simulation;
    auto broken = [](SimulatedStream) -> Task<void> {
        throw std::runtime_error("server broke");
        co_return;
    };
    simulation.network().serve(url, broken);
    CHECK_THROWS_WITH(simulation.run(exchange(simulation.network(), "hi")), "server broke");
}

TEST_CASE("a simulation may be destroyed while everything waits") {
    auto const held = std::make_shared<int>(0);
    {
        Simulation simulation;
        auto server = [held](SimulatedStream stream) -> Task<void> {
            auto const mine = held;
            co_await echo(std::move(stream));
        };
        simulation.network().serve(url, server);
        auto client = [&simulation](std::shared_ptr<int> mine) -> Task<void> {
            auto connected = co_await simulation.network().connect(url);
            std::array<char, 4> buffer;
            co_await (*connected)->async_read_some(asio::buffer(buffer), tuple);
            ++*mine;
        };
        simulation.spawn(client(held));
        simulation.run();
        CHECK(held.use_count() > 2);
    }
    CHECK(held.use_count() == 1);
    CHECK(*held == 0);
}

TEST_CASE("a stream may outlive its simulation") {
    std::unique_ptr<SimulatedStream> left;
    {
        Simulation simulation;
        simulation.network().serve(url, echo);
        auto client = [&]() -> Task<void> {
            auto connected = co_await simulation.network().connect(url);
            left = std::move(*connected);
        };
        simulation.run(client());
    }
    left.reset();
}

TEST_CASE("same seed, same trace; another seed, another") {
    auto const trace = [](std::uint64_t seed) {
        Simulation simulation(seed);
        simulation.network().serve(url, echo);
        simulation.network().conditions() = {.max_delay = 50ms, .max_piece = 30, .reset = 0.02};
        auto caller = [&](int id) -> Task<void> {
            auto const out = co_await exchange(simulation.network(), std::string(200, 'x'));
            simulation.trace().note(
                simulation.clock().now(), std::to_string(id) + (out.error ? " failed" : " ok")
            );
        };
        for (int i = 0; i < 5; ++i)
            simulation.spawn(caller(i));
        simulation.run();
        return simulation.trace();
    };
    CHECK(trace(7).text() == trace(7).text());
    CHECK(trace(7).text() != trace(8).text());
    CHECK(trace(7).hash() == 0xa72cd85318836f7);
}

TEST_CASE("a base URL that is none is refused by name") {
    Simulation simulation;
    CHECK_THROWS_AS(simulation.network().serve("echo.test", echo), ConfigurationError);
}
