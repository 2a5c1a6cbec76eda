// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/date.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <cstddef>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// The number that `count` digits at `at` make; nothing when there are fewer.
inline std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count)
        return std::nullopt;
    int value = 0;
    for (char const c : text.substr(at, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace detail

HILUM_DECL std::optional<Date> Date::parse(std::string_view text) {
    auto const year = detail::digits_at(text, 0, 4);
    if (!year || *year == 0)
        return std::nullopt;
    if (text.size() == 4)
        return Date(*year);
    auto const month = detail::digits_at(text, 5, 2);
    if (text[4] != '-' || !month || *month < 1 || *month > 12)
        return std::nullopt;
    if (text.size() == 7)
        return Date(*year, static_cast<unsigned>(*month));
    auto const day = detail::digits_at(text, 8, 2);
    if (text[7] != '-' || !day || *day < 1 || (text.size() > 10 && text[10] != 'T'))
        return std::nullopt;
    Date const date(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
    using namespace std::chrono;
    if (!year_month_day(
             std::chrono::year(*year), std::chrono::month(date.month_), std::chrono::day(date.day_)
        )
             .ok())
        return std::nullopt;
    return date;
}

HILUM_DECL std::optional<int> age_in_years(Date birth, Date at) {
    if (!birth.known() || !at.known())
        return std::nullopt;
    int years = at.year() - birth.year();
    // An unknown month of birth may have passed already; an unknown day too.
    bool const still_to_come =
        birth.month() > at.month() || (birth.month() == at.month() && birth.day() > at.day());
    if (at.month() != 0 && still_to_come)
        --years;
    if (years < 0)
        return std::nullopt;
    return years;
}

} // namespace hilum::inline HILUM_ABI
