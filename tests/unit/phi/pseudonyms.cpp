// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/pseudonyms.hpp>

#include <set>
#include <type_traits>

#include "catch.hpp"

using namespace hilum;

static_assert(!std::is_copy_constructible_v<PseudonymVault>);
static_assert(!std::is_copy_assignable_v<PseudonymVault>);

TEST_CASE("a token has the form and stands for its value in any case") {
    SeededRandom seeded(7);
    PseudonymVault vault{Random(seeded)};
    Phi<std::string> const ada("ada-1"), bob("bob-2");
    auto const token = vault.token("ID", ada);
    REQUIRE(token.size() == PseudonymForm::size);
    CHECK(token.starts_with("ZID001"));
    for (std::size_t i = 0; i < token.size(); ++i)
        CHECK(PseudonymForm::fits(i, token[i]));
    CHECK(token.find('Z', 1) == token.npos);
    CHECK(vault.token("ID", ada) == token);
    CHECK(vault.token("ID", bob) != token);
    CHECK(vault.token("NM", ada) != token);
    std::string lower = token;
    for (char& c : lower)
        c = static_cast<char>(std::tolower(c));
    CHECK(vault.resolve(token) == "ada-1");
    CHECK(vault.resolve(lower) == "ada-1");
    CHECK_FALSE(vault.resolve(token.substr(1)));
    CHECK_FALSE(vault.resolve(token + "x"));
    CHECK(vault.is_beginning(lower.substr(0, 5)));
    CHECK_FALSE(vault.is_beginning("ZX"));
}

TEST_CASE("tokens aren't derived from the value, and no other vault knows them") {
    std::set<std::string> tokens;
    for (int i = 0; i < 100; ++i) {
        PseudonymVault vault{Random()};
        tokens.insert(vault.token("ID", Phi<std::string>("ada-1")));
    }
    CHECK(tokens.size() == 100);
    PseudonymVault other{Random()};
    (void)other.token("ID", Phi<std::string>("ada-1"));
    for (auto const& token : tokens)
        CHECK_FALSE(other.resolve(token));
}
