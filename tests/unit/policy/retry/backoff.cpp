// SPDX-License-Identifier: BSL-1.0
#include <hilum/policy/retry/backoff.hpp>

#include <limits>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("the ceiling doubles up to the cap") {
    Backoff const backoff({.base = 100ms, .throttled_base = 1s, .cap = 20s});
    CHECK(backoff.ceiling(1) == 100ms);
    CHECK(backoff.ceiling(2) == 200ms);
    CHECK(backoff.ceiling(8) == 12800ms);
    CHECK(backoff.ceiling(9) == 20s);
    CHECK(backoff.ceiling(1, true) == 1s);
    CHECK(backoff.ceiling(5, true) == 16s);
    CHECK(backoff.ceiling(6, true) == 20s);
}

TEST_CASE("no retry count and no setting overflows") {
    for (auto const base : {0ns, 1ns, 3ns, 1000ns, Clock::duration(1h)})
        for (auto const cap : {0ns, 1ns, 7ns, Clock::duration(1h)}) {
            Backoff const backoff({.base = base, .throttled_base = base, .cap = cap});
            Clock::duration last{};
            for (int retry :
                 {std::numeric_limits<int>::min(),
                  -1,
                  0,
                  1,
                  2,
                  3,
                  30,
                  40,
                  61,
                  62,
                  63,
                  64,
                  65,
                  1000,
                  std::numeric_limits<int>::max()}) {
                auto const most = backoff.ceiling(retry);
                CHECK(most >= last);
                CHECK(most <= cap);
                if (base > 0ns && retry >= 64)
                    CHECK(most == cap);
                last = most;
            }
        }
}

TEST_CASE("full jitter fills the whole range") {
    SeededRandom seeded(7);
    Random const random(seeded);
    Backoff const backoff({.base = 1s, .cap = 20s});
    Clock::duration least = 1h, most = 0s, sum = 0s;
    for (int i = 0; i < 1000; ++i) {
        auto const pause = backoff.pause(2, Error(errc::server_error), random);
        REQUIRE(pause.has_value());
        least = std::min(least, *pause);
        most = std::max(most, *pause);
        sum += *pause;
    }
    CHECK(least < 20ms);
    CHECK(most > 1980ms);
    CHECK(most < 2s);
    CHECK(sum / 1000 > 900ms);
    CHECK(sum / 1000 < 1100ms);
}

TEST_CASE("a throttled call pauses by its own base") {
    SeededRandom seeded(7);
    Random const random(seeded);
    Backoff const backoff({.base = 0ms, .throttled_base = 1s});
    CHECK(backoff.pause(1, Error(errc::server_error), random) == 0ns);
    CHECK(backoff.pause(1, Error(errc::throttled), random) > 0ns);
}

TEST_CASE("the provider's pause is kept, never undercut, and refused when too long") {
    SeededRandom seeded(7);
    Random const random(seeded);
    Backoff const backoff({.base = 1ms, .cap = 1ms, .longest_hint = 10s});
    auto const asking = [](std::chrono::milliseconds pause) {
        return Error(errc::throttled).with_retry_after(pause);
    };
    CHECK(backoff.pause(1, asking(5s), random) == 5s);
    CHECK(backoff.pause(1, asking(10s), random) == 10s);
    CHECK_FALSE(backoff.pause(1, asking(10001ms), random).has_value());
    // A hint of nothing leaves our own pause.
    Backoff const slow({.throttled_base = 10s, .cap = 10s});
    bool longer = false;
    for (int i = 0; i < 20; ++i)
        longer = longer || *slow.pause(1, asking(0ms), random) > 1s;
    CHECK(longer);
}

TEST_CASE("backoff options that can't work are refused by name") {
    auto const field = [](BackoffOptions options) -> std::string {
        try {
            Backoff const backoff(options);
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return "none";
    };
    CHECK(field({}) == "none");
    CHECK(field({.base = -1ns}) == "retry.backoff.base");
    CHECK(field({.throttled_base = 2h}) == "retry.backoff.throttled_base");
    CHECK(field({.cap = 2h}) == "retry.backoff.cap");
    CHECK(field({.longest_hint = -1s}) == "retry.backoff.longest_hint");
}
