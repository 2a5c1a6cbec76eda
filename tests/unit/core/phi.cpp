// SPDX-License-Identifier: BSL-1.0
// What must not compile stands in tests/compile_fail/phi.cpp.
#include <hilum/core/phi.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace hilum;

static_assert(is_phi<Phi<int>>);
static_assert(!is_phi<int>);
static_assert(!std::is_convertible_v<std::string, Phi<std::string>>);
static_assert(!std::is_convertible_v<Phi<std::string>, std::string>);
static_assert(!std::is_constructible_v<std::string, Phi<std::string>>);
static_assert(!std::is_convertible_v<Phi<std::string>, std::string_view>);
static_assert(!std::is_convertible_v<Phi<bool>, bool>);
static_assert(!std::is_convertible_v<Phi<int>, int>);

TEST_CASE("phi: opened with a reason") {
    Phi<std::string> const name("Ann Example");
    CHECK(name.reveal("a test looks at it") == "Ann Example");
    CHECK(Phi<int>().reveal("a test looks at it") == 0);
}

TEST_CASE("phi: moves what can only be moved") {
    Phi<std::unique_ptr<int>> owner(std::make_unique<int>(7));
    auto taken = std::move(owner).reveal("a test takes it");
    REQUIRE(taken);
    CHECK(*taken == 7);
}

TEST_CASE("phi: hilum's own filter has a key") {
    Phi<std::string> name("Ann");
    PhiAccess::open(name) += " Example";
    CHECK(PhiAccess::open(std::as_const(name)) == "Ann Example");
}

TEST_CASE("phi: a reason is a literal and keeps its words") {
    constexpr Reason reason("shown to the treating physician");
    CHECK(reason.text() == "shown to the treating physician");
    Reason const copy = reason;
    CHECK(copy.text() == reason.text());
    STATIC_REQUIRE(!std::is_constructible_v<Reason, std::string>);
}
