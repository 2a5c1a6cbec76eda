// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace hilum::inline HILUM_ABI::detail {

/// "2026-01-02T03:04:05Z", or with milliseconds "2026-01-02T03:04:05.678Z" (RFC 3339). Years 0 to
/// 9999.
inline std::string iso_time(Clock::wall_time at, bool milliseconds = false) {
    using namespace std::chrono;
    auto const day = floor<days>(at);
    year_month_day const date(day);
    auto const ms = floor<std::chrono::milliseconds>(at - day).count();
    std::string out;
    out.reserve(24);
    auto const put = [&out](long long number, std::size_t width, char after) {
        auto const digits = std::to_string(number);
        if (digits.size() < width)
            out.append(width - digits.size(), '0');
        out.append(digits).push_back(after);
    };
    put(static_cast<int>(date.year()), 4, '-');
    put(static_cast<unsigned>(date.month()), 2, '-');
    put(static_cast<unsigned>(date.day()), 2, 'T');
    put(ms / 3600000, 2, ':');
    put(ms / 60000 % 60, 2, ':');
    put(ms / 1000 % 60, 2, milliseconds ? '.' : 'Z');
    if (milliseconds)
        put(ms % 1000, 3, 'Z');
    return out;
}

} // namespace hilum::inline HILUM_ABI::detail
