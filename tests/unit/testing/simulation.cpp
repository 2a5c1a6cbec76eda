// SPDX-License-Identifier: BSL-1.0
#include <hilum/testing/simulation.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

Task<int> later(Clock clock, Clock::duration pause, int value) {
    co_await sleep_until(clock, Clock::after(clock.now(), pause));
    co_return value;
}

Task<void> fails(Clock clock) {
    co_await sleep_until(clock, Clock::after(clock.now(), 1s));
    throw std::runtime_error("expected");
}

Task<int> waits_for_ever(Clock clock, std::shared_ptr<int> held) {
    co_await sleep_until(clock, Clock::never);
    co_return *held;
}

Task<void> note_later(Simulation& simulation, Clock::duration pause, std::string what) {
    auto const clock = simulation.environment().clock;
    co_await sleep_until(clock, Clock::after(clock.now(), pause));
    simulation.trace().note(clock.now(), what);
}

} // namespace

TEST_CASE("a task that waits a day takes no time") {
    Simulation simulation;
    CHECK(simulation.run(later(simulation.environment().clock, 24h, 42)) == 42);
    CHECK(simulation.elapsed() == 24h);
}

TEST_CASE("run gives back what a task throws") {
    Simulation simulation;
    CHECK_THROWS_WITH(simulation.run(fails(simulation.environment().clock)), "expected");
    simulation.spawn(fails(simulation.environment().clock));
    CHECK_THROWS_WITH(simulation.run(), "expected");
    simulation.run();
    CHECK(simulation.elapsed() == 2s);
}

TEST_CASE("a hang is a failed test, and what hangs is destroyed with the simulation") {
    auto const held = std::make_shared<int>(1);
    {
        Simulation simulation;
        CHECK_THROWS_AS(
            simulation.run(waits_for_ever(simulation.environment().clock, held)), SimulationStuck
        );
        CHECK(simulation.elapsed() == 0s);
        CHECK(held.use_count() == 2);
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("run_for stops at its time and can go on") {
    Simulation simulation;
    simulation.spawn(note_later(simulation, 1s, "a"));
    simulation.spawn(note_later(simulation, 3s, "b"));
    simulation.run_for(2s);
    CHECK(simulation.trace().text() == "1000000000 a\n");
    CHECK(simulation.elapsed() == 2s);
    simulation.run_for(1s);
    CHECK(simulation.trace().text() == "1000000000 a\n3000000000 b\n");
    simulation.run();
    CHECK(simulation.elapsed() == 3s);
}

TEST_CASE("chance comes from the seed") {
    Simulation a(5), b(5), c(6);
    auto const first = a.environment().random.uuid();
    CHECK(first == b.environment().random.uuid());
    CHECK(first != c.environment().random.uuid());
    CHECK(first != a.environment().random.uuid());
}

TEST_CASE("the hash of a trace is FNV-1a") {
    Trace trace;
    CHECK(trace.hash() == 0xcbf29ce484222325ULL);
    trace.note(Clock::time_point(7ns), "x");
    CHECK(trace.text() == "7 x\n");
    Trace same;
    same.note(Clock::time_point(7ns), "x");
    CHECK(trace.hash() == same.hash());
}
