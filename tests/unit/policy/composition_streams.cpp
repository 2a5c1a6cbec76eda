// SPDX-License-Identifier: BSL-1.0
// Policies around streams, in virtual time.
#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum_test;

namespace {

Streaming::Script lines(Clock::duration pause, int count) {
    Streaming::Script script;
    for (int i = 0; i < count; ++i)
        script.emplace_back(pause, "x");
    return script;
}

/// Reads a stream to its end; gives the error and when it came.
struct Ending {
    Ending() = default;

    std::string text;
    Error error;
};

Task<Result<Ending>> read_all(TextStream stream) {
    Ending ending;
    for (;;) {
        auto delta = co_await stream.next();
        if (!delta) {
            ending.error = delta.error();
            break;
        }
        if (!*delta)
            break;
        ending.text += (*delta)->text;
    }
    co_return ending;
}

} // namespace

TEST_CASE("an attempt's limit is the first delta's; it is lifted when the stream begins") {
    World world;
    Streaming const service(world, {lines(8s, 5)});
    auto const guarded = RetryPolicy{} | TimeoutPolicy{10s} | service;
    auto const opened = world.stream(guarded);
    world.run();
    REQUIRE(opened->result->has_value());
    CHECK(opened->ended == 8s);
    auto const all = world.start(read_all(std::move(**opened->result)));
    world.run();
    CHECK((*all->result)->text == "xxxxx");
    CHECK(all->ended == 40s);
}

TEST_CASE("a first delta that doesn't come is retried, a later silence isn't") {
    World world;
    Streaming const service(world, {lines(1h, 1), {{1s, "a"}, {6s, "b"}, {1h, "c"}}});
    auto const guarded = RetryPolicy{.retry_unknown = true, .backoff = {.base = 0s}} |
                         CircuitBreakerPolicy{}.failures(1000) |
                         TimeoutPolicy{.limit = 10s, .idle = 7s} | service;
    auto const opened = world.stream(guarded);
    world.run();
    REQUIRE(opened->result->has_value());
    CHECK(opened->ended == 11s);
    CHECK(service.state().calls == 2);
    CHECK(guarded.layer<1>().breaker().failures_in_a_row() == 1);
    auto const all = world.start(read_all(std::move(**opened->result)));
    world.run();
    CHECK((*all->result)->text == "ab");
    CHECK((*all->result)->error == errc::timeout);
    CHECK((*all->result)->error.scope() == Scope::idle);
    CHECK(all->ended == 24s);
    CHECK(service.state().calls == 2);
    CHECK(service.state().open == 0);
    CHECK(guarded.layer<1>().breaker().failures_in_a_row() == 2);
}

TEST_CASE("a total limit covers the whole stream, also over lifted ones") {
    World world;
    Streaming const service(world, {lines(1s, 100)});
    SECTION("left of retry") {
        auto const guarded = TimeoutPolicy{30s} | RetryPolicy{} | TimeoutPolicy{10s} | service;
        auto const opened = world.stream(guarded);
        world.run();
        auto const all = world.start(read_all(std::move(**opened->result)));
        world.run();
        CHECK((*all->result)->text == std::string(29, 'x'));
        CHECK((*all->result)->error.scope() == Scope::total);
        CHECK(all->ended == 30s);
    }
    SECTION("said, right of an attempt's") {
        auto const guarded = TimeoutPolicy{.limit = 10s, .scope = Scope::attempt} |
                             TimeoutPolicy{.limit = 30s, .scope = Scope::total} | service;
        auto const opened = world.stream(guarded);
        world.run();
        auto const all = world.start(read_all(std::move(**opened->result)));
        world.run();
        CHECK(all->ended == 30s);
    }
    SECTION("two attempts' limits are both lifted") {
        auto const guarded = RetryPolicy{} | TimeoutPolicy{10s} | TimeoutPolicy{5s} | service;
        auto const opened = world.stream(guarded);
        world.run();
        auto const all = world.start(read_all(std::move(**opened->result)));
        world.run();
        CHECK(all->ended == 100s);
    }
}

TEST_CASE("a stream keeps permit and breaker until it ends, and then its outcome counts") {
    World world;
    Streaming const service(
        world, {{{1s, "a"}, {1s, Error(errc::truncated)}}, {{1s, "a"}, {1s, "b"}}}
    );
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | RetryPolicy{.retry_unknown = true} |
                         CircuitBreakerPolicy{} | service;
    auto& bulkhead = guarded.layer<0>().bulkhead();
    auto& breaker = guarded.layer<2>().breaker();
    auto const opened = world.stream(guarded);
    world.run();
    CHECK(bulkhead.in_flight() == 1);
    CHECK(breaker.failures_in_a_row() == 0);
    auto const all = world.start(read_all(std::move(**opened->result)));
    world.run();
    CHECK((*all->result)->error == errc::truncated);
    CHECK(service.state().calls == 1); // something was handed on: never again
    CHECK(bulkhead.in_flight() == 0);
    CHECK(breaker.failures_in_a_row() == 1);

    auto const second = world.stream(guarded);
    world.run();
    auto const good = world.start(read_all(std::move(**second->result)));
    world.run();
    CHECK((*good->result)->text == "ab");
    CHECK(breaker.failures_in_a_row() == 0);
    CHECK(bulkhead.in_flight() == 0);
}

TEST_CASE("a stream that is dropped half way gives everything back and is neutral") {
    World world;
    Streaming const service(world, {lines(1s, 10)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | CircuitBreakerPolicy{} | service;
    {
        auto const opened = world.stream(guarded);
        world.run();
        CHECK(guarded.layer<0>().bulkhead().in_flight() == 1);
        CHECK(service.state().open == 1);
        auto const dropped = std::move(**opened->result);
    }
    CHECK(service.state().open == 0);
    CHECK(guarded.layer<0>().bulkhead().in_flight() == 0);
    CHECK(guarded.layer<1>().breaker().failures_in_a_row() == 0);
}

TEST_CASE("a probe that streams for longer than its lease doesn't keep others out") {
    World world;
    Streaming const service(world, {{{0s, Error(errc::server_error)}}, lines(10s, 100)});
    auto const guarded = CircuitBreakerPolicy{}.failures(1).half_open(1, 1, 60s) | service;
    (void)world.finish(world.stream(guarded));
    world.run_until(30s);
    auto const probe = world.stream(guarded);
    world.run_until(40s);
    REQUIRE(probe->done);
    auto const early = world.stream(guarded);
    world.run_until(50s);
    CHECK(early->code() == errc::circuit_open);
    world.run_until(91s);
    auto const next = world.stream(guarded);
    world.run_until(101s);
    CHECK(next->result->has_value());
}
