// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/policy/circuit_breaker/detail/breaker_word.hpp>
#include <hilum/policy/circuit_breaker/failure_window.hpp>
#include <hilum/policy/circuit_breaker/options.hpp>
#include <hilum/policy/circuit_breaker/state.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Stops calling what doesn't work, and finds out carefully when it works again. Usable alone.
///
/// @code
/// CircuitBreaker breaker({.failures = 3}, "lab");
/// auto permit = breaker.try_acquire(now);
/// if (!permit)
///     return permit.error();                      // circuit_open, with retry_after
/// bool const worked = call_the_lab();
/// permit->record(worked ? CircuitResult::success : CircuitResult::failure, now_again);
/// @endcode
///
/// To be let in *is* to have reserved a permit; there is no way to ask without. The permit knows
/// the generation of the state in which it was given, and each change of state begins another one:
/// what comes back late changes nothing but `late_results()`. A probe that never comes back loses
/// its permit when its lease is over. A half-open circuit that sees any failure opens again.
///
/// Time is an argument: a `time_point` of a steady clock, or the `Clock` itself, which is then read
/// at most once and only if the decision needs it (a closed breaker that counts failures in a row
/// doesn't, unless it opens). A clock that goes back all the same can't keep the circuit open for
/// more than a minute longer.
///
/// Thread safety: safe; lock-free, one CAS a transition. A success of a closed breaker without a
/// streak, and without a failure rate to keep, writes nothing that is shared. It must outlive its
/// permits. `Atomic` is a template parameter for those who check all its interleavings.
template <template <class> class Atomic = std::atomic>
class BasicCircuitBreaker {
    using Word = detail::BreakerWord;
    using Transition = std::optional<CircuitTransition>;

    /// No thread sleeps this long between reading its clock and being heard, so that more means a
    /// clock that went back.
    static constexpr Clock::duration went_back = std::chrono::minutes(1);

public:
    /// Leave to make one call. Move-only; destroyed without `record`, it was abandoned: neutral.
    class Permit {
    public:
        Permit(Permit&& other) noexcept
            : breaker_(std::exchange(other.breaker_, nullptr)), stamp_(other.stamp_),
              entered_(other.entered_) {}

        Permit& operator=(Permit&& other) noexcept {
            std::swap(breaker_, other.breaker_);
            std::swap(stamp_, other.stamp_);
            std::swap(entered_, other.entered_);
            return *this;
        }

        ~Permit() {
            if (breaker_ && stamp_.state() != CircuitState::closed)
                breaker_->give_back(stamp_);
        }

        /// Reports how the call ended, once; says whether that changed the circuit's state.
        Transition record(CircuitResult result, Clock::time_point now) noexcept {
            return settle(result, [now] { return now; });
        }

        /// The same, reading the clock only if it matters.
        Transition record(CircuitResult result, Clock const& clock) noexcept {
            return settle(result, [&clock] { return clock.now(); });
        }

        /// The change of state that giving this permit was, if it was one.
        Transition entered() const noexcept {
            switch (entered_) {
            case CircuitCause::open_time_over:
                return CircuitTransition{CircuitState::open, CircuitState::half_open, entered_};
            case CircuitCause::lease_over:
                return CircuitTransition{
                    CircuitState::half_open, CircuitState::half_open, entered_};
            default:
                return std::nullopt;
            }
        }

        /// Whether the circuit was half-open when it was given.
        bool probe() const noexcept { return stamp_.state() == CircuitState::half_open; }

    private:
        friend BasicCircuitBreaker;

        Permit(
            BasicCircuitBreaker& breaker, Word stamp, CircuitCause entered = CircuitCause::manual
        ) noexcept
            : breaker_(&breaker), stamp_(stamp), entered_(entered) {}

        template <class Now>
        Transition settle(CircuitResult result, Now now) noexcept {
            auto* const breaker = std::exchange(breaker_, nullptr);
            return breaker ? breaker->settle(stamp_, result, now) : Transition();
        }

        BasicCircuitBreaker* breaker_;
        Word stamp_; ///< closed, no failures; or half-open; with the generation
        CircuitCause entered_;
    };

