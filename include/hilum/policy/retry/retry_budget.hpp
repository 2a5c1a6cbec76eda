// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace hilum::inline HILUM_ABI {

/// How many retries there may be for how many calls.
struct RetryBudgetOptions {
    /// Each call that succeeds pays for this part of a retry; 0 to 1, in thousandths.
    double ratio = 0.1;
    /// Retries that may be made at first, and saved up later; 0 to 100000.
    int burst = 35;
    /// Without a budget a service that fails for everybody gets `max_attempts` times the load.
    bool enabled = true;
};

/// Throws `ConfigurationError` for what can't work, and names the field.
inline void validate(RetryBudgetOptions const& options) {
    if (!(options.ratio >= 0 && options.ratio <= 1))
        throw ConfigurationError("retry.budget.ratio", "must be 0 to 1");
    if (options.burst < 0 || options.burst > 100'000)
        throw ConfigurationError("retry.budget.burst", "must be 0 to 100000");
}

/// A bucket of tokens that bounds how far retries multiply the load on a service that is in
/// trouble: over any number of calls, *attempts <= calls * (1 + ratio) + burst*.
///
/// It starts full; a retry takes one token, a success puts `ratio` of one back. The refill by
/// success and in thousandths is gRPC's (proposal A6); that a retry pays, not a failure, and that
/// the whole bucket can be spent is AWS's (standard mode of 2026: 500 tokens, 14 a retry, 1 for a
/// success, which is 35 retries and a ratio of 0.07). Unlike AWS's it gives nothing back for a
/// retry that succeeded, or the law above would not hold. It doesn't refill with time: a service
/// that answers nothing gets no retries, however long that lasts.
///
/// Share one between all that calls the same endpoint. Thread safety: safe, lock-free; a success
/// with a full bucket writes nothing.
class RetryBudget {
    static constexpr std::int64_t token = 1000;

public:
    explicit RetryBudget(RetryBudgetOptions options = {})
        : capacity_((validate(options), options.burst * token)),
          refill_(static_cast<std::int64_t>(options.ratio * token)), enabled_(options.enabled),
          tokens_(capacity_) {}

    RetryBudget(RetryBudget const&) = delete;
    RetryBudget& operator=(RetryBudget const&) = delete;

    /// Takes a token for one retry; false if there is none.
    bool try_withdraw() noexcept {
        if (!enabled_)
            return true;
        auto seen = tokens_.load(std::memory_order_relaxed);
        while (seen >= token)
            if (tokens_.compare_exchange_weak(seen, seen - token, std::memory_order_relaxed))
                return true;
        return false;
    }

    /// A call succeeded.
    void deposit() noexcept {
        auto seen = tokens_.load(std::memory_order_relaxed);
        while (seen < capacity_)
            if (tokens_.compare_exchange_weak(
                    seen, std::min(seen + refill_, capacity_), std::memory_order_relaxed
                ))
                return;
    }

    /// Retries that could be made now.
    double available() const noexcept {
        return static_cast<double>(tokens_.load(std::memory_order_relaxed)) / token;
    }

private:
    std::int64_t capacity_, refill_;
    bool enabled_;
    std::atomic<std::int64_t> tokens_;
};

} // namespace hilum::inline HILUM_ABI
