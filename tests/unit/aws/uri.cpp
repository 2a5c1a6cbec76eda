// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/uri.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;

namespace {

std::string encoded(std::string_view text, bool keep_slashes = false) {
    std::string out;
    aws::append_percent_encoded(out, text, keep_slashes);
    return out;
}

} // namespace

TEST_CASE("percent encoding leaves what RFC 3986 calls unreserved", "[uri]") {
    CHECK(encoded("AZaz09-_.~") == "AZaz09-_.~");
    CHECK(encoded("v1:0") == "v1%3A0");
    CHECK(encoded("a/b") == "a%2Fb");
    CHECK(encoded("a/b", true) == "a/b");
    CHECK(encoded("%3A") == "%253A");
    CHECK(encoded("\u00e9 +*") == "%C3%A9%20%2B%2A");
    CHECK(encoded(std::string_view("\0\xff", 2)) == "%00%FF");
}

TEST_CASE("paths are normalized", "[uri]") {
    CHECK(aws::normalized_path("/") == "/");
    CHECK(aws::normalized_path("") == "/");
    CHECK(aws::normalized_path("//a//b//") == "/a/b/");
    CHECK(aws::normalized_path("/a/./b/../c") == "/a/c");
    CHECK(aws::normalized_path("/a/..") == "/");
    CHECK(aws::normalized_path("/../../a") == "/a");
    CHECK(aws::normalized_path("/a/b/..") == "/a/");
    CHECK(aws::normalized_path("/a/...") == "/a/...");
}

TEST_CASE("queries are decoded, encoded and sorted by name, then value", "[uri]") {
    CHECK(aws::canonical_query("") == "");
    CHECK(aws::canonical_query("b&a=2&a=1&&a-b=3") == "a=1&a=2&a-b=3&b=");
    CHECK(aws::canonical_query("x=%e1%88%b4&y=a%zz%4") == "x=%E1%88%B4&y=a%25zz%254");
    CHECK(aws::canonical_query("a=b=c") == "a=b%3Dc");
}
