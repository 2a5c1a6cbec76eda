// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace hilum::inline HILUM_ABI::detail {

/// Writes one flat JSON object into a string that is kept for the next one.
///
/// Text is escaped, and bytes that aren't UTF-8 (RFC 3629) become U+FFFD, so that one bad name
/// can't spoil a log.
class JsonLine {
public:
    explicit JsonLine(std::string& out) : out_(out) { out_.assign(1, '{'); }

    void member(std::string_view key, std::string_view text) {
        begin(key);
        string(text);
    }

    void member(std::string_view key, bool truth) {
        begin(key);
        out_ += truth ? "true" : "false";
    }

    void member(std::string_view key, std::int64_t number) {
        begin(key);
        append(number);
    }

    /// JSON has no infinities and no NaN: null.
    void member(std::string_view key, double number) {
        begin(key);
        if (std::isfinite(number))
            append(number);
        else
            out_ += "null";
    }

    /// "2026-01-02T03:04:05.000678Z", RFC 3339.
    void member(std::string_view key, Clock::wall_time time) {
        using namespace std::chrono;
        begin(key);
        auto const day = floor<days>(time);
        year_month_day const date(day);
        hh_mm_ss const clock(floor<microseconds>(time - day));
        out_ += '"';
        digits(static_cast<int>(date.year()), 4);
        out_ += '-';
        digits(static_cast<unsigned>(date.month()), 2);
        out_ += '-';
        digits(static_cast<unsigned>(date.day()), 2);
        out_ += 'T';
        digits(clock.hours().count(), 2);
        out_ += ':';
        digits(clock.minutes().count(), 2);
        out_ += ':';
        digits(clock.seconds().count(), 2);
        out_ += '.';
        digits(clock.subseconds().count(), 6);
        out_ += "Z\"";
    }

    void end() { out_ += "}\n"; }

private:
    void begin(std::string_view key) {
        if (out_.size() > 1)
            out_ += ',';
        string(key);
        out_ += ':';
    }

    template <class Number>
    void append(Number number) {
        char buffer[32];
        auto const end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
        out_.append(buffer, end);
    }

    void digits(std::integral auto number, unsigned width) {
        char buffer[24];
        auto const end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
        auto const length = static_cast<unsigned>(end - buffer);
        if (length < width)
            out_.append(width - length, '0');
        out_.append(buffer, end);
    }

    void string(std::string_view text) {
        out_ += '"';
        while (!text.empty()) {
            auto const c = static_cast<unsigned char>(text.front());
            std::size_t length = 1;
            if (c == '"' || c == '\\') {
                out_ += '\\';
                out_ += text.front();
            } else if (c < 0x20 || c == 0x7f) {
                constexpr char const* hex = "0123456789abcdef";
                out_ += "\\u00";
                out_ += hex[c >> 4];
                out_ += hex[c & 15];
            } else if (c < 0x80) {
                out_ += text.front();
            } else if (length = utf8(text); length != 0) {
                out_.append(text, 0, length);
            } else {
                out_ += "\\ufffd";
                length = 1;
            }
            text.remove_prefix(length);
        }
        out_ += '"';
    }

    /// The length of the sequence of two to four bytes at the front; 0 if it isn't well-formed.
    static std::size_t utf8(std::string_view text) noexcept {
        auto const at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
        auto const c = at(0);
        std::size_t const length = c >= 0xc2 && c < 0xe0   ? 2
                                   : c >= 0xe0 && c < 0xf0 ? 3
                                   : c >= 0xf0 && c < 0xf5 ? 4
                                                           : 0;
        if (length == 0 || text.size() < length)
            return 0;
        for (std::size_t i = 1; i < length; ++i)
            if ((at(i) & 0xc0) != 0x80)
                return 0;
        bool const overlong = (c == 0xe0 && at(1) < 0xa0) || (c == 0xf0 && at(1) < 0x90);
        bool const outside = (c == 0xed && at(1) >= 0xa0) || (c == 0xf4 && at(1) >= 0x90);
        return overlong || outside ? 0 : length;
    }

    std::string& out_;
};

} // namespace hilum::inline HILUM_ABI::detail
