// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A call had to wait for its permit, and has it now.
struct BulkheadWaited {
    static constexpr std::string_view name = "bulkhead_waited";

    Clock::duration waited;

    auto fields() const { return std::array{EventField("waited_us", waited)}; }
};

/// A call was refused, because too many waited already; nothing was sent.
struct BulkheadRefused {
    static constexpr std::string_view name = "bulkhead_refused";

    int max_concurrent, max_queue;

    auto fields() const {
        return std::array{
            EventField("max_concurrent", max_concurrent), EventField("max_queue", max_queue)};
    }
};

} // namespace hilum::inline HILUM_ABI
