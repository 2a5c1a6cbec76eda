// SPDX-License-Identifier: BSL-1.0
// Deadlines, retries and cancellation together, in virtual time.
#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum_test;

namespace {

constexpr RetryPolicy at_once{
    .max_attempts = 3, .retry_unknown = true, .backoff = {.base = 0s, .throttled_base = 0s}};

} // namespace

TEMPLATE_TEST_CASE("an attempt's timeout is exact", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(1h)});
    auto const guarded = TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::timeout);
    CHECK(call->error().scope() == Scope::attempt);
    CHECK(call->ended == 10s);
    CHECK(service.state().inside == 0);
}

TEMPLATE_TEST_CASE("three attempts of ten seconds end at thirty", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(1h)});
    auto const guarded = at_once | CircuitBreakerPolicy{} | TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::timeout);
    CHECK(call->error().scope() == Scope::attempt);
    CHECK(call->ended == 30s);
    CHECK(service.state().began == std::vector<Clock::duration>{0s, 10s, 20s});
    CHECK(service.state().attempts == std::vector{1, 2, 3});
    CHECK(guarded.template layer<1>().breaker().failures_in_a_row() == 3);
}

TEMPLATE_TEST_CASE("a total limit ends it all and isn't retried", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(1h)});
    auto const guarded = TimeoutPolicy{25s} | at_once | TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::timeout);
    CHECK(call->error().scope() == Scope::total);
    CHECK(call->ended == 25s);
    CHECK(service.state().calls == 3);
}

TEMPLATE_TEST_CASE("the caller's own deadline is a total one", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(1h)});
    auto const guarded = TimeoutPolicy{1min} | at_once | TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded, CallOptions{}.timeout(15s));
    world.run();
    CHECK(call->error().scope() == Scope::total);
    CHECK(call->ended == 15s);
    CHECK(service.state().calls == 2);
}

TEMPLATE_TEST_CASE("a cancelled call ends at once and is neutral", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(1h)});
    auto const guarded = BulkheadPolicy{} | at_once | CircuitBreakerPolicy{}.failures(1) |
                         TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded);
    world.run_until(5s);
    CHECK_FALSE(call->done);
    CHECK(guarded.template layer<0>().bulkhead().in_flight() == 1);
    call->cancel.emit(asio::cancellation_type::terminal);
    world.run();
    CHECK(call->code() == errc::cancelled);
    CHECK(call->ended == 5s);
    CHECK(service.state().calls == 1);
    CHECK(guarded.template layer<2>().breaker().state() == CircuitState::closed);
    CHECK(guarded.template layer<0>().bulkhead().in_flight() == 0);
}

TEST_CASE("a call can be cancelled in the pause before a retry") {
    World world;
    Error const error = Error(errc::throttled).with_retry_after(20s);
    Scripted const service(world, {Step(error)});
    auto const guarded = TimeoutPolicy{1min} | RetryPolicy{} | service;
    auto const call = world.ask(guarded);
    world.run_until(5s);
    CHECK(service.state().calls == 1);
    call->cancel.emit(asio::cancellation_type::terminal);
    world.run();
    CHECK(call->code() == errc::cancelled);
    CHECK(call->ended == 5s);
    CHECK(service.state().calls == 1);
}

TEST_CASE("a retry whose pause would pass the total limit isn't waited for") {
    World world;
    Error const error = Error(errc::throttled).with_retry_after(20s);
    Scripted const service(world, {Step(error)});
    auto const guarded = TimeoutPolicy{15s} | RetryPolicy{} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::throttled);
    CHECK(call->ended == 0s);
}

TEMPLATE_TEST_CASE("a result that has arrived wins", "", Scripted, HonestScripted) {
    World world;
    TestType const service(world, {Step(Clock::duration(10s - 1ns))});
    auto const guarded = TimeoutPolicy{10s} | service;
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->result->has_value());
    CHECK(call->ended == 10s - 1ns);
}

TEST_CASE("a deadline is put back when its layer is left") {
    World world;
    Scripted const service(world, {Step(Error(errc::connection_failed)), Step(3s)});
    auto const guarded = RetryPolicy{.backoff = {.base = 0s}} | TimeoutPolicy{10s} | service;
    auto cx = world.context(CallOptions{}.timeout(1h));
    auto const before = cx.deadline;
    GenerateText const op("hello");
    auto const call = world.start(guarded.handle(cx, op));
    world.run();
    CHECK(call->result->has_value());
    CHECK(cx.deadline == before);
    CHECK(cx.deadline_scope == Scope::total);
    CHECK(cx.attempt == 2);
}

TEST_CASE("by its place a timeout is the total's or the attempt's; said, it is what it says") {
    World world;
    Scripted const service(world, {Step(1h)});
    auto const scope = [&](auto const& guarded) {
        auto const call = world.ask(guarded);
        world.run();
        return call->error().scope();
    };
    CHECK(scope(TimeoutPolicy{1s} | service) == Scope::attempt);
    CHECK(scope(TimeoutPolicy{1s} | RetryPolicy{} | service) == Scope::total);
    CHECK(scope(RetryPolicy{} | TimeoutPolicy{1s} | service) == Scope::attempt);
    CHECK(scope(TimeoutPolicy{.limit = 1s, .scope = Scope::total} | service) == Scope::total);
    CHECK(
        scope(TimeoutPolicy{.limit = 1s, .scope = Scope::attempt} | RetryPolicy{} | service) ==
        Scope::attempt
    );
}

TEST_CASE("the smaller of two limits holds, whichever stands left") {
    World world;
    Scripted const service(world, {Step(1h)});
    auto const ended = [&](auto const& guarded) {
        auto const begin = world.elapsed();
        auto const call = world.ask(guarded);
        world.run();
        return call->ended - begin;
    };
    CHECK(ended(TimeoutPolicy{1s} | TimeoutPolicy{2s} | service) == 1s);
    CHECK(ended(TimeoutPolicy{2s} | TimeoutPolicy{1s} | service) == 1s);
}

TEST_CASE("limits that can't work are refused at the join") {
    World world;
    Scripted const service(world);
    CHECK_THROWS_AS(TimeoutPolicy{0s} | service, ConfigurationError);
    CHECK_THROWS_AS(TimeoutPolicy{-1s} | service, ConfigurationError);
    CHECK_THROWS_AS((TimeoutPolicy{.idle = 0s} | service), ConfigurationError);
    CHECK_THROWS_AS(
        (TimeoutPolicy{.limit = 1s, .scope = Scope::idle} | service), ConfigurationError
    );
    CHECK_THROWS_AS(CircuitBreakerPolicy{}.failures(-1) | service, ConfigurationError);
    CHECK_THROWS_AS(BulkheadPolicy{.max_concurrent = 0} | service, ConfigurationError);
}
