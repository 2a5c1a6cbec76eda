// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/http_date.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <array>
#include <charconv>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Takes a date apart from left to right; `ok` turns false at the first thing that isn't there.
class HttpDateReader {
public:
    explicit HttpDateReader(std::string_view text) noexcept : rest_(text) {}

    bool ok() const noexcept { return ok_; }

    bool at_end() const noexcept { return ok_ && rest_.empty(); }

    void expect(std::string_view literal) noexcept {
        if (!rest_.starts_with(literal))
            ok_ = false;
        else
            rest_.remove_prefix(literal.size());
    }

    bool skip(std::string_view literal) noexcept {
        bool const there = rest_.starts_with(literal);
        if (there)
            rest_.remove_prefix(literal.size());
        return there;
    }

    int number(std::size_t digits) noexcept {
        int value = 0;
        if (rest_.size() < digits)
            ok_ = false;
        for (std::size_t i = 0; ok_ && i < digits; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9')
                ok_ = false;
            value = value * 10 + (rest_[i] - '0');
        }
        if (ok_)
            rest_.remove_prefix(digits);
        return value;
    }

    /// The place of a three-letter name in a row of them, from 1.
    int name(std::string_view row) noexcept {
        auto const at = rest_.size() < 3 ? row.npos : row.find(rest_.substr(0, 3));
        if (at == row.npos || at % 3 != 0) {
            ok_ = false;
            return 0;
        }
        rest_.remove_prefix(3);
        return static_cast<int>(at / 3) + 1;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

} // namespace detail

HILUM_DECL std::optional<Clock::wall_time> parse_http_date(std::string_view text) noexcept {
    constexpr std::string_view days = "MonTueWedThuFriSatSun";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    detail::HttpDateReader in(text);
    int year = 0, month = 0, day = 0;
    auto const weekday = in.name(days);
    if (in.skip(", ")) {
        day = in.number(2), in.expect(" "), month = in.name(months), in.expect(" ");
        year = in.number(4), in.expect(" ");
    } else if (in.skip(" ")) {
        month = in.name(months), in.expect(" ");
        day = in.skip(" ") ? in.number(1) : in.number(2);
        in.expect(" ");
    } else {
        constexpr std::array<std::string_view, 7> rests{
            "day", "sday", "nesday", "rsday", "day", "urday", "day"};
        if (in.ok())
            in.expect(rests[static_cast<std::size_t>(weekday - 1)]);
        in.expect(", "), day = in.number(2), in.expect("-"), month = in.name(months);
        in.expect("-"), year = in.number(2), in.expect(" ");
        year += year < 70 ? 2000 : 1900;
    }
    auto const hour = in.number(2);
    in.expect(":");
    auto const minute = in.number(2);
    in.expect(":");
    auto const second = in.number(2);
    in.expect(" ");
    if (year == 0)
        year = in.number(4);
    else
        in.expect("GMT");
    std::chrono::year_month_day const date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day))};
    // 60 is a leap second.
    if (!in.at_end() || !date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 ||
        second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

HILUM_DECL std::optional<std::chrono::milliseconds> parse_pause(
    std::string_view text, std::chrono::milliseconds unit
) noexcept {
    double number = 0;
    auto const [end, ec] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    // The comparison is false for a NaN as well, which from_chars reads.
    if (end != text.data() + text.size() || ec != std::errc() || !(number >= 0 && number < 1e18))
        return std::nullopt;
    constexpr double most = 30.0 * 24 * 3600 * 1000;
    auto const ms = std::min(number * static_cast<double>(unit.count()), most);
    return std::chrono::milliseconds(static_cast<std::int64_t>(ms));
}

HILUM_DECL std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view text, Clock::wall_time now
) noexcept {
    if (auto const pause = parse_pause(text, std::chrono::seconds(1)))
        return pause;
    auto const at = parse_http_date(text);
    if (!at)
        return std::nullopt;
    if (*at <= now)
        return std::chrono::milliseconds(0);
    auto const pause = std::chrono::ceil<std::chrono::milliseconds>(*at - now);
    return std::min<std::chrono::milliseconds>(pause, std::chrono::hours(24 * 30));
}

} // namespace hilum::inline HILUM_ABI
