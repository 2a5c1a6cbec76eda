// SPDX-License-Identifier: BSL-1.0
// Retry, budget and breaker together, in virtual time.
#include <hilum/model/describe.hpp>

#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum_test;

namespace {

constexpr BackoffOptions no_pause{.base = 0s, .throttled_base = 0s};

} // namespace

TEST_CASE("failures are retried until one attempt succeeds") {
    World world;
    Scripted const service(
        world, {Step(Error(errc::connection_failed)), Step(Error(errc::unavailable)), Step()}
    );
    auto const guarded = RetryPolicy{.max_attempts = 4} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->result->has_value());
    CHECK(service.state().calls == 3);
    CHECK(world.events.count("retry_scheduled") == 2);
}

TEST_CASE("the provider's pause is kept to the millisecond") {
    World world;
    Error const throttled = Error(errc::throttled).with_retry_after(7s);
    Scripted const service(world, {Step(throttled), Step()});
    auto const guarded = RetryPolicy{} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->result->has_value());
    CHECK(service.state().began == std::vector<Clock::duration>{0s, 7s});
}

TEST_CASE("a breaker opens on attempts, and its refusal isn't retried") {
    World world;
    Scripted const service(world, {Step(Error(errc::unavailable))});
    auto const guarded =
        RetryPolicy{.max_attempts = 10, .backoff = no_pause} | CircuitBreakerPolicy{} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::circuit_open);
    CHECK(call->error().retry_after() == 30s);
    CHECK(service.state().calls == 5);
    CHECK(world.events.count("circuit_state_changed") == 1);
    CHECK(world.events.count("circuit_refused") == 1);
    CHECK(world.events.count("retry_scheduled") == 5);

    SECTION("a probe after its time closes it") {
        service.state().script = {Step()};
        world.run_until(30s);
        CHECK(world.finish(world.ask(guarded)).has_value());
        CHECK(world.events.all.back().fields["to"] == "closed");
    }
    SECTION("a failed probe opens it again") {
        world.run_until(30s);
        auto const probe = world.ask(guarded);
        world.run();
        CHECK(service.state().calls == 6);
        CHECK(probe->error().retry_after() == 30s);
    }
}

TEST_CASE("what says nothing about health leaves the breaker alone") {
    for (auto const e :
         {errc::cancelled,
          errc::throttled,
          errc::quota_exceeded,
          errc::unauthorized,
          errc::forbidden,
          errc::not_found,
          errc::invalid_request,
          errc::content_filtered,
          errc::limit_exceeded,
          errc::bulkhead_full,
          errc::phi_blocked,
          errc::audit_failed}) {
        INFO(to_string(e));
        World world;
        Scripted const service(world, {Step(Error(errc::server_error)), Step(Error(e))});
        auto const guarded = CircuitBreakerPolicy{}.failures(2) | service;
        for (int i = 0; i < 10; ++i)
            (void)world.finish(world.ask(guarded));
        CHECK(guarded.layer<0>().breaker().failures_in_a_row() == 1); // nor does it heal
    }
    for (auto const e :
         {errc::timeout,
          errc::server_error,
          errc::unavailable,
          errc::connection_failed,
          errc::connection_lost,
          errc::malformed_reply,
          errc::truncated}) {
        INFO(to_string(e));
        World world;
        Scripted const service(world, {Step(Error(e))});
        auto const guarded = CircuitBreakerPolicy{}.failures(2) | service;
        (void)world.finish(world.ask(guarded));
        (void)world.finish(world.ask(guarded));
        CHECK(guarded.layer<0>().breaker().state() == CircuitState::open);
    }
}

TEST_CASE("of timeouts, those that hilum caused before anything was sent are neutral") {
    CHECK(circuit_result(Error(errc::timeout, Scope::attempt)) == CircuitResult::failure);
    CHECK(circuit_result(Error(errc::timeout, Scope::total)) == CircuitResult::failure);
    CHECK(circuit_result(Error(errc::timeout, Scope::idle)) == CircuitResult::failure);
    auto const not_sent = [](Scope scope) {
        return circuit_result(Error(errc::timeout, scope).with(Delivery::not_sent));
    };
    CHECK(not_sent(Scope::attempt) == CircuitResult::failure); // it doesn't let us connect
    CHECK(not_sent(Scope::total) == CircuitResult::neutral);
    CHECK(
        circuit_result(Error(errc::timeout, Scope::attempt).with(Delivery::rejected)) ==
        CircuitResult::neutral
    );
}

TEST_CASE("a cancelled probe gives its permit back") {
    World world;
    Scripted const service(world, {Step(Error(errc::server_error)), Step(1h), Step()});
    auto const guarded = CircuitBreakerPolicy{}.failures(1) | service;
    (void)world.finish(world.ask(guarded));
    world.run_until(30s);
    auto const probe = world.ask(guarded);
    world.run_until(31s);
    CHECK_FALSE(probe->done);
    auto const beside = world.ask(guarded);
    world.run_until(31s);
    CHECK(beside->code() == errc::circuit_open);
    probe->cancel.emit(asio::cancellation_type::terminal);
    world.poll();
    CHECK(world.finish(world.ask(guarded)).has_value());
    CHECK(guarded.layer<0>().breaker().state() == CircuitState::closed);
}

