// SPDX-License-Identifier: BSL-1.0

#include <hilum/core/detail/json_writer.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>
#include <string>

#include "catch.hpp"

using namespace hilum;

namespace {

std::string written(std::string_view text) {
    std::string out;
    REQUIRE(detail::append_json_string(out, text));
    return out;
}

} // namespace

TEST_CASE("a string is written as JSON reads it back", "[json_writer]") {
    std::string all;
    for (int c = 0; c < 0x80; ++c)
        all.push_back(static_cast<char>(c));
    all += "\u00e9\u20ac\U0001f600";
    // Every alignment of the special character within the eight bytes that are looked at together.
    for (std::size_t shift = 0; shift < 20; ++shift)
        for (char const c : all) {
            if (static_cast<unsigned char>(c) >= 0x80)
                continue;
            auto const text = std::string(shift, 'x') + c + "after";
            CHECK(json::parse(written(text)).as_string() == text);
        }
    CHECK(json::parse(written(all)).as_string() == all);
    CHECK(written("") == "\"\"");
    CHECK(written("a\"\\\n\r\t\b\x7f") == "\"a\\\"\\\\\\n\\r\\t\\u0008\x7f\"");
    CHECK(written(std::string_view("\0", 1)) == "\"\\u0000\"");
}

TEST_CASE("what isn't UTF-8 has no JSON form", "[json_writer]") {
    for (std::string_view const bad :
         {"\x80",
          "\xc0\x80",
          "\xc1\xbf",
          "\xe0\x80\x80",
          "\xed\xa0\x80",
          "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80",
          "\xff",
          "abc\xc3",
          "abc\xe2\x82",
          "\xf0\x9f\x98",
          "12345678\xe2\x28\xa1"}) {
        std::string out = "kept";
        CHECK_FALSE(detail::append_json_string(out, bad));
        CHECK(out == "kept");
        CHECK_FALSE(detail::is_utf8(bad));
    }
    for (std::string_view const good :
         {"\xc2\x80",
          "\xdf\xbf",
          "\xe0\xa0\x80",
          "\xed\x9f\xbf",
          "\xee\x80\x80",
          "\xf0\x90\x80\x80",
          "\xf4\x8f\xbf\xbf"}) {
        CHECK(written(good) == '"' + std::string(good) + '"');
        CHECK(detail::is_utf8(good));
    }
}

TEST_CASE("values are written as Boost.JSON reads them back", "[json_writer]") {
    auto const value = json::parse(
        R"({"a":[1,-2,18446744073709551615,0.1,1e300,true,false,null,"x\"y",[],{}],"b":{"c":"é"}})"
    );
    std::string out = "x";
    REQUIRE(detail::append_json(out, value));
    CHECK(json::parse(out.substr(1)) == value);
    std::string object;
    REQUIRE(detail::append_json(object, value.as_object()));
    CHECK(object == out.substr(1));
}

TEST_CASE(
    "numbers that aren't finite, text that isn't UTF-8 and deep values are refused", "[json_writer]"
) {
    std::string out = "kept";
    CHECK_FALSE(detail::append_json_number(out, std::numeric_limits<double>::infinity()));
    CHECK_FALSE(detail::append_json(out, json::value(std::numeric_limits<double>::quiet_NaN())));
    json::object bad_key;
    bad_key["\xff"] = 1;
    CHECK_FALSE(detail::append_json(out, bad_key));
    json::value deep = json::array();
    for (int i = 0; i < 63; ++i) {
        json::array outer;
        outer.push_back(std::move(deep));
        deep = std::move(outer);
    }
    std::string fits;
    CHECK(detail::append_json(fits, deep));
    json::array outer;
    outer.push_back(std::move(deep));
    CHECK_FALSE(detail::append_json(out, json::value(std::move(outer))));
    CHECK(out == "kept");
}
