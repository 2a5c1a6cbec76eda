// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/known_identifiers.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("what is known is found in any dress") {
    KnownIdentifiers known;
    known.add_name("Dr. Ana María O'Neill-Weiß");
    known.add_value("999-12-3456");
    known.add_value("12 Elm Street, Apt. 4");
    known.add_value("m.weiss@example.org");
    for (auto const* text :
         {"ANA has",
          "maria",
          "Mar\xc3\xad"
          "a's",
          "MARI\xcc\x81"
          "A",
          "oneill? o neill",
          "weiß",
          "ssn 999123456",
          "999 12 3456",
          "(999)12.3456",
          "at 12 ELM STREET apt 4",
          "xANA maria",
          "m.weiss(at)example.org m weiss example org",
          "\xef\xbc\xa1\xef\xbd\x8e\xef\xbd\x81",
          "Ma\xe2\x80\x8bria"}) {
        INFO(text);
        CHECK(known.occur_in(text));
    }
}

TEST_CASE("what isn't known isn't found") {
    KnownIdentifiers known;
    known.add_name("Mr. Li White");
    known.add_value("99");
    known.add_value("1803");
    known.add_value("");
    CHECK_FALSE(known.occur_in("Lipid panel"));
    CHECK_FALSE(known.occur_in("99 mg"));
    CHECK_FALSE(known.occur_in("118035"));
    CHECK_FALSE(known.occur_in("mr dr"));
    CHECK_FALSE(known.occur_in(""));
    CHECK(known.occur_in("li"));
    CHECK(known.occur_in("White oak IgE Ab in Serum"));
    CHECK(known.occur_in("in 1803"));
    CHECK_FALSE(KnownIdentifiers().occur_in("anything"));
}

TEST_CASE("broken UTF-8 is read all the same") {
    KnownIdentifiers known;
    known.add_name("Quillfeather");
    CHECK(known.occur_in("\xff\xfeQuillfeather\xc3"));
    CHECK_FALSE(known.occur_in("\xf0\x9f"));
}
