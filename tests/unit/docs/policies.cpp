// SPDX-License-Identifier: BSL-1.0
// Code that docs/policies.md and docs/telemetry.md are cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <array>
#include <atomic>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

//[own-deciding
// Refuses calls outside of office hours.
struct OfficeHours {
    using policy = deciding;
    static constexpr std::string_view name = "office_hours";

    int from = 6, to = 22; // UTC

    class Visit {
    public:
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    // Without a `Layer` of its own the policy, copied, is the layer.
    Result<Visit> enter(CallContext& cx) const {
        auto const now = cx.clock().wall().time_since_epoch();
        auto const hour = std::chrono::duration_cast<std::chrono::hours>(now).count() % 24;
        if (hour < from || hour >= to)
            return Error(errc::unavailable, "outside of office hours").with(Delivery::rejected);
        return Visit();
    }
};

//]

//[own-transforming
// Lets nobody ask for more than so many tokens.
class ShortAnswers {
public:
    using policy = transforming;
    static constexpr std::string_view name = "short_answers";

    explicit ShortAnswers(int most) : most_(most) {}

    template <class Op>
    class Passage {
    public:
        explicit Passage(Op o) : op(std::move(o)) {}

        response_t<Op> restore(response_t<Op> reply) { return reply; }

        Op op; // what goes on
    };

    template <class Op>
    Result<Passage<Op>> pass(CallContext&, Op const& op) const {
        Passage<Op> out(op);
        if constexpr (requires { op.options.max_tokens(); })
            out.op.options =
                std::move(out.op.options).max_tokens(std::min(most_, op.options.max_tokens()));
        return out;
    }

private:
    int most_;
};

//]

namespace {

//[own-wrapping
// A second service where the first has failed before anything was sent.
template <class Other>
class FallbackPolicy {
public:
    using policy = wrapping;
    static constexpr bool multiplies = true; // breakers and audits have to stand right of it
    static constexpr std::string_view name = "fallback";

    explicit FallbackPolicy(Other other) : other_(std::move(other)) {}

    template <class Op, class Next>
    Task<Result<response_t<Op>>> apply(CallContext& cx, Op const& op, Next next) {
        auto reply = co_await next.handle(cx, op);
        if (reply || reply.error().delivery() != Delivery::not_sent)
            co_return reply;
        auto second = co_await other_.handle(cx, op);
        co_return second;
    }

private:
    Other other_;
};

//]

//[sink
class Counters {
public:
    void on(EventView const& event, CallContext const&) {
        if (event.name() == RetryScheduled::name)
            ++retries;
        else if (event.name() == CircuitRefused::name)
            ++refused;
    }

    std::atomic<int> retries = 0, refused = 0; // calls of any thread
};

//]

//[event
struct QuotaChecked {
    static constexpr std::string_view name = "quota_checked";

    int left;

    auto fields() const { return std::array{EventField("left", left)}; }
};

//]
static_assert(Event<QuotaChecked>);

} // namespace

TEST_CASE("docs: policies compose, and describe what they guard") {
    auto journal = std::make_shared<MemoryJournal>();
    MockModelService openai, bedrock;
    //[house
    auto const clinical = PhiFilterPolicy{} | TimeoutPolicy{60s} | RetryPolicy{.max_attempts = 4} |
                          CircuitBreakerPolicy{}.failures(3).open_for(60s).named("clinical") |
                          TimeoutPolicy{.limit = 20s, .idle = 5s} | AuditPolicy{journal};

    auto const summaries = clinical | openai;
    auto const coding = clinical | bedrock; // a breaker and a budget of its own
    //]
    CHECK(run(summaries.generate_text("Say hello.")).has_value());
    CHECK(run(coding.generate_text("Say hello.")).has_value());
    CHECK(describe(summaries).policies.size() == 6);
}

TEST_CASE("docs: a breaker for several services, and without one") {
    MockModelService one, two;
    //[shared-breaker
    auto const breaker = std::make_shared<CircuitBreaker>(CircuitBreakerOptions{}, "gateway");
    auto const first = CircuitBreakerPolicy{breaker} | one;
    auto const second = CircuitBreakerPolicy{breaker} | two;
    breaker->isolate(); // by hand, until reset()
    //]
    CHECK(run(first.generate_text("Say hello.")).error() == errc::circuit_open);
    CHECK(run(second.generate_text("Say hello.")).error() == errc::circuit_open);

    //[core
    CircuitBreaker lab({.failures = 3}, "lab");
    Clock const clock;
    if (auto permit = lab.try_acquire(clock)) {
        bool const worked = true; // what the call said
        permit->record(worked ? CircuitResult::success : CircuitResult::failure, clock);
    }
    //]
    CHECK(lab.state() == CircuitState::closed);
}

TEST_CASE("docs: policies of one's own") {
    Simulation simulation; // at 03:04:05Z
    MockModelService mock(simulation.environment());
    auto closed = OfficeHours{} | mock;
    CHECK(simulation.run(closed.generate_text("Say hello.")).error() == errc::unavailable);
    auto open = OfficeHours{.from = 0} | ShortAnswers(50) | mock;
    CHECK(simulation.run(open.generate_text("Say hello.")).has_value());
    CHECK(mock.calls().front().max_tokens == 50);

    mock.fail_next(Error(errc::connection_failed));
    auto either = FallbackPolicy(MockModelService()) | mock;
    CHECK(simulation.run(either.generate_text("Say hello.")).has_value());
}

TEST_CASE("docs: sinks") {
    Simulation simulation;
    MockModelService mock(simulation.environment());
    mock.fail_next(Error(errc::unavailable));
    //[telemetry
    auto const counters = std::make_shared<Counters>();
    JsonLinesSink const log(std::cerr);
    auto const service = PhiFilterPolicy{} | TelemetryPolicy{log, counters} | RetryPolicy{} | mock;
    //]
    CHECK(simulation.run(service.generate_text("Say hello.")).has_value());
    CHECK(counters->retries == 1);
}
