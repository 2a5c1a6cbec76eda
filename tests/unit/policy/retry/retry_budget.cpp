// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/random.hpp>
#include <hilum/policy/retry/retry_budget.hpp>

#include <limits>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("a budget starts full, is spent by retries and refilled by successes") {
    RetryBudget budget({.ratio = 0.25, .burst = 2});
    CHECK(budget.available() == 2);
    CHECK(budget.try_withdraw());
    CHECK(budget.try_withdraw());
    CHECK_FALSE(budget.try_withdraw());
    for (int i = 0; i < 3; ++i)
        budget.deposit();
    CHECK_FALSE(budget.try_withdraw());
    budget.deposit();
    CHECK(budget.try_withdraw());
    for (int i = 0; i < 100; ++i)
        budget.deposit();
    CHECK(budget.available() == 2); // never more than the burst
}

TEST_CASE("the law: attempts <= calls * (1 + ratio) + burst, in any order of events") {
    SeededRandom seeded(3);
    Random const random(seeded);
    for (int world = 0; world < 200; ++world) {
        auto const burst = static_cast<int>(random.below(40));
        auto const ratio = static_cast<double>(random.below(1001)) / 1000;
        auto const failing = random.below(101);
        RetryBudget budget({.ratio = ratio, .burst = burst});
        double calls = 0, attempts = 0;
        for (int i = 0; i < 500; ++i) {
            ++calls;
            for (int attempt = 1;; ++attempt) {
                ++attempts;
                if (random.below(100) >= failing) {
                    budget.deposit();
                    break;
                }
                if (attempt == 4 || !budget.try_withdraw())
                    break;
            }
            REQUIRE(attempts <= calls * (1 + ratio) + burst + 1e-6);
        }
    }
}

TEST_CASE("a service that fails for everybody gets the burst and no more") {
    RetryBudget budget;
    int retries = 0;
    for (int i = 0; i < 10000; ++i)
        for (int retry = 0; retry < 2 && budget.try_withdraw(); ++retry)
            ++retries;
    CHECK(retries == 35);
    // ... and it works again: one retry for ten successes
    for (int i = 0; i < 100; ++i)
        budget.deposit();
    CHECK(budget.available() == 10);
}

TEST_CASE("a budget that is off gives always") {
    RetryBudget budget({.burst = 0, .enabled = false});
    for (int i = 0; i < 1000; ++i)
        REQUIRE(budget.try_withdraw());
}

TEST_CASE("budget options that can't work are refused by name") {
    auto const field = [](RetryBudgetOptions options) -> std::string {
        try {
            RetryBudget const budget(options);
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return "none";
    };
    CHECK(field({.ratio = -0.1}) == "retry.budget.ratio");
    CHECK(field({.ratio = 1.1}) == "retry.budget.ratio");
    CHECK(field({.ratio = std::numeric_limits<double>::quiet_NaN()}) == "retry.budget.ratio");
    CHECK(field({.burst = -1}) == "retry.budget.burst");
    CHECK(field({.burst = 100'001}) == "retry.budget.burst");
}
