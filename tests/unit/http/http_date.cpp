// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/http_date.hpp>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

auto const then = Clock::wall_time(std::chrono::seconds(784111777)); // 1994-11-06T08:49:37Z

} // namespace

TEST_CASE("http date: the three forms of RFC 9110 name one moment") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == then);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == then);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == then);
    CHECK(parse_http_date("Sun Nov 16 08:49:37 1994") == then + 240h);
    CHECK(parse_http_date("Wednesday, 09-Nov-94 08:49:37 GMT") == then + 72h);
    CHECK(parse_http_date("Thursday, 29-Feb-24 00:00:00 GMT"));
}

TEST_CASE("http date: nothing else is one") {
    for (auto const* text :
         {"",
          "Sun",
          "Sun, ",
          "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 PST",
          "Sun, 06 Nov 1994 08:49:37 GMT ",
          "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT",
          "Sun, 06 Nov 1994 08:49:61 GMT",
          "Sun, 06 ovD 1994 08:49:37 GMT",
          "unM, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 0000 08:49:37 GMT",
          "Sun, 06 Nov 9999 08:49:37 GMT",
          "Sunday, 06-Nov-1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994",
          "Sunsday, 06-Nov-94 08:49:37 GMT"})
        CHECK(!parse_http_date(text));
}

TEST_CASE("retry-after: seconds, a fraction of them, or a date") {
    CHECK(parse_retry_after("0", then) == 0ms);
    CHECK(parse_retry_after("20", then) == 20s);
    CHECK(parse_retry_after("1.5", then) == 1500ms);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", then - 7s) == 7s);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", then - 6900ms) == 6900ms);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", then) == 0ms);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", then + 1h) == 0ms);
}

TEST_CASE("retry-after: garbage is nothing, too much is bounded") {
    for (auto const* text : {"", "-1", "+1", "1s", " 1", "1e9", "0x10", "nan", "inf", "soon"})
        CHECK(!parse_retry_after(text, then));
    CHECK(parse_retry_after("99999999999", then) == 720h);
    CHECK(!parse_retry_after(std::string(400, '9'), then));
    CHECK(parse_retry_after("Fri, 06 Nov 2189 08:49:37 GMT", then) == 720h);
}

TEST_CASE("a pause in units") {
    CHECK(parse_pause("250", 1ms) == 250ms);
    CHECK(parse_pause("0.9", 1ms) == 0ms);
    CHECK(parse_pause("2", 1s) == 2s);
}
