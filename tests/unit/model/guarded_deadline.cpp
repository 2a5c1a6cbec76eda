// SPDX-License-Identifier: BSL-1.0
// Deadlines and cancellation, around services that honour them and services that don't.
#include <hilum/model/guarded.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <string>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

Clock::duration constexpr for_ever = Clock::duration::max();

template <class Service>
Result<TextReply> ask(Simulation& simulation, Service const& service, CallOptions call = {}) {
    return simulation.run(service.generate_text("hello", std::move(call)));
}

void is_timeout(Result<TextReply> const& reply, Scope scope) {
    REQUIRE(!reply);
    CHECK(reply.error() == errc::timeout);
    CHECK(reply.error().scope() == scope);
}

} // namespace

TEMPLATE_TEST_CASE("deadline: an attempt ends at exactly its time", "", Fake, HonestFake) {
    Simulation simulation;
    Log log;
    auto const service =
        Note("A", log) | TimeoutPolicy{10s} | TestType(simulation, log).takes(for_ever);
    is_timeout(ask(simulation, service), Scope::attempt);
    CHECK(simulation.elapsed() == 10s);
    CHECK(log.text() == "A> call A<timeout");
}

TEMPLATE_TEST_CASE("deadline: each attempt has its own", "", Fake, HonestFake) {
    Simulation simulation;
    auto const service = Repeat(3) | TimeoutPolicy{10s} | TestType(simulation).takes(for_ever);
    is_timeout(ask(simulation, service), Scope::attempt);
    CHECK(simulation.elapsed() == 30s);
    CHECK(service.service().calls() == 3);
}

TEMPLATE_TEST_CASE("deadline: the total cuts an attempt and isn't retried", "", Fake, HonestFake) {
    Simulation simulation;
    auto const fake = TestType(simulation).takes(for_ever);
    auto const service = TimeoutPolicy{25s} | Repeat(9) | TimeoutPolicy{10s} | fake;
    is_timeout(ask(simulation, service), Scope::total);
    CHECK(simulation.elapsed() == 25s);
    CHECK(fake.calls() == 3);
}

TEMPLATE_TEST_CASE("deadline: also with a wrapping policy between", "", Fake, HonestFake) {
    Simulation simulation;
    Log log;
    auto const fake = TestType(simulation).takes(for_ever);
    auto const service =
        TimeoutPolicy{25s} | Repeat(9) | Wrap("W", log) | TimeoutPolicy{10s} | fake;
    is_timeout(ask(simulation, service), Scope::total);
    CHECK(simulation.elapsed() == 25s);
    CHECK(fake.calls() == 3);
}

TEMPLATE_TEST_CASE("deadline: the caller's own is the total", "", Fake, HonestFake) {
    Simulation simulation;
    Log log;
    auto const fake = TestType(simulation, log).takes(for_ever);
    Clock::duration passed{};
    auto const ends_at_3s = [&](auto const& service) {
        is_timeout(ask(simulation, service, CallOptions{}.timeout(3s)), Scope::total);
        CHECK(simulation.elapsed() - passed == 3s);
        passed = simulation.elapsed();
    };
    ends_at_3s(fake);
    ends_at_3s(Note("A", log) | fake);
    ends_at_3s(Repeat(4) | TimeoutPolicy{10s} | fake);
    ends_at_3s(Wrap("W", log) | fake);
    ends_at_3s(Wrap("W", log) | Repeat(4) | fake);
    ends_at_3s(Wrap("W", log) | Wrap("V", log) | fake);
    ends_at_3s(Decorate("x") | fake);
    ends_at_3s(Repeat(4) | (Note("A", log) | fake));
    CHECK(fake.calls() == 8);
}

TEMPLATE_TEST_CASE("deadline: a call that borrows its context has it, too", "", Fake, HonestFake) {
    Simulation simulation;
    Log log;
    auto const fake = TestType(simulation, log).takes(for_ever);
    GenerateText const op("hello");
    CallContext cx(simulation.environment(), CallOptions{}.timeout(3s));
    auto const wrapped = Wrap("W", log) | fake;
    is_timeout(simulation.run(wrapped.handle(cx, op)), Scope::total);
    CHECK(simulation.elapsed() == 3s);
    CHECK(cx.deadline_scope == Scope::total);
}

TEMPLATE_TEST_CASE("deadline: a reply that has come wins", "", Fake, HonestFake) {
    Simulation simulation;
    auto const in_time = TimeoutPolicy{10s} | TestType(simulation).takes(9s);
    REQUIRE(ask(simulation, in_time));
    CHECK(simulation.elapsed() == 9s);
    auto const stubborn =
        TimeoutPolicy{5s} |
        Fake(simulation).takes(for_ever).when_cancelled(WhenCancelled::answers_anyway);
    REQUIRE(ask(simulation, stubborn));
    CHECK(simulation.elapsed() == 14s);
}

TEST_CASE("deadline: a service that throws when it is cancelled timed out, too") {
    Simulation simulation;
    auto const service =
        TimeoutPolicy{5s} | Fake(simulation).takes(for_ever).when_cancelled(WhenCancelled::throws);
    is_timeout(ask(simulation, service), Scope::attempt);
}

TEST_CASE("deadline: one that has passed already lets through what is ready") {
    Simulation simulation;
    auto const call = CallOptions{}.timeout(-1s);
    REQUIRE(ask(simulation, Repeat(2) | Fake(simulation), call));
    is_timeout(ask(simulation, Repeat(2) | Fake(simulation).takes(1s), call), Scope::total);
    CHECK(simulation.elapsed() == 0s);
}

