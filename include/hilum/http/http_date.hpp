// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A date of HTTP (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms,
/// "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". Nothing for anything else.
///
/// A year of two digits is one of the hundred years that end in 2069.
HILUM_DECL std::optional<Clock::wall_time> parse_http_date(std::string_view text) noexcept;

/// The pause that a `Retry-After` asks for: seconds (also with a fraction, as some providers
/// write) or a date seen from `now`. Zero for a date that has passed; nothing for what can't be
/// read. At most 30 days.
///
/// @code
/// parse_retry_after("1.5", now);                             // 1500 ms
/// @endcode
HILUM_DECL std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view text, Clock::wall_time now
) noexcept;

/// A pause written as a plain number of units, "250" or "0.25": the form of `retry-after-ms`.
HILUM_DECL std::optional<std::chrono::milliseconds> parse_pause(
    std::string_view text, std::chrono::milliseconds unit
) noexcept;

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/http_date.ipp>
#endif
