// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// An attempt failed and another one will follow.
struct RetryScheduled {
    static constexpr std::string_view name = "retry_scheduled";

    int attempt; ///< the one that failed, 1 for the first
    Clock::duration delay;
    errc error;

    auto fields() const {
        return std::array{
            EventField("attempt", attempt),
            EventField("delay_us", delay),
            EventField("error", to_string(error)),
        };
    }
};

/// An attempt failed and would have been repeated, but too many were lately.
struct RetryBudgetExhausted {
    static constexpr std::string_view name = "retry_budget_exhausted";

    int attempt;
    errc error;

    auto fields() const {
        return std::array{EventField("attempt", attempt), EventField("error", to_string(error))};
    }
};

} // namespace hilum::inline HILUM_ABI
