// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/random.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace hilum::inline HILUM_ABI {

/// How long to pause before another attempt.
struct BackoffOptions {
    /// Longest pause before the second attempt; 0 to an hour.
    Clock::duration base = std::chrono::milliseconds(100);
    /// The same after the provider asked for a slower pace.
    Clock::duration throttled_base = std::chrono::seconds(1);
    /// No pause of our own choice is longer.
    Clock::duration cap = std::chrono::seconds(20);
    /// A pause that the provider asks for is kept up to this length. If it asks for a longer one
    /// the call isn't repeated at all: to come back earlier than asked is what got us throttled.
    Clock::duration longest_hint = std::chrono::seconds(120);
};

/// Throws `ConfigurationError` for what can't work, and names the field.
inline void validate(BackoffOptions const& options) {
    auto const demand = [](Clock::duration d, char const* field) {
        if (d < Clock::duration::zero() || d > std::chrono::hours(1))
            throw ConfigurationError(std::string("retry.backoff.") + field, "must be 0 to an hour");
    };
    demand(options.base, "base");
    demand(options.throttled_base, "throttled_base");
    demand(options.cap, "cap");
    demand(options.longest_hint, "longest_hint");
}

/// Exponential backoff with full jitter: `random(0, 1) * min(cap, base * 2^n)` before the (n+2)nd
/// attempt (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015; the cap
/// before the jitter, and a longer base after throttling, as the AWS SDKs' standard mode of 2026
/// has it).
///
/// A provider's `retry_after` is a lower bound of the pause. Pure; thread safety: const.
class Backoff {
public:
    explicit Backoff(BackoffOptions options = {}) : options_((validate(options), options)) {}

    /// The longest pause of our own choice before the given retry, 1 for the first one.
    Clock::duration ceiling(int retry, bool throttled = false) const noexcept {
        auto const base = throttled ? options_.throttled_base : options_.base;
        int const doublings = retry > 1 ? retry - 1 : 0;
        if (base <= Clock::duration::zero() || base >= options_.cap)
            return std::min(base, options_.cap);
        // base << doublings, unless that passes the cap (and long before it could overflow)
        if (doublings >= 62 || (options_.cap.count() >> doublings) < base.count())
            return options_.cap;
        return base * (std::int64_t(1) << doublings);
    }

    /// The pause before the given retry of what failed with `error`; none when the provider asks
    /// for a longer one than we are willing to keep.
    std::optional<Clock::duration> pause(int retry, Error const& error, Random const& random)
        const {
        auto const hint = error.retry_after();
        if (hint && *hint > options_.longest_hint)
            return std::nullopt;
        auto const most = ceiling(retry, error == errc::throttled);
        auto const drawn = most <= Clock::duration::zero()
                               ? Clock::duration::zero()
                               : Clock::duration(static_cast<Clock::duration::rep>(
                                     random.unit() * static_cast<double>(most.count())
                                 ));
        return hint ? std::max<Clock::duration>(*hint, drawn) : drawn;
    }

    BackoffOptions const& options() const noexcept { return options_; }

private:
    BackoffOptions options_;
};

} // namespace hilum::inline HILUM_ABI