TEST_CASE("deadline: is the call's again when a policy's is over") {
    Simulation simulation;
    auto const fake = Fake(simulation).takes(1s);
    auto const service = TimeoutPolicy{25s} | TimeoutPolicy{10s} | fake;
    CallContext cx(simulation.environment(), CallOptions{}.timeout(60s));
    GenerateText const op("hello");
    REQUIRE(simulation.run(service.handle(cx, op)));
    CHECK(cx.deadline == Clock::time_point(60s));
    CHECK(cx.deadline_scope == Scope::total);
    CHECK(fake.seen().deadline == Clock::time_point(10s));
}

// ---- cancellation

TEMPLATE_TEST_CASE("cancellation: the layers are left, not abandoned", "", Fake, HonestFake) {
    for (auto const how : {WhenCancelled::says_so, WhenCancelled::throws}) {
        Simulation simulation;
        Log log;
        auto const service = Note("A", log) | Repeat(3) | Note("B", log) | TimeoutPolicy{10s} |
                             TestType(simulation, log).takes(for_ever).when_cancelled(how);
        auto const reply = cancelled_at(simulation, 5s, service.generate_text("hello"));
        REQUIRE(reply);
        CHECK(reply->error() == errc::cancelled);
        CHECK(simulation.elapsed() == 5s);
        CHECK(log.text() == "A> B> call B<cancelled A<cancelled");
    }
}

TEST_CASE("cancellation: of whatever stands in front") {
    for (auto const how : {WhenCancelled::says_so, WhenCancelled::throws}) {
        Simulation simulation;
        Log log;
        Clock::duration at{};
        auto const fake = Fake(simulation).takes(for_ever).when_cancelled(how);
        auto const is_cancelled = [&](auto const& service) {
            auto const reply = cancelled_at(simulation, at += 5s, service.generate_text("hello"));
            REQUIRE(reply);
            CHECK(reply->error() == errc::cancelled);
        };
        is_cancelled(fake);
        is_cancelled(Note("A", log) | fake);
        is_cancelled(Wrap("W", log) | fake);
        is_cancelled(Wrap("W", log) | Note("A", log) | fake);
        is_cancelled(Decorate("x") | fake);
        is_cancelled(Note("A", log) | (Note("B", log) | fake));
        CHECK(fake.calls() == 6);
    }
}

TEST_CASE("cancellation: in the pause before a retry") {
    Simulation simulation;
    Log log;
    auto const service = Note("A", log) | Repeat(3, 10s) | Note("B", log) |
                         Fake(simulation, log).fails(errc::server_error, 3);
    auto const reply = cancelled_at(simulation, 15s, service.generate_text("hello"));
    REQUIRE(reply);
    CHECK(reply->error() == errc::cancelled);
    CHECK(log.text() == "A> B> call B<server_error B> call B<server_error A<cancelled");
}

TEST_CASE("cancellation: a reply that came all the same wins") {
    Simulation simulation;
    auto const service =
        TimeoutPolicy{10s} |
        Fake(simulation).takes(for_ever).when_cancelled(WhenCancelled::answers_anyway);
    auto const reply = cancelled_at(simulation, 5s, service.generate_text("hello"));
    REQUIRE(reply);
    CHECK(reply->has_value());
}

TEST_CASE("cancellation: only the terminal kind goes through asio's coroutines") {
    Simulation simulation;
    auto const service = TimeoutPolicy{10s} | Fake(simulation).takes(for_ever);
    auto const reply = cancelled_at(
        simulation, 5s, service.generate_text("hello"), asio::cancellation_type::total
    );
    REQUIRE(reply);
    is_timeout(*reply, Scope::attempt);
    CHECK(simulation.elapsed() == 10s);
}

namespace {

struct Seen {
    bool has_handler = true, throws = false;
    asio::cancellation_type cancelled = asio::cancellation_type::all;

    bool operator==(Seen const&) const = default;
};

Task<Seen> look() {
    Seen seen;
    asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    seen.has_handler = state.slot().has_handler();
    seen.cancelled = state.cancelled();
    seen.throws = co_await asio::this_coro::throw_if_cancelled();
    co_return seen;
}

template <class Service>
Task<bool> leaves_no_trace(Service service) {
    auto const before = co_await look();
    auto const reply = co_await service.generate_text("hello", CallOptions().timeout(20s));
    auto const after = co_await look();
    co_return reply.has_value() && before == after && !after.has_handler && after.throws;
}

} // namespace

TEST_CASE("cancellation: no call changes its caller's cancellation state") {
    Simulation simulation;
    Log log;
    auto const fake = Fake(simulation).takes(1s).fails(errc::server_error, 1);
    asio::cancellation_signal signal; // a slot that is connected
    int held = 0;
    auto const check = [&](auto const& service) {
        asio::co_spawn(
            simulation.executor(),
            leaves_no_trace(service),
            asio::bind_cancellation_slot(
                signal.slot(), [&](std::exception_ptr e, bool same) { held += !e && same ? 1 : 0; }
            )
        );
        simulation.run();
    };
    check(Repeat(3, 1s) | TimeoutPolicy{10s} | fake);
    check(Wrap("W", log) | Note("A", log) | fake);
    check(fake);
    check(HonestFake(simulation).takes(1s));
    CHECK(held == 4);
}
