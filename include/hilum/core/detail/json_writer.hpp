// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/json/fwd.hpp>

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

/// JSON written straight into the string that is sent, without a tree in between.
///
/// @code
/// std::string body = "{\"model\":";
/// if (!append_json_string(body, model))
///     return Error(errc::invalid_request, "the model's name isn't UTF-8");
/// @endcode

namespace hilum::inline HILUM_ABI::detail {

/// Appends `utf8` as a JSON string, quotes included (RFC 8259, 7). False, and `out` as it was, when
/// it isn't valid UTF-8: such a string has no JSON form.
[[nodiscard]] bool append_json_string(std::string& out, std::string_view utf8);

/// Appends the value. False, and `out` as it was, when it holds a string that isn't UTF-8, a number
/// that isn't finite, or more than `max_depth` levels.
[[nodiscard]] bool append_json(
    std::string& out, boost::json::value const& value, int max_depth = 64
);
[[nodiscard]] bool append_json(
    std::string& out, boost::json::object const& object, int max_depth = 64
);

/// Appends a number in the shortest form that reads back the same; false for NaN and infinities.
[[nodiscard]] bool append_json_number(std::string& out, double number);

template <std::integral I>

requires(!std::same_as<I, bool>) void append_json_number(std::string& out, I number) {
    char text[24];
    auto const end = std::to_chars(text, text + sizeof text, number).ptr;
    out.append(text, end);
}

/// Whether the text is valid UTF-8 (RFC 3629: no surrogates, nothing overlong).
bool is_utf8(std::string_view text) noexcept;

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/json_writer.ipp>
#endif
