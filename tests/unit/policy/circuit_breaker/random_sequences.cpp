// SPDX-License-Identifier: BSL-1.0
// The breaker against a naive reference: random commands, and the seed of what fails.
#include <hilum/core/random.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// What a breaker should do, with nothing packed and nothing clever. Times in ms.
class Reference {
public:
    explicit Reference(CircuitBreakerOptions o) : options_(o) {}

    struct Ticket {
        std::uint64_t generation;
    };

    std::optional<Ticket> acquire(std::int64_t now) {
        bool const full = state == CircuitState::half_open && in_use_ == options_.half_open_permits;
        if (state == CircuitState::open && now >= until_)
            enter(CircuitState::half_open);
        else if (full && now >= lease_end_)
            enter(CircuitState::half_open);
        if (state == CircuitState::open || state == CircuitState::isolated)
            return std::nullopt;
        if (state == CircuitState::half_open) {
            if (in_use_ == options_.half_open_permits)
                return std::nullopt;
            ++in_use_;
            // leases are kept in quarter seconds
            lease_end_ = (now + ms(options_.probe_lease) + 249) / 250 * 250;
        }
        return Ticket{generation_};
    }

    void record(Ticket ticket, CircuitResult result, std::int64_t now) {
        if (ticket.generation != generation_) {
            late += result != CircuitResult::neutral;
            return;
        }
        if (state == CircuitState::closed) {
            if (result == CircuitResult::neutral)
                return;
            bool const failed = result == CircuitResult::failure;
            samples_.push_back({now / slice(), failed});
            in_a_row = failed ? in_a_row + 1 : 0;
            if (failed && ((options_.failures > 0 && in_a_row >= options_.failures) || rate(now)))
                open(now);
            return;
        }
        if (result == CircuitResult::failure)
            return open(now);
        --in_use_;
        if (result == CircuitResult::success && ++successes_ >= options_.half_open_successes)
            enter(CircuitState::closed);
    }

    void enter(CircuitState next) {
        state = next;
        ++generation_;
        in_a_row = in_use_ = successes_ = 0;
        samples_.clear();
    }

    std::int64_t retry_after(std::int64_t now) const { return until_ - now; }

    CircuitState state = CircuitState::closed;
    int in_a_row = 0;
    std::uint64_t late = 0;

private:
    static std::int64_t ms(Clock::duration d) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    }

    std::int64_t slice() const { return ms(options_.window) / 10; }

    void open(std::int64_t now) {
        enter(CircuitState::open);
        until_ = now + ms(options_.open_for);
    }

    bool rate(std::int64_t now) const {
        if (options_.failure_rate <= 0)
            return false;
        int calls = 0, failures = 0;
        for (auto const& [tick, failed] : samples_)
            if (tick > now / slice() - 10) {
                ++calls;
                failures += failed;
            }
        return calls >= options_.minimum_calls && failures >= options_.failure_rate * calls;
    }

    struct Sample {
        std::int64_t tick;
        bool failed;
    };

    CircuitBreakerOptions options_;
    std::uint64_t generation_ = 0;
    int in_use_ = 0, successes_ = 0;
    std::int64_t until_ = 0, lease_end_ = 0;
    std::deque<Sample> samples_;
};

CircuitBreakerOptions random_options(Random const& random) {
    auto const between = [&](int low, int high) {
        return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    };
    CircuitBreakerOptions o;
    o.failure_rate = random.below(2) ? 0.25 * between(1, 4) : 0;
    o.failures = o.failure_rate > 0 ? between(0, 4) : between(1, 4);
    o.open_for = std::chrono::milliseconds(between(1, 5000));
    o.minimum_calls = between(1, 6);
    o.window = std::chrono::seconds(between(1, 10));
    o.half_open_permits = between(1, 3);
    o.half_open_successes = between(1, 3);
    o.probe_lease = std::chrono::milliseconds(between(1, 5000));
    return o;
}

void run(std::uint64_t seed, int commands) {
    INFO("HILUM_SEED=" << seed);
    SeededRandom generator(seed);
    Random const random(generator);
    auto const options = random_options(random);
    CircuitBreaker breaker(options);
    Reference reference(options);
    std::vector<std::pair<CircuitBreaker::Permit, Reference::Ticket>> calls;
    std::int64_t now = 1000;

    for (int i = 0; i < commands; ++i) {
        INFO("command " << i << " at " << now << " ms");
        auto const at = Clock::time_point(std::chrono::milliseconds(now));
        auto const command = random.below(100);
        if (command < 40) {
            auto permit = breaker.try_acquire(at);
            auto const ticket = reference.acquire(now);
            if (permit.has_value() != ticket.has_value())
                FAIL("admission differs");
            if (permit)
                calls.emplace_back(std::move(*permit), *ticket);
            else if (reference.state == CircuitState::open) {
                auto const pause = permit.error().retry_after();
                if (!pause || pause->count() != reference.retry_after(now))
                    FAIL("retry_after differs");
            }
        } else if (command < 85 && !calls.empty()) {
            auto const which = random.below(calls.size());
            auto const kind = random.below(10);
            auto const result = kind < 5   ? CircuitResult::failure
                                : kind < 8 ? CircuitResult::success
                                           : CircuitResult::neutral;
            auto call = std::move(calls[which]);
            calls[which] = std::move(calls.back());
            calls.pop_back();
            auto const before = breaker.state();
            if (kind != 9) {
                auto const change = call.first.record(result, at);
                if (change.has_value() != (before != breaker.state()))
                    FAIL("transition not reported");
            }
            reference.record(call.second, result, now);
        } else if (command < 97) {
            now += static_cast<std::int64_t>(random.below(command < 90 ? 50 : 3000));
        } else if (command < 99) {
            breaker.reset();
            reference.enter(CircuitState::closed);
        } else {
            breaker.isolate();
            reference.enter(CircuitState::isolated);
        }
        if (breaker.state() != reference.state || breaker.late_results() != reference.late)
            FAIL("state differs");
        if (options.failures > 0 && breaker.failures_in_a_row() != reference.in_a_row)
            FAIL("streak differs");
    }
}

} // namespace

TEST_CASE("a breaker does what a naive one does, for random sequences") {
    if (char const* const seed = std::getenv("HILUM_SEED"))
        return run(std::strtoull(seed, nullptr, 10), 2000);
    for (std::uint64_t seed = 1; seed <= 500; ++seed)
        run(seed, 2000);
}