    /// Throws `ConfigurationError` for options that can't work.
    explicit BasicCircuitBreaker(CircuitBreakerOptions options = {}, std::string name = "default")
        : options_((validate(options), options)), name_(std::move(name)),
          refused_(
              Error(errc::circuit_open, "the circuit breaker '" + name_ + "' refuses calls now")
          ) {
        if (options_.failure_rate > 0)
            window_.emplace(options_.window, options_.failure_rate, options_.minimum_calls);
    }

    BasicCircuitBreaker(BasicCircuitBreaker const&) = delete;
    BasicCircuitBreaker& operator=(BasicCircuitBreaker const&) = delete;

    /// A permit, or `errc::circuit_open`; with `retry_after` while the circuit is open.
    Result<Permit> try_acquire(Clock::time_point now) {
        return acquire([now] { return now; });
    }

    /// The same, reading the clock only if the circuit isn't closed.
    Result<Permit> try_acquire(Clock const& clock) {
        return acquire([&clock] { return clock.now(); });
    }

    /// Refuses all calls until `reset()`.
    Transition isolate() noexcept {
        return force([](std::uint64_t generation) { return Word::isolated(generation); });
    }

    /// Closes the circuit and forgets what was counted; results of earlier calls count no more.
    Transition reset() noexcept {
        return force([](std::uint64_t generation) { return Word::closed(generation, 0); });
    }

    /// An open circuit stays `open` until somebody asks for a permit.
    CircuitState state() const noexcept { return load().state(); }

    /// Failures in a row so far; 0 unless closed.
    int failures_in_a_row() const noexcept {
        auto const word = load();
        return word.state() == CircuitState::closed ? static_cast<int>(word.failures()) : 0;
    }

    /// Successes and failures that came after the state in which their call began was over.
    std::uint64_t late_results() const noexcept { return late_.load(std::memory_order_relaxed); }

    std::string const& name() const noexcept { return name_; }

    CircuitBreakerOptions const& options() const noexcept { return options_; }

private:
    Word load() const noexcept { return Word(word_.load(std::memory_order_acquire)); }

    bool exchange(Word& seen, Word next) noexcept {
        std::uint64_t bits = seen.bits();
        bool const done = word_.compare_exchange_strong(
            bits, next.bits(), std::memory_order_acq_rel, std::memory_order_acquire
        );
        seen = Word(bits);
        return done;
    }

    Result<Permit> refuse(std::optional<Clock::duration> pause) const {
        Error error = refused_;
        if (!pause)
            return error;
        return std::move(error).with_retry_after(std::chrono::ceil<std::chrono::milliseconds>(*pause
        ));
    }

    template <std::invocable Now>
    Result<Permit> acquire(Now now) {
        auto const seen = load();
        if (seen.state() == CircuitState::closed)
            return Permit(*this, Word::closed(seen.generation(), 0));
        if (seen.state() == CircuitState::isolated)
            return refuse(std::nullopt);
        return acquire_unless_closed(seen, Word::clamp(now()));
    }

    Result<Permit> acquire_unless_closed(Word seen, Clock::time_point now);
    template <class Now>
    Transition settle(Word stamp, CircuitResult result, Now now) noexcept;
    template <class Now>
    Transition settle_slowly(Word seen, Word stamp, CircuitResult result, Now now) noexcept;
    void give_back(Word stamp) noexcept;
    template <class Next>
    Transition force(Next next) noexcept;

    Atomic<std::uint64_t> word_{Word::closed(1, 0).bits()};
    Atomic<std::uint64_t> late_{0};
    std::optional<BasicFailureWindow<Atomic>> window_;
    CircuitBreakerOptions options_;
    std::string name_;
    Error refused_;
};

