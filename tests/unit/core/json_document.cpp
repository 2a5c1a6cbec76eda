// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/detail/json_document.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace hilum::detail;

namespace {

errc status_of(std::string_view text) { return JsonDocument(text).status(); }

} // namespace

TEST_CASE("json document: members by name and type") {
    JsonDocument const document(R"({"s":"x","n":3,"neg":-1,"d":1.5,"a":[1],"o":{"s":"y"},"z":null})"
    );
    REQUIRE(document.status() == errc::ok);
    auto const& root = document.root();
    CHECK(*find_string(root, "s") == "x");
    CHECK(find_string(root, "n") == nullptr);
    CHECK(find_string(root, "none") == nullptr);
    CHECK(find_array(root, "a")->size() == 1);
    CHECK(find_array(root, "o") == nullptr);
    CHECK(find_object(root, "o")->size() == 1);
    CHECK(find_object(root, "z") == nullptr);
    CHECK(find_member(root, "z")->is_null());
    CHECK(find_member(*find_member(root, "s"), "x") == nullptr);
    CHECK(find_count(root, "n") == 3);
    CHECK(find_count(root, "neg") == 0);
    CHECK(find_count(root, "d", -1) == -1);
}

TEST_CASE("json document: what isn't JSON, or is followed by more, is malformed") {
    for (auto const* text :
         {"",
          " ",
          "{",
          "{\"a\":}",
          "{} x",
          "[1,]",
          "nul",
          "'a'",
          "\"\xff\"",
          "\"\\ud800\"",
          "<html>"})
        CHECK(status_of(text) == errc::malformed_reply);
    CHECK(status_of(" {} \r\n") == errc::ok);
    CHECK(JsonDocument("{").root().is_null());
}

TEST_CASE("json document: depth and size are bounded") {
    CHECK(status_of(std::string(32, '[') + std::string(32, ']')) == errc::ok);
    CHECK(status_of(std::string(33, '[') + std::string(33, ']')) == errc::malformed_reply);
    CHECK(status_of(std::string(1'000'000, '[')) == errc::malformed_reply);
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "{\"a\":";
    CHECK(status_of(deep) == errc::malformed_reply);
    CHECK(JsonDocument("[1,2,3]", 6).status() == errc::limit_exceeded);
    CHECK(JsonDocument("[1,2,3]", 7).status() == errc::ok);
}

TEST_CASE("json document: more than the stack holds goes to the heap") {
    std::string text = "[";
    for (int i = 0; i < 20'000; ++i)
        text += "\"a string that is longer than the small ones\",";
    text += "1]";
    JsonDocument const document(text);
    CHECK(document.root().as_array().size() == 20'001);
}
