// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A call passed `TelemetryPolicy`: the whole call left of a retry, one attempt right of it.
struct CallStarted {
    static constexpr std::string_view name = "call_started";

    std::string_view provider, model; ///< of the service's destination
    int attempt;                      ///< 1 for the first

    auto fields() const {
        return std::array{
            EventField("provider", provider),
            EventField("model", model),
            EventField("attempt", attempt),
        };
    }
};

/// A call ended; for a stream, when it ends.
struct CallFinished {
    static constexpr std::string_view name = "call_finished";

    std::string_view provider, model;
    errc error; ///< `errc::ok`: answered
    unsigned status;
    int attempts; ///< how many were made until now
    Clock::duration duration;

    auto fields() const {
        return std::array{
            EventField("provider", provider),
            EventField("model", model),
            EventField("error", to_string(error)),
            EventField("status", status),
            EventField("attempts", attempts),
            EventField("duration_us", duration),
        };
    }
};

/// Nobody waited for the end of a call: its coroutine or its stream was destroyed.
struct CallAbandoned {
    static constexpr std::string_view name = "call_abandoned";

    std::string_view provider, model;
    Clock::duration duration;

    auto fields() const {
        return std::array{
            EventField("provider", provider),
            EventField("model", model),
            EventField("duration_us", duration),
        };
    }
};

} // namespace hilum::inline HILUM_ABI
