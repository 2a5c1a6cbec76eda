// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/clock.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/manual_clock.hpp>

#include <chrono>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("clock: the steady one by default") {
    Clock const clock;
    CHECK(!clock.manual());
    auto const before = clock.now();
    CHECK(clock.now() >= before);
    CHECK(clock.wall().time_since_epoch() > 24h * 365 * 50);
}

TEST_CASE("clock: a manual one stands still until it is moved") {
    ManualClock manual;
    Clock const clock(manual);
    CHECK(clock.manual() == &manual);
    auto const start = clock.now();
    auto const wall = clock.wall();
    CHECK(clock.now() == start);
    manual.advance(90s);
    CHECK(clock.now() - start == 90s);
    CHECK(clock.wall() - wall == 90s);
    CHECK(Environment(clock).clock.now() == clock.now());
}

TEST_CASE("clock: a deadline never wraps around") {
    CHECK(Clock::after(Clock::time_point(5s), 3s) == Clock::time_point(8s));
    CHECK(Clock::after(Clock::time_point(5s), -3s) == Clock::time_point(2s));
    CHECK(Clock::after(Clock::time_point(5s), Clock::duration::max()) == Clock::never);
    CHECK(Clock::after(Clock::never, 1s) == Clock::never);
    CHECK(Clock::after(Clock::never, 0s) == Clock::never);
}
