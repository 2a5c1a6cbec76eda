// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A calendar date as a record has it: perhaps without a day, or without a month.
///
/// @code
/// auto born = Date::parse("1984-07-02");            // also "1984-07", "1984", and date-times
/// @endcode
///
/// It has no printed form: all elements of a date but the year are identifiers (45 CFR
/// 164.514(b)(2)(i)(C)).
class Date {
public:
    Date() = default;

    /// A `month` or `day` of 0 is one that isn't known.
    explicit Date(int year, unsigned month = 0, unsigned day = 0)
        : year_(year), month_(month), day_(month == 0 ? 0 : day) {}

    /// Reads a FHIR `date`, `dateTime` or `instant`; of the latter two the calendar day as written.
    static std::optional<Date> parse(std::string_view text);

    /// The day of a point in time, UTC.
    static Date from(std::chrono::system_clock::time_point at) {
        std::chrono::year_month_day const d(std::chrono::floor<std::chrono::days>(at));
        return Date(
            static_cast<int>(d.year()),
            static_cast<unsigned>(d.month()),
            static_cast<unsigned>(d.day())
        );
    }

    bool known() const noexcept { return year_ != 0; }

    bool has_day() const noexcept { return day_ != 0; }

    int year() const noexcept { return year_; }

    unsigned month() const noexcept { return month_; }

    unsigned day() const noexcept { return day_; }

    /// The day as a count; what isn't known counts as the first.
    std::chrono::sys_days first_day() const noexcept {
        using namespace std::chrono;
        return sys_days(
            std::chrono::year(year_) / std::chrono::month(month_ == 0 ? 1 : month_) /
            std::chrono::day(day_ == 0 ? 1 : day_)
        );
    }

private:
    int year_ = 0;
    unsigned month_ = 0, day_ = 0;
};

/// Completed years from `birth` to `at`; where month or day of birth aren't known, the most that it
/// can be. Nothing when a year is missing or `birth` is later.
std::optional<int> age_in_years(Date birth, Date at);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/date.ipp>
#endif
