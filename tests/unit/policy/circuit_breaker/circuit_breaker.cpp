// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/manual_clock.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>

#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using enum CircuitResult;

namespace {

Clock::time_point at(Clock::duration since) { return Clock::time_point(since); }

CircuitBreaker::Permit admit(CircuitBreaker& breaker, Clock::duration now) {
    auto permit = breaker.try_acquire(at(now));
    REQUIRE(permit.has_value());
    return std::move(*permit);
}

/// A call that begins and ends at the same instant.
std::optional<CircuitTransition> call(
    CircuitBreaker& breaker, CircuitResult result, Clock::duration now
) {
    return admit(breaker, now).record(result, at(now));
}

void open(CircuitBreaker& breaker, Clock::duration now) {
    for (int i = 0; i < breaker.options().failures; ++i)
        call(breaker, failure, now);
    REQUIRE(breaker.state() == CircuitState::open);
}

} // namespace

TEST_CASE("a breaker opens after so many failures in a row and says when to come back") {
    CircuitBreaker breaker;
    CHECK(breaker.name() == "default");
    for (int i = 0; i < 4; ++i)
        CHECK_FALSE(call(breaker, failure, 0s));
    CHECK(breaker.failures_in_a_row() == 4);
    auto const opened = call(breaker, failure, 0s);
    REQUIRE(opened);
    CHECK(
        *opened ==
        CircuitTransition{CircuitState::closed, CircuitState::open, CircuitCause::failures_in_a_row}
    );

    auto const refused = breaker.try_acquire(at(12s));
    REQUIRE(refused.has_error());
    CHECK(refused.error() == errc::circuit_open);
    CHECK(refused.error().retry_after() == 18s);
    CHECK(
        refused.error().message() == "circuit_open: the circuit breaker 'default' refuses calls now"
    );
    CHECK_FALSE(breaker.try_acquire(at(30s - 1ns)).has_value());
    CHECK(breaker.state() == CircuitState::open);
    CHECK(breaker.try_acquire(at(30s)).has_value());
}

TEST_CASE("a success ends the streak, and a neutral result doesn't") {
    CircuitBreaker breaker({.failures = 2});
    call(breaker, failure, 0s);
    call(breaker, success, 0s);
    call(breaker, failure, 0s);
    CHECK(breaker.state() == CircuitState::closed);
    call(breaker, neutral, 0s);
    CHECK(breaker.failures_in_a_row() == 1);
    call(breaker, failure, 0s);
    CHECK(breaker.state() == CircuitState::open);
}

TEST_CASE("half-open lets one probe pass, and its result decides") {
    CircuitBreaker breaker({.failures = 1, .open_for = 10s});
    open(breaker, 0s);
    auto probe = admit(breaker, 10s);
    CHECK(probe.probe());
    REQUIRE(probe.entered());
    CHECK(
        *probe.entered() ==
        CircuitTransition{CircuitState::open, CircuitState::half_open, CircuitCause::open_time_over}
    );
    auto const second = breaker.try_acquire(at(10s));
    REQUIRE(second.has_error());
    CHECK_FALSE(second.error().retry_after());

    SECTION("success closes") {
        auto const change = probe.record(success, at(11s));
        REQUIRE(change);
        CHECK(
            *change ==
            CircuitTransition{
                CircuitState::half_open, CircuitState::closed, CircuitCause::probe_succeeded}
        );
        CHECK_FALSE(admit(breaker, 11s).probe());
    }
    SECTION("failure opens for the whole time again") {
        auto const change = probe.record(failure, at(11s));
        REQUIRE(change);
        CHECK(
            *change ==
            CircuitTransition{
                CircuitState::half_open, CircuitState::open, CircuitCause::probe_failed}
        );
        CHECK_FALSE(breaker.try_acquire(at(21s - 1ns)).has_value());
        CHECK(breaker.try_acquire(at(21s)).has_value());
    }
    SECTION("neutral gives the permit back") {
        CHECK_FALSE(probe.record(neutral, at(11s)));
        CHECK(breaker.state() == CircuitState::half_open);
        auto const next = admit(breaker, 11s);
        CHECK(next.probe());
        CHECK_FALSE(next.entered());
    }
    SECTION("abandoned gives the permit back") {
        { auto const dropped = std::move(probe); }
        CHECK(admit(breaker, 11s).probe());
    }
    SECTION("recording twice counts once") {
        CHECK(probe.record(success, at(11s)));
        CHECK_FALSE(probe.record(failure, at(11s)));
        CHECK(breaker.state() == CircuitState::closed);
        CHECK(breaker.late_results() == 0);
    }
}

TEST_CASE("several probes and several successes") {
    CircuitBreaker breaker(
        {.failures = 1, .open_for = 10s, .half_open_permits = 2, .half_open_successes = 3}
    );
    open(breaker, 0s);
    auto first = admit(breaker, 10s);
    auto second = admit(breaker, 10s);
    CHECK_FALSE(breaker.try_acquire(at(10s)).has_value());
    CHECK_FALSE(first.record(success, at(10s)));
    auto third = admit(breaker, 10s);
    CHECK_FALSE(breaker.try_acquire(at(10s)).has_value());
    CHECK_FALSE(second.record(success, at(10s)));
    CHECK(third.record(success, at(10s)));
    CHECK(breaker.state() == CircuitState::closed);
}

