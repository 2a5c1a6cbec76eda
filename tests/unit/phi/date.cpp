// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/date.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("a date is read with as much as is there") {
    auto const full = Date::parse("1984-07-02");
    REQUIRE(full.has_value());
    CHECK(full->year() == 1984);
    CHECK(full->month() == 7);
    CHECK(full->day() == 2);
    CHECK(Date::parse("2012-09-10T15:29:24+00:00")->day() == 10);
    CHECK(Date::parse("1984-07")->month() == 7);
    CHECK_FALSE(Date::parse("1984-07")->has_day());
    CHECK(Date::parse("1984")->month() == 0);
}

TEST_CASE("what isn't a date isn't read") {
    for (auto const* text :
         {"",
          "84",
          "1984-7-2",
          "1984-13-01",
          "1984-02-30",
          "1984-07-02x",
          "0000",
          "19840702",
          "1984/07/02",
          "1984-07-",
          "abcd-07-02"})
        CHECK_FALSE(Date::parse(text));
}

TEST_CASE("an age is in completed years") {
    Date const at(2026, 1, 2);
    CHECK(age_in_years(Date(1961, 1, 2), at) == 65);
    CHECK(age_in_years(Date(1961, 1, 3), at) == 64);
    CHECK(age_in_years(Date(1961, 2, 1), at) == 64);
    CHECK(age_in_years(Date(2026, 1, 2), at) == 0);
    CHECK_FALSE(age_in_years(Date(2026, 1, 3), at));
    CHECK_FALSE(age_in_years(Date(), at));
    // A part that isn't known: the most that it can be.
    CHECK(age_in_years(Date(1936), at) == 90);
    CHECK(age_in_years(Date(1936, 1), at) == 90);
    CHECK(age_in_years(Date(1936, 2), at) == 89);
}
