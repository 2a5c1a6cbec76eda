// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace hilum::inline HILUM_ABI::detail {

/// Appends "2026-01-02T03:04:05Z", or with milliseconds "2026-01-02T03:04:05.678Z" (RFC 3339).
/// Years 0 to 9999.
inline void append_iso_time(std::string& out, Clock::wall_time at, bool milliseconds = false) {
    using namespace std::chrono;
    auto const day = floor<days>(at);
    year_month_day const date(day);
    auto const ms = floor<std::chrono::milliseconds>(at - day).count();
    auto const put = [&out](long long number, std::size_t width, char after) {
        out.append(width + 1, after);
        for (auto digit = out.end() - 1; width != 0; --width, number /= 10)
            *--digit = static_cast<char>('0' + number % 10);
    };
    put(static_cast<int>(date.year()), 4, '-');
    put(static_cast<unsigned>(date.month()), 2, '-');
    put(static_cast<unsigned>(date.day()), 2, 'T');
    put(ms / 3600000, 2, ':');
    put(ms / 60000 % 60, 2, ':');
    put(ms / 1000 % 60, 2, milliseconds ? '.' : 'Z');
    if (milliseconds)
        put(ms % 1000, 3, 'Z');
}

/// The same as a string of its own.
inline std::string iso_time(Clock::wall_time at, bool milliseconds = false) {
    std::string out;
    append_iso_time(out, at, milliseconds);
    return out;
}

} // namespace hilum::inline HILUM_ABI::detail