TEST_CASE("a probe that doesn't come back loses its permit when its lease is over") {
    CircuitBreaker breaker({.failures = 1, .open_for = 10s, .probe_lease = 5s});
    open(breaker, 0s);
    auto lost = admit(breaker, 10s);
    CHECK_FALSE(breaker.try_acquire(at(15s - 1ns)).has_value());
    auto next = admit(breaker, 15s);
    REQUIRE(next.entered());
    CHECK(next.entered()->cause == CircuitCause::lease_over);
    CHECK_FALSE(lost.record(failure, at(16s)));
    CHECK(breaker.state() == CircuitState::half_open);
    CHECK(breaker.late_results() == 1);
    CHECK(next.record(success, at(17s)));
    CHECK(breaker.state() == CircuitState::closed);
}

TEST_CASE("what comes back after its state is over changes nothing and is counted") {
    CircuitBreaker breaker({.failures = 1, .open_for = 10s});
    auto late_success = admit(breaker, 0s);
    auto late_failure = admit(breaker, 0s);
    auto late_neutral = admit(breaker, 0s);
    open(breaker, 0s);
    auto const probe = admit(breaker, 10s);
    CHECK_FALSE(late_success.record(success, at(11s)));
    CHECK_FALSE(late_failure.record(failure, at(11s)));
    CHECK_FALSE(late_neutral.record(neutral, at(11s)));
    CHECK(breaker.state() == CircuitState::half_open);
    CHECK(breaker.late_results() == 2);
    CHECK_FALSE(breaker.try_acquire(at(11s)).has_value()); // none of them gave a permit back
}

TEST_CASE("a breaker can be isolated and reset by hand") {
    CircuitBreaker breaker({.failures = 2});
    call(breaker, failure, 0s);
    auto late = admit(breaker, 0s);
    CHECK_FALSE(breaker.reset()); // was closed, but the streak is forgotten
    CHECK(breaker.failures_in_a_row() == 0);
    CHECK_FALSE(late.record(failure, at(0s)));
    CHECK(breaker.late_results() == 1);

    CHECK(
        *breaker.isolate() ==
        CircuitTransition{CircuitState::closed, CircuitState::isolated, CircuitCause::manual}
    );
    CHECK_FALSE(breaker.isolate());
    auto const refused = breaker.try_acquire(at(1000h));
    REQUIRE(refused.has_error());
    CHECK_FALSE(refused.error().retry_after());
    CHECK(breaker.reset());
    CHECK(breaker.try_acquire(at(0s)).has_value());
}

TEST_CASE("a failure rate opens the circuit, over a window that slides") {
    CircuitBreaker breaker(
        {.failures = 0, .open_for = 10s, .failure_rate = 0.5, .minimum_calls = 4, .window = 10s}
    );
    SECTION("not before there were enough calls") {
        for (int i = 0; i < 3; ++i)
            CHECK_FALSE(call(breaker, failure, 0s));
        auto const change = call(breaker, failure, 0s);
        REQUIRE(change);
        CHECK(change->cause == CircuitCause::failure_rate);
        call(breaker, success, 10s); // the probe: closed again, and all is forgotten
        for (int i = 0; i < 3; ++i)
            CHECK_FALSE(call(breaker, failure, 10s));
        CHECK(call(breaker, failure, 10s));
    }
    SECTION("below the rate it stays closed, at the rate it opens") {
        for (int i = 0; i < 5; ++i) {
            call(breaker, success, 0s);
            call(breaker, failure, 0s);
            if (breaker.state() == CircuitState::open)
                break;
        }
        CHECK(breaker.state() == CircuitState::open);
        breaker.reset();
        for (int i = 0; i < 100; ++i) {
            call(breaker, success, 20s);
            call(breaker, success, 20s);
            CHECK_FALSE(call(breaker, failure, 20s));
        }
    }
    SECTION("a success never opens it") {
        call(breaker, failure, 0s);
        call(breaker, failure, 0s);
        call(breaker, failure, 0s);
        CHECK_FALSE(call(breaker, success, 0s));
    }
    SECTION("what is older than the window counts no more") {
        for (int i = 0; i < 3; ++i)
            call(breaker, failure, 500ms);
        CHECK_FALSE(call(breaker, failure, 10500ms));
        CHECK_FALSE(call(breaker, failure, 10500ms));
        CHECK_FALSE(call(breaker, failure, 10500ms));
        CHECK(call(breaker, failure, 19900ms));
    }
    SECTION("neutral results are no calls") {
        for (int i = 0; i < 100; ++i)
            call(breaker, neutral, 0s);
        for (int i = 0; i < 3; ++i)
            CHECK_FALSE(call(breaker, failure, 0s));
        CHECK(call(breaker, failure, 0s));
    }
}

