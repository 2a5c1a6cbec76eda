// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>
#include <hilum/policy/circuit_breaker/events.hpp>
#include <hilum/policy/detail/duration_text.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What an error says about the health of the service.
///
/// - *failure*: it broke, or kept silent: `server_error`, `unavailable`, `connection_failed`,
///   `connection_lost`, `malformed_reply`, `truncated`, and `timeout`. Of the timeouts two are
///   neutral: the total's, when nothing had been sent yet (the caller's time was spent elsewhere),
///   and one that hilum itself says was a refusal (waiting for a local permit).
/// - *neutral*: it says nothing about health. Cancelled; refused locally; the request's own fault
///   (`invalid_request`, `unauthorized`, `content_filtered`, ...: the service is alive, but has not
///   shown that it works). Throttling too: a provider that paces us works as designed. Opening
///   would turn "slower" into "not at all", and closing on it would let a probe succeed that
///   didn't; `retry_after` and rate limits deal with it.
inline CircuitResult circuit_result(Error const& error) noexcept {
    switch (error.value()) {
    case errc::ok:
        return CircuitResult::success;
    case errc::timeout:
        if (error.delivery() == Delivery::rejected ||
            (error.scope() == Scope::total && error.delivery() == Delivery::not_sent))
            return CircuitResult::neutral;
        return CircuitResult::failure;
    case errc::server_error:
    case errc::unavailable:
    case errc::connection_failed:
    case errc::connection_lost:
    case errc::malformed_reply:
    case errc::truncated:
        return CircuitResult::failure;
    default:
        return CircuitResult::neutral;
    }
}

/// Refuses calls to a service that fails, and lets a probe pass after a while.
///
/// @code
/// CircuitBreakerPolicy{}                                       // 5 failures in a row, 30 s
/// CircuitBreakerPolicy{}.failures(3).open_for(60s).named("openai:gpt")
/// CircuitBreakerPolicy{}.failure_rate(0.5, 20, 60s)            // besides failures in a row
/// CircuitBreakerPolicy{shared_breaker}                         // one state for several services
/// @endcode
///
/// Right of whatever repeats or multiplies, so that it sees each attempt; a refusal is
/// `errc::circuit_open`, is never retried and carries `retry_after`. A stream holds its permit
/// until it ends. Reports `CircuitStateChanged` and `CircuitRefused`. Thread safety: configuration
/// is a value; the joined layer is safe.
class CircuitBreakerPolicy {
public:
    using policy = deciding;
    static constexpr bool per_attempt = true;
    static constexpr std::string_view name = "circuit_breaker";

    CircuitBreakerPolicy() = default;

    /// Throws `ConfigurationError` for options that can't work.
    explicit CircuitBreakerPolicy(CircuitBreakerOptions options, std::string circuit = "default")
        : options_((validate(options), options)), circuit_(std::move(circuit)) {}

    /// One breaker, also for other services or for code of one's own.
    explicit CircuitBreakerPolicy(std::shared_ptr<CircuitBreaker> breaker)
        : shared_(std::move(breaker)) {
        if (!shared_)
            throw ConfigurationError("circuit_breaker.breaker", "must not be null");
        options_ = shared_->options();
        circuit_ = shared_->name();
    }

    /// Opens after this many failures in a row.
    CircuitBreakerPolicy failures(int in_a_row) && {
        own().failures = in_a_row;
        return std::move(*this);
    }

    CircuitBreakerPolicy open_for(Clock::duration pause) && {
        own().open_for = pause;
        return std::move(*this);
    }

    /// Opens also when this part of at least so many calls of the last `window` failed.
    CircuitBreakerPolicy failure_rate(double rate, int minimum_calls, Clock::duration window) && {
        own().failure_rate = rate;
        options_.minimum_calls = minimum_calls;
        options_.window = window;
        return std::move(*this);
    }

    /// How many probes may be on their way, how many must succeed, when one is given up.
    CircuitBreakerPolicy half_open(
        int permits, int successes = 1, Clock::duration lease = std::chrono::seconds(60)
    ) && {
        own().half_open_permits = permits;
        options_.half_open_successes = successes;
        options_.probe_lease = lease;
        return std::move(*this);
    }

    /// Its name in errors and events: the endpoint and the model that it guards.
    CircuitBreakerPolicy named(std::string circuit) && {
        own();
        circuit_ = std::move(circuit);
        return std::move(*this);
    }

    std::string describe() const {
        auto const& o = options_;
        std::string out = circuit_;
        if (o.failures > 0)
            out += ", failures=" + std::to_string(o.failures);
        if (o.failure_rate > 0)
            out += ", failure_rate=" + std::to_string(static_cast<int>(o.failure_rate * 100)) +
                   "% of " + std::to_string(o.minimum_calls) + " in " +
                   detail::duration_text(o.window);
        out += ", open_for=" + detail::duration_text(o.open_for);
        return shared_ ? out + ", shared" : out;
    }

    class Visit {
    public:
        explicit Visit(CircuitBreaker::Permit permit, CircuitBreaker const& breaker) noexcept
            : permit_(std::move(permit)), breaker_(&breaker) {}

        Verdict leave(CallContext& cx, Outcome const& outcome) {
            auto const result =
                outcome.error ? circuit_result(*outcome.error) : CircuitResult::success;
            if (auto const change = permit_.record(result, cx.clock())) [[unlikely]]
                cx.emit(CircuitStateChanged{breaker_->name(), *change});
            return {};
        }

    private:
        CircuitBreaker::Permit permit_;
        CircuitBreaker const* breaker_;
    };

    class Layer {
    public:
        explicit Layer(CircuitBreakerPolicy const& p)
            : breaker_(
                  p.shared_ ? p.shared_ : std::make_shared<CircuitBreaker>(p.options_, p.circuit_)
              ) {}

        Result<Visit> enter(CallContext& cx) {
            auto permit = breaker_->try_acquire(cx.clock());
            if (!permit) [[unlikely]] {
                cx.emit(CircuitRefused{breaker_->name()});
                return permit.error();
            }
            if (auto const change = permit->entered()) [[unlikely]]
                cx.emit(CircuitStateChanged{breaker_->name(), *change});
            return Visit(std::move(*permit), *breaker_);
        }

        CircuitBreaker& breaker() noexcept { return *breaker_; }

    private:
        std::shared_ptr<CircuitBreaker> breaker_;
    };

private:
    CircuitBreakerOptions& own() {
        if (shared_)
            throw ConfigurationError(
                "circuit_breaker", "a shared breaker brings its own options and name"
            );
        return options_;
    }

    CircuitBreakerOptions options_;
    std::string circuit_ = "default";
    std::shared_ptr<CircuitBreaker> shared_;
};

} // namespace hilum::inline HILUM_ABI