template <template <class> class Atomic>
auto BasicCircuitBreaker<Atomic>::acquire_unless_closed(Word seen, Clock::time_point now)
    -> Result<Permit> {
    for (;;) {
        auto const begin = [&](CircuitCause cause) -> std::optional<Permit> {
            auto const next =
                Word::half_open(seen.next_generation(), 1, 0, now + options_.probe_lease);
            if (!exchange(seen, next))
                return std::nullopt;
            return Permit(*this, next, cause);
        };
        switch (seen.state()) {
        case CircuitState::closed:
            return Permit(*this, Word::closed(seen.generation(), 0));
        case CircuitState::isolated:
            return refuse(std::nullopt);
        case CircuitState::open:
            if (now >= seen.until()) {
                if (auto permit = begin(CircuitCause::open_time_over))
                    return std::move(*permit);
                continue;
            }
            if (seen.until() - now > options_.open_for + went_back) { // the clock went back
                auto const next = Word::open(seen.generation(), now + options_.open_for);
                if (exchange(seen, next))
                    seen = next;
                continue;
            }
            return refuse(seen.until() - now);
        case CircuitState::half_open:
            if (seen.in_use() < static_cast<std::uint64_t>(options_.half_open_permits)) {
                auto const next = Word::half_open(
                    seen.generation(),
                    seen.in_use() + 1,
                    seen.successes(),
                    now + options_.probe_lease
                );
                if (exchange(seen, next))
                    return Permit(*this, next);
                continue;
            }
            if (now >= seen.lease_end() ||
                seen.lease_end() - now > options_.probe_lease + went_back) {
                if (auto permit = begin(CircuitCause::lease_over))
                    return std::move(*permit);
                continue;
            }
            return refuse(std::nullopt);
        }
    }
}

template <template <class> class Atomic>
template <class Now>
auto BasicCircuitBreaker<Atomic>::settle(Word stamp, CircuitResult result, Now now) noexcept
    -> Transition {
    auto const seen = load();
    // The way of nearly all calls: nothing to write.
    if (seen == stamp && result == CircuitResult::success && !window_ && !stamp.in_use())
        return std::nullopt;
    return settle_slowly(seen, stamp, result, now);
}

template <template <class> class Atomic>
template <class Now>
auto BasicCircuitBreaker<Atomic>::settle_slowly(
    Word seen, Word stamp, CircuitResult result, Now now
) noexcept -> Transition {
    bool counted = false, rate_reached = false;
    for (;;) {
        if (seen.generation() != stamp.generation()) {
            if (result != CircuitResult::neutral)
                late_.fetch_add(1, std::memory_order_relaxed);
            return std::nullopt;
        }
        Word next;
        auto cause = CircuitCause::failures_in_a_row;
        auto const open = [&] {
            auto const at = Word::clamp(now());
            return Word::open(seen.next_generation(), at + options_.open_for);
        };
        if (seen.state() == CircuitState::closed) {
            if (result == CircuitResult::neutral)
                return std::nullopt;
            bool const failed = result == CircuitResult::failure;
            if (window_ && !counted) {
                rate_reached = window_->add(seen.generation(), failed, now());
                counted = true;
            }
            auto const in_a_row = failed ? seen.failures() + 1 : 0;
            auto const limit = static_cast<std::uint64_t>(options_.failures);
            if (!failed && seen.failures() == 0)
                return std::nullopt;
            if (failed && limit != 0 && in_a_row >= limit) {
                next = open();
            } else if (rate_reached) {
                cause = CircuitCause::failure_rate;
                next = open();
            } else if (failed && limit == 0) {
                return std::nullopt; // failures in a row don't matter
            } else {
                next = Word::closed(seen.generation(), in_a_row);
            }
        } else if (result == CircuitResult::failure) {
            cause = CircuitCause::probe_failed;
            next = open();
        } else if (result == CircuitResult::success &&
                   seen.successes() + 1 >=
                       static_cast<std::uint64_t>(options_.half_open_successes)) {
            cause = CircuitCause::probe_succeeded;
            next = Word::closed(seen.next_generation(), 0);
        } else {
            next = seen.returned(result == CircuitResult::success ? 1 : 0);
        }
        auto const from = seen.state();
        if (!exchange(seen, next))
            continue;
        if (from == next.state())
            return std::nullopt;
        return CircuitTransition{from, next.state(), cause};
    }
}

template <template <class> class Atomic>
void BasicCircuitBreaker<Atomic>::give_back(Word stamp) noexcept {
    settle_slowly(load(), stamp, CircuitResult::neutral, [] { return Clock::time_point(); });
}

template <template <class> class Atomic>
template <class Next>
auto BasicCircuitBreaker<Atomic>::force(Next next) noexcept -> Transition {
    auto seen = load();
    for (;;) {
        auto const from = seen.state();
        auto const to = next(seen.next_generation());
        if (exchange(seen, to)) {
            if (from == to.state())
                return std::nullopt;
            return CircuitTransition{from, to.state(), CircuitCause::manual};
        }
    }
}

using CircuitBreaker = BasicCircuitBreaker<>;

} // namespace hilum::inline HILUM_ABI
