// SPDX-License-Identifier: BSL-1.0
//
// What the policies cost where nothing fails, with a service that answers at once: nanoseconds of
// CPU and mallocs of one call, the best of several rounds. And the cores by themselves.

#include <hilum/model/guarded.hpp>
#include <hilum/model/text.hpp>
#include <hilum/policies.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "support/mallocs.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// Answers at once with a short text; honours deadlines, because it needs no time.
class Instant : public ServiceFacade<Instant> {
public:
    static constexpr bool honours_deadline = true;

    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const {
        co_return TextReply("hello");
    }
};

/// Listens to everything and does nothing.
class Nothing {
public:
    void on(EventView const&, CallContext const&) {}
};

/// CPU time of this thread: other programs on the machine count as little as they can.
double now_ns() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

/// The best round, so that what else the machine does counts as little as it can.
class Best {
public:
    void add(double begin_ns, long begin_mallocs, int calls) {
        double const ns = (now_ns() - begin_ns) / calls;
        double const mallocs = static_cast<double>(bench::mallocs - begin_mallocs) / calls;
        if (ns_ == 0 || ns < ns_)
            ns_ = ns;
        mallocs_ = mallocs;
    }

    void print(std::string_view what) const {
        std::printf(
            "%-58.*s %7.1f ns %6.2f mallocs\n",
            static_cast<int>(what.size()),
            what.data(),
            ns_,
            mallocs_
        );
    }

private:
    double ns_ = 0, mallocs_ = 0;
};

constexpr int rounds = 7, calls = 100'000;

template <class Service>
Task<void> measure(std::string_view what, Service service) {
    CallContext cx;
    GenerateText const op("Say hello.");
    Best best;
    long answered = 0;
    for (int round = 0; round < rounds; ++round) {
        double const begin = now_ns();
        long const mallocs = bench::mallocs;
        for (int i = 0; i < calls; ++i) {
            auto const reply = co_await service.handle(cx, op);
            answered += reply.has_value();
        }
        best.add(begin, mallocs, calls);
    }
    if (answered != long(rounds) * calls)
        std::printf("%ld calls failed\n", long(rounds) * calls - answered);
    best.print(what);
}

template <class Step>
void core(std::string_view what, Step step) {
    Best best;
    long taken = 0;
    for (int round = 0; round < rounds; ++round) {
        double const begin = now_ns();
        long const mallocs = bench::mallocs;
        for (int i = 0; i < calls; ++i)
            taken += step();
        best.add(begin, mallocs, calls);
    }
    if (taken < 0)
        std::puts("unreachable");
    best.print(what);
}

bool admit_and_record(CircuitBreaker& breaker, Clock const& clock) {
    auto permit = breaker.try_acquire(clock);
    if (!permit)
        return false;
    (void)permit->record(CircuitResult::success, clock);
    return true;
}

void cores() {
    Clock const clock;
    core("the clock, for comparison", [&] { return clock.now().time_since_epoch().count() > 0; });
    CircuitBreaker consecutive;
    core("breaker, closed: admit and record", [&] { return admit_and_record(consecutive, clock); });
    CircuitBreaker rate({.failure_rate = 0.5});
    core("... with a failure rate", [&] { return admit_and_record(rate, clock); });
    CircuitBreaker open({.failures = 1, .open_for = 24h});
    if (auto permit = open.try_acquire(clock))
        (void)permit->record(CircuitResult::failure, clock);
    core("... open: refuse", [&] { return admit_and_record(open, clock); });
    RetryBudget budget;
    core("retry budget: deposit into a full one", [&] {
        budget.deposit();
        return true;
    });
    Bulkhead bulkhead;
    core("bulkhead: enter and leave", [&] {
        bool const inside = bulkhead.try_enter();
        bulkhead.leave();
        return inside;
    });
}

Task<void> stacks() {
    Instant const bare;
    RetryPolicy const retry;
    CircuitBreakerPolicy const breaker;
    TimeoutPolicy const limit{.limit = 10s};
    BulkheadPolicy const bulkhead;
    TelemetryPolicy const telemetry{Nothing()};
    auto const with_retry = retry | bare;
    auto const with_breaker = breaker | bare;
    auto const with_bulkhead = bulkhead | bare;
    auto const three = retry | breaker | limit | bare;
    auto const five = TimeoutPolicy{30s} | bulkhead | retry | breaker | limit | bare;
    auto const all = telemetry | TimeoutPolicy{30s} | bulkhead | retry | breaker | limit | bare;
    co_await measure("bare service", bare);
    co_await measure("retry", with_retry);
    co_await measure("breaker", with_breaker);
    co_await measure("bulkhead", with_bulkhead);
    co_await measure("retry, breaker, timeout", three);
    co_await measure("timeout, bulkhead, retry, breaker, timeout", five);
    co_await measure("telemetry, timeout, bulkhead, retry, breaker, timeout", all);
}

} // namespace

int main() {
    std::puts("Cores");
    cores();
    std::puts("A call, nothing fails");
    run(stacks());
}
