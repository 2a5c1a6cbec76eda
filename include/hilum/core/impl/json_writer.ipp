// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/detail/json_writer.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <boost/json/value.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hilum::inline HILUM_ABI::detail {

/// Length of the UTF-8 sequence at the head of `s`, whose first byte is >= 0x80; 0 if it is none.
inline std::size_t utf8_sequence(char const* s, std::size_t size) noexcept {
    auto const at = [s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    auto const tail = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
    unsigned char const lead = at(0);
    if (lead < 0xc2)
        return 0;
    if (lead < 0xe0)
        return size >= 2 && tail(1) ? 2 : 0;
    if (lead < 0xf0) {
        if (size < 3 || !tail(1) || !tail(2))
            return 0;
        if ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) > 0x9f))
            return 0;
        return 3;
    }
    if (lead > 0xf4 || size < 4 || !tail(1) || !tail(2) || !tail(3))
        return 0;
    if ((lead == 0xf0 && at(1) < 0x90) || (lead == 0xf4 && at(1) > 0x8f))
        return 0;
    return 4;
}

/// Whether one of eight bytes is a control, a quote, a backslash or not ASCII.
inline bool any_special(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    constexpr std::uint64_t high = 0x8080808080808080ULL;
    auto const has_zero = [](std::uint64_t w) { return (w - ones) & ~w & high; };
    return ((word & high) | ((word - ones * 0x20) & ~word & high) | has_zero(word ^ (ones * '"')) |
            has_zero(word ^ (ones * '\\'))) != 0;
}

/// Length of the run at the head of `s` that stands in a JSON string as it is.
inline std::size_t plain_run(char const* s, std::size_t size) noexcept {
    std::size_t i = 0;
    std::uint64_t word = 0;
    for (; i + sizeof word <= size; i += sizeof word) {
        std::memcpy(&word, s + i, sizeof word);
        if (any_special(word))
            break;
    }
    if (size - i < sizeof word) { // the last few, filled up with spaces
        word = 0x2020202020202020ULL;
        std::memcpy(&word, s + i, size - i);
        if (!any_special(word))
            return size;
    }
    while (i < size) {
        auto const c = static_cast<unsigned char>(s[i]);
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
            break;
        ++i;
    }
    return i;
}

inline void append_escaped(std::string& out, char c) {
    constexpr char hex[] = "0123456789abcdef";
    auto const u = static_cast<unsigned char>(c);
    switch (c) {
    case '"':
        out.append("\\\"");
        break;
    case '\\':
        out.append("\\\\");
        break;
    case '\n':
        out.append("\\n");
        break;
    case '\r':
        out.append("\\r");
        break;
    case '\t':
        out.append("\\t");
        break;
    default:
        out.append("\\u00").append(1, hex[u >> 4]).append(1, hex[u & 15]);
    }
}

HILUM_DECL bool append_json_string(std::string& out, std::string_view utf8) {
    auto const before = out.size();
    out.push_back('"');
    char const* s = utf8.data();
    std::size_t left = utf8.size();
    while (left != 0) {
        std::size_t run = plain_run(s, left);
        if (run == 0 && static_cast<unsigned char>(*s) >= 0x80) {
            run = utf8_sequence(s, left);
            if (run == 0) {
                out.resize(before);
                return false;
            }
        }
        if (run == 0) {
            append_escaped(out, *s);
            run = 1;
        } else {
            out.append(s, run);
        }
        s += run;
        left -= run;
    }
    out.push_back('"');
    return true;
}

HILUM_DECL bool is_utf8(std::string_view text) noexcept {
    char const* s = text.data();
    std::size_t left = text.size();
    while (left != 0) {
        std::size_t const step = static_cast<unsigned char>(*s) < 0x80 ? 1 : utf8_sequence(s, left);
        if (step == 0)
            return false;
        s += step;
        left -= step;
    }
    return true;
}

HILUM_DECL bool append_json_number(std::string& out, double number) {
    if (!std::isfinite(number))
        return false;
    char text[32];
    auto const end = std::to_chars(text, text + sizeof text, number).ptr;
    out.append(text, end);
    return true;
}

inline bool write_json(std::string& out, boost::json::object const& object, int depth);

inline bool write_json(std::string& out, boost::json::value const& value, int depth) {
    switch (value.kind()) {
    case boost::json::kind::null:
        out.append("null");
        return true;
    case boost::json::kind::bool_:
        out.append(value.get_bool() ? "true" : "false");
        return true;
    case boost::json::kind::int64:
        append_json_number(out, value.get_int64());
        return true;
    case boost::json::kind::uint64:
        append_json_number(out, value.get_uint64());
        return true;
    case boost::json::kind::double_:
        return append_json_number(out, value.get_double());
    case boost::json::kind::string:
        return append_json_string(out, value.get_string());
    case boost::json::kind::object:
        return write_json(out, value.get_object(), depth);
    case boost::json::kind::array:
        break;
    }
    if (depth == 0)
        return false;
    char separator = '[';
    for (auto const& element : value.get_array()) {
        out.push_back(separator);
        if (!write_json(out, element, depth - 1))
            return false;
        separator = ',';
    }
    out.append(separator == '[' ? "[]" : "]");
    return true;
}

inline bool write_json(std::string& out, boost::json::object const& object, int depth) {
    if (depth == 0)
        return false;
    char separator = '{';
    for (auto const& [key, member] : object) {
        out.push_back(separator);
        if (!append_json_string(out, key))
            return false;
        out.push_back(':');
        if (!write_json(out, member, depth - 1))
            return false;
        separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
    return true;
}

HILUM_DECL bool append_json(std::string& out, boost::json::value const& value, int max_depth) {
    auto const before = out.size();
    if (write_json(out, value, max_depth))
        return true;
    out.resize(before);
    return false;
}

HILUM_DECL bool append_json(std::string& out, boost::json::object const& object, int max_depth) {
    auto const before = out.size();
    if (write_json(out, object, max_depth))
        return true;
    out.resize(before);
    return false;
}

} // namespace hilum::inline HILUM_ABI::detail
