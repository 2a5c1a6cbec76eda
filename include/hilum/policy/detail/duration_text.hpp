// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <chrono>
#include <string>

namespace hilum::inline HILUM_ABI::detail {

/// "30 s", "1.5 s", "250 ms", "40 us": for `describe()`.
inline std::string duration_text(Clock::duration d) {
    using namespace std::chrono;
    auto const us = duration_cast<microseconds>(d).count();
    auto const in = [us](std::int64_t unit, char const* name) {
        std::string out = std::to_string(us / unit);
        if (auto const tenths = us % unit * 10 / unit; tenths != 0)
            out.append(".").append(std::to_string(tenths));
        return out.append(" ").append(name);
    };
    if (us >= 1'000'000)
        return in(1'000'000, "s");
    if (us >= 1'000)
        return in(1'000, "ms");
    return in(1, "us");
}

} // namespace hilum::inline HILUM_ABI::detail