TEST_CASE("breakers belong to the join, unless one is handed in") {
    World world;
    Scripted const bad(world, {Step(Error(errc::server_error))}), good(world);
    SECTION("each its own") {
        auto const house = RetryPolicy{} | CircuitBreakerPolicy{}.failures(1);
        auto const a = house | bad, b = house | good;
        (void)world.finish(world.ask(a));
        CHECK(world.finish(world.ask(b)).has_value());
    }
    SECTION("shared on purpose") {
        auto const breaker =
            std::make_shared<CircuitBreaker>(CircuitBreakerOptions{.failures = 1}, "lab");
        auto const a = CircuitBreakerPolicy{breaker} | bad,
                   b = CircuitBreakerPolicy{breaker} | good;
        (void)world.finish(world.ask(a));
        auto const refused = world.finish(world.ask(b));
        REQUIRE(refused.has_error());
        CHECK(refused.error() == errc::circuit_open);
        CHECK(refused.error().message().find("'lab'") != std::string::npos);
        CHECK_THROWS_AS(CircuitBreakerPolicy{breaker}.failures(3), ConfigurationError);
        CHECK_THROWS_AS(CircuitBreakerPolicy{breaker}.named("x"), ConfigurationError);
        CHECK_THROWS_AS(
            CircuitBreakerPolicy{std::shared_ptr<CircuitBreaker>()}, ConfigurationError
        );
    }
}

TEST_CASE("expired credentials are renewed once, whatever the attempts") {
    World world;
    Scripted const service(world, {Step(Error(errc::credentials_expired)), Step()});
    auto const guarded = RetryPolicy{.max_attempts = 1} | CircuitBreakerPolicy{} | service;
    CHECK(world.finish(world.ask(guarded)).has_value());
    CHECK(service.state().refreshed == 1);
    CHECK(service.state().attempts == std::vector{1, 1});
    service.state().script = {Step(Error(errc::credentials_expired))};
    auto const failed = world.finish(world.ask(guarded));
    CHECK(failed.error() == errc::credentials_expired);
    CHECK(service.state().calls == 4);
}

TEST_CASE("the law of amplification holds while everything fails, and after it heals") {
    World world;
    Scripted const service(world, {Step(Error(errc::unavailable))});
    auto const guarded = RetryPolicy{.max_attempts = 4, .backoff = no_pause} | service;
    int calls = 0;
    for (; calls < 1000; ++calls)
        (void)world.finish(world.ask(guarded));
    CHECK(service.state().calls == calls + 35);
    CHECK(world.events.count("retry_budget_exhausted") > 900);
    service.state().script = {Step()};
    for (; calls < 1100; ++calls)
        (void)world.finish(world.ask(guarded));
    service.state().script = {Step(Error(errc::unavailable))};
    for (; calls < 2000; ++calls)
        (void)world.finish(world.ask(guarded));
    CHECK(service.state().calls == calls + 35 + 10);
}

TEST_CASE("one budget for several services") {
    World world;
    Scripted const a(world, {Step(Error(errc::unavailable))});
    Scripted const b(world, {Step(Error(errc::unavailable))});
    RetryBudget budget({.burst = 5});
    RetryPolicy const policy{.backoff = no_pause, .shared_budget = &budget};
    auto const first = policy | a, second = policy | b;
    for (int i = 0; i < 10; ++i) {
        (void)world.finish(world.ask(first));
        (void)world.finish(world.ask(second));
    }
    CHECK(a.state().calls + b.state().calls == 20 + 5);
}

TEST_CASE("a guarded service describes what guards it") {
    World world;
    auto const guarded = TimeoutPolicy{30s} | BulkheadPolicy{.max_concurrent = 8} |
                         RetryPolicy{.max_attempts = 4} |
                         CircuitBreakerPolicy{}.failures(3).open_for(60s).named("openai:gpt") |
                         TimeoutPolicy{.limit = 10s, .idle = 2500ms} | Scripted(world);
    CHECK(
        describe(guarded).text() ==
        "timeout(limit=30 s) | bulkhead(max_concurrent=8, max_queue=64) | "
        "retry(max_attempts=4, base=100 ms, cap=20 s) | "
        "circuit_breaker(openai:gpt, failures=3, open_for=60 s) | "
        "timeout(limit=10 s, idle=2.5 s) | service"
    );
    CHECK(
        CircuitBreakerPolicy{}.failure_rate(0.5, 20, 60s).half_open(2, 2).describe() ==
        "default, failures=5, failure_rate=50% of 20 in 60 s, open_for=30 s"
    );
}