TEST_CASE("more calls than a slice can count keep the rate") {
    CircuitBreaker breaker({.failures = 0, .failure_rate = 0.5, .minimum_calls = 1000});
    for (int i = 0; i < 20000; ++i)
        call(breaker, success, 0s);
    for (int i = 0; i < 1500; ++i)
        REQUIRE_FALSE(call(breaker, failure, 0s)); // 2047..4095 calls of which at most 1500 failed
    int more = 0;
    while (!call(breaker, failure, 0s))
        REQUIRE(++more < 5000);
}

TEST_CASE("both ways to open may be on at once") {
    CircuitBreaker breaker({.failures = 3, .failure_rate = 1, .minimum_calls = 2});
    call(breaker, failure, 0s);
    CHECK(call(breaker, failure, 0s)->cause == CircuitCause::failure_rate);
    breaker.reset();
    call(breaker, success, 0s);
    call(breaker, failure, 0s);
    call(breaker, failure, 0s);
    CHECK(call(breaker, failure, 0s)->cause == CircuitCause::failures_in_a_row);
}

TEST_CASE("time is steady, and a clock that goes back can't keep a circuit open") {
    STATIC_REQUIRE(Clock::time_point::clock::is_steady);
    CircuitBreaker breaker({.failures = 1, .open_for = 30s, .probe_lease = 5s});
    open(breaker, 2h);
    CHECK_FALSE(breaker.try_acquire(at(1h)).has_value());
    auto const refused = breaker.try_acquire(at(1h + 10s));
    REQUIRE(refused.has_error());
    CHECK(refused.error().retry_after() == 20s);
    auto const probe = admit(breaker, 1h + 30s);
    CHECK(admit(breaker, 10min).probe()); // the lease isn't kept for an hour either
}

TEST_CASE("a breaker is asked for the time only when it matters") {
    ManualClock time;
    Clock const clock(time);
    CircuitBreaker breaker({.failures = 1, .open_for = 30s});
    {
        auto permit = breaker.try_acquire(clock);
        REQUIRE(permit.has_value());
        permit->record(failure, clock);
    }
    CHECK(breaker.try_acquire(clock).error().retry_after() == 30s);
    time.advance(30s);
    auto permit = breaker.try_acquire(clock);
    REQUIRE(permit.has_value());
    CHECK(permit->record(success, clock));
}

TEST_CASE("the ends of time") {
    CircuitBreaker breaker({.failures = 1, .open_for = 720h});
    open(breaker, Clock::duration(-5h)); // before the epoch of the clock
    CHECK_FALSE(breaker.try_acquire(at(0h)).has_value());
    CHECK(breaker.try_acquire(Clock::never).has_value());
    breaker.reset();
    open(breaker, Clock::duration::max() - 1h);
    CHECK(breaker.try_acquire(Clock::never).has_value()); // lets a probe pass instead of never
}

TEST_CASE("generations wrap around") {
    CircuitBreaker breaker({.failures = 1});
    for (long i = 0; i < (1L << 24) + 5; ++i)
        breaker.reset();
    auto permit = admit(breaker, 0s);
    CHECK(permit.record(failure, at(0s)));
    CHECK(breaker.late_results() == 0);
}

TEST_CASE("options that can't work are refused by name") {
    auto const field = [](CircuitBreakerOptions options) -> std::string {
        try {
            CircuitBreaker breaker(options);
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return "none";
    };
    CHECK(field({}) == "none");
    CHECK(field({.failures = -1}) == "circuit_breaker.failures");
    CHECK(field({.failures = 65536}) == "circuit_breaker.failures");
    CHECK(field({.failures = 65535}) == "none");
    CHECK(field({.failures = 0}) == "circuit_breaker.failures");
    CHECK(field({.failures = 0, .failure_rate = 0.1}) == "none");
    CHECK(field({.open_for = 0s}) == "circuit_breaker.open_for");
    CHECK(field({.open_for = 721h}) == "circuit_breaker.open_for");
    CHECK(field({.failure_rate = 1.1}) == "circuit_breaker.failure_rate");
    CHECK(field({.failure_rate = -0.1}) == "circuit_breaker.failure_rate");
    CHECK(
        field({.failure_rate = std::numeric_limits<double>::quiet_NaN()}) ==
        "circuit_breaker.failure_rate"
    );
    CHECK(field({.minimum_calls = 0}) == "circuit_breaker.minimum_calls");
    CHECK(field({.minimum_calls = 1001}) == "circuit_breaker.minimum_calls");
    CHECK(field({.window = 999ms}) == "circuit_breaker.window");
    CHECK(field({.half_open_permits = 0}) == "circuit_breaker.half_open_permits");
    CHECK(field({.half_open_permits = 16}) == "circuit_breaker.half_open_permits");
    CHECK(field({.half_open_successes = 0}) == "circuit_breaker.half_open_successes");
    CHECK(field({.probe_lease = 0s}) == "circuit_breaker.probe_lease");
}
