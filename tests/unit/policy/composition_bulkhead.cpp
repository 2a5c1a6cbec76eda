// SPDX-License-Identifier: BSL-1.0
// The bulkhead's queue under guarded calls, in virtual time.
#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum_test;

TEST_CASE("one permit: calls go one after the other, in the order in which they came") {
    World world;
    Scripted const service(world, {Step(1s)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | service;
    std::vector<std::shared_ptr<Call<TextReply>>> calls;
    for (int i = 0; i < 6; ++i)
        calls.push_back(world.ask(guarded));
    world.run();
    for (int i = 0; i < 6; ++i) {
        CHECK(calls[static_cast<std::size_t>(i)]->result->has_value());
        CHECK(calls[static_cast<std::size_t>(i)]->ended == (i + 1) * 1s);
    }
    CHECK(guarded.layer<0>().bulkhead().in_flight() == 0);
    CHECK(world.events.count("bulkhead_waited") == 5);
    CHECK(world.events.all.back().fields["waited_us"] == "5000000");
}

TEST_CASE("so many at once") {
    World world;
    Scripted const service(world, {Step(1s)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 3} | service;
    for (int i = 0; i < 9; ++i)
        (void)world.ask(guarded);
    world.run_until(500ms);
    CHECK(service.state().inside == 3);
    CHECK(guarded.layer<0>().bulkhead().waiting() == 6);
    world.run();
    CHECK(world.elapsed() == 3s);
}

TEST_CASE("a full queue refuses at once") {
    World world;
    Scripted const service(world, {Step(1s)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1, .max_queue = 2} | service;
    auto const first = world.ask(guarded), second = world.ask(guarded), third = world.ask(guarded);
    auto const fourth = world.ask(guarded);
    world.poll();
    CHECK(fourth->code() == errc::bulkhead_full);
    CHECK(fourth->error() == condition::rejected_locally);
    CHECK(world.events.count("bulkhead_refused") == 1);
    world.run();
    CHECK(third->result->has_value());
    CHECK(service.state().calls == 3);
}

TEST_CASE("who is cancelled in the queue leaves it, and takes no permit with him") {
    World world;
    Scripted const service(world, {Step(2s)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | CircuitBreakerPolicy{} | service;
    auto const first = world.ask(guarded), second = world.ask(guarded), third = world.ask(guarded);
    world.run_until(1s);
    CHECK(guarded.layer<0>().bulkhead().waiting() == 2);
    second->cancel.emit(asio::cancellation_type::terminal);
    world.poll();
    CHECK(second->code() == errc::cancelled);
    CHECK(second->ended == 1s);
    CHECK(guarded.layer<0>().bulkhead().waiting() == 1);
    world.run();
    CHECK(third->ended == 4s);
    CHECK(service.state().calls == 2);
    CHECK(guarded.layer<0>().bulkhead().in_flight() == 0);
}

TEST_CASE("who is granted and cancelled at the same instant doesn't keep the permit") {
    World world;
    Scripted const service(world, {Step(1s)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | service;
    auto const first = world.ask(guarded), second = world.ask(guarded), third = world.ask(guarded);
    world.run_until(1s - 1ns);
    // The first one ends, and before its successor runs, that is cancelled.
    asio::post(world.io, [&] { second->cancel.emit(asio::cancellation_type::terminal); });
    world.run();
    CHECK(third->result->has_value());
    CHECK(second->done);
    CHECK(guarded.layer<0>().bulkhead().in_flight() == 0);
    CHECK(guarded.layer<0>().bulkhead().waiting() == 0);
}

TEST_CASE("waiting ends at the deadline, counts against no breaker and isn't retried") {
    World world;
    Scripted const service(world, {Step(1h)});
    auto const guarded = RetryPolicy{.retry_unknown = true} | CircuitBreakerPolicy{}.failures(1) |
                         TimeoutPolicy{10s} | BulkheadPolicy{.max_concurrent = 1} | service;
    // Somebody else holds the one permit for ever.
    auto& bulkhead = guarded.layer<3>().bulkhead();
    REQUIRE(bulkhead.try_enter());
    auto const call = world.ask(guarded);
    world.run();
    CHECK(call->code() == errc::timeout);
    CHECK(call->error().scope() == Scope::attempt);
    CHECK(call->ended == 10s);
    CHECK(service.state().calls == 0);
    CHECK(guarded.layer<1>().breaker().state() == CircuitState::closed);
    CHECK(bulkhead.waiting() == 0);
    bulkhead.leave();
    CHECK(bulkhead.in_flight() == 0);
}

TEST_CASE("left of retry a call keeps its permit in the pause, right of it each attempt asks") {
    World world;
    Error const later = Error(errc::throttled).with_retry_after(10s);
    SECTION("left") {
        Scripted const service(world, {Step(later), Step(1s)});
        auto const guarded = BulkheadPolicy{.max_concurrent = 1} | RetryPolicy{} | service;
        auto const first = world.ask(guarded), second = world.ask(guarded);
        world.run();
        CHECK(first->ended == 11s);
        CHECK(second->ended == 12s);
    }
    SECTION("right") {
        Scripted const service(world, {Step(later), Step(1s)});
        auto const guarded = RetryPolicy{} | BulkheadPolicy{.max_concurrent = 1} | service;
        auto const first = world.ask(guarded), second = world.ask(guarded);
        world.run();
        CHECK(first->ended == 11s);
        CHECK(second->ended == 1s);
    }
}

TEST_CASE("a call that is dropped while it waits leaves the queue") {
    Bulkhead* bulkhead = nullptr;
    auto world = std::make_unique<World>();
    Scripted const service(*world, {Step(1h)});
    auto const guarded = BulkheadPolicy{.max_concurrent = 1} | service;
    bulkhead = &guarded.layer<0>().bulkhead();
    (void)world->ask(guarded);
    (void)world->ask(guarded);
    (void)world->ask(guarded, CallOptions{}.timeout(1h));
    world->run_until(1s);
    CHECK(bulkhead->waiting() == 2);
    world.reset();
    CHECK(bulkhead->waiting() == 0);
    CHECK(bulkhead->in_flight() == 0);
}

TEST_CASE("cancelled anywhere, a call leaves nothing behind") {
    for (int ms = 0; ms <= 60; ++ms) {
        INFO("cancelled after " << ms * 100 << " ms");
        World world;
        Error const later = Error(errc::throttled).with_retry_after(1s);
        Scripted const service(world, {Step(1s), Step(later, 1s), Step(1s)});
        auto const guarded = TimeoutPolicy{20s} | BulkheadPolicy{.max_concurrent = 1} |
                             RetryPolicy{} | CircuitBreakerPolicy{} | TimeoutPolicy{10s} | service;
        auto const first = world.ask(guarded), second = world.ask(guarded),
                   third = world.ask(guarded);
        world.run_until(ms * 100ms);
        second->cancel.emit(asio::cancellation_type::terminal);
        world.run();
        CHECK(first->result->has_value());
        CHECK(third->result->has_value());
        CHECK(second->done);
        CHECK((second->result->has_value() || second->code() == errc::cancelled));
        CHECK(service.state().inside == 0);
        CHECK(guarded.layer<1>().bulkhead().in_flight() == 0);
        CHECK(guarded.layer<1>().bulkhead().waiting() == 0);
        CHECK(guarded.layer<3>().breaker().failures_in_a_row() == 0);
    }
}
