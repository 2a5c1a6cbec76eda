// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/detail/iso_time.hpp>

#include <chrono>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono;
using namespace std::chrono_literals;

TEST_CASE("iso time: RFC 3339 in UTC, with and without milliseconds") {
    Clock::wall_time const at = sys_days(2026y / January / 2) + 3h + 4min + 5s + 67ms;
    CHECK(detail::iso_time(at) == "2026-01-02T03:04:05Z");
    CHECK(detail::iso_time(at, true) == "2026-01-02T03:04:05.067Z");
    CHECK(detail::iso_time(sys_days(2024y / February / 29)) == "2024-02-29T00:00:00Z");
    CHECK(detail::iso_time(Clock::wall_time(), true) == "1970-01-01T00:00:00.000Z");
    Clock::wall_time const before_1970 = sys_days(1969y / December / 31) + 24h - 1ms;
    CHECK(detail::iso_time(before_1970, true) == "1969-12-31T23:59:59.999Z");
}
