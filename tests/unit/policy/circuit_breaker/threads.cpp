// SPDX-License-Identifier: BSL-1.0
// labels: threads
#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>
#include <hilum/policy/retry/retry_budget.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("four threads never have more probes on their way than permits") {
    CircuitBreaker breaker(
        {.failures = 2,
         .open_for = 1ms,
         .failure_rate = 0.5,
         .minimum_calls = 4,
         .window = 1s,
         .half_open_permits = 2}
    );
    std::atomic<int> probes{0}, most{0};
    std::atomic<long> ticks{0}, opened{0}, closed{0};
    auto const work = [&](unsigned seed) {
        for (int i = 0; i < 20000; ++i) {
            // Time goes by in steps that all threads see; no lease runs out in them.
            auto const now = Clock::time_point(std::chrono::microseconds(++ticks * 10));
            auto permit = breaker.try_acquire(now);
            if (!permit)
                continue;
            bool const probe = permit->probe();
            if (probe) {
                int const n = ++probes;
                int seen = most;
                while (n > seen && !most.compare_exchange_weak(seen, n)) {
                }
            }
            seed = seed * 1664525u + 1013904223u;
            auto const kind = seed >> 29;
            if (probe)
                --probes; // before it is given back
            auto const change = kind == 7 ? std::nullopt
                                          : permit->record(
                                                kind < 3    ? CircuitResult::failure
                                                : kind == 3 ? CircuitResult::neutral
                                                            : CircuitResult::success,
                                                now
                                            );
            if (change && change->from == CircuitState::closed)
                ++opened;
            if (change && change->to == CircuitState::closed)
                ++closed;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t)
        threads.emplace_back(work, t);
    for (auto& thread : threads)
        thread.join();
    CHECK(most <= 2);
    CHECK(opened > 0);
    CHECK(closed > 0);
    CHECK((opened == closed || opened == closed + 1)); // in turn
}

TEST_CASE("four threads never take more tokens than there are") {
    RetryBudget budget({.ratio = 0.1, .burst = 50});
    std::atomic<long> taken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10000; ++i) {
                budget.deposit();
                if (budget.try_withdraw())
                    ++taken;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(taken <= 50 + 4000);
    CHECK(taken >= 4000); // nothing got lost
}
