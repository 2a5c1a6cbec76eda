// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/describe.hpp>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

TEST_CASE("describe: what guards a service, as a request meets it") {
    Log log;
    auto const service = Note("A", log) | Repeat(2) | Wrap("W", log) | Fake();
    auto const description = describe(service);
    REQUIRE(description.policies.size() == 3);
    CHECK(description.policies[0].name == "note");
    CHECK(description.policies[0].options == "A");
    CHECK(description.policies[1].name == "repeat");
    CHECK(description.policies[1].options.empty());
    CHECK(description.destination.host == "fake.test");
    CHECK(description.has("wrap"));
    CHECK(!description.has("circuit_breaker"));
    CHECK(description.text() == "note(A) | repeat | wrap | fake(fake-1 at fake.test)");
}

TEST_CASE("describe: also what guards the guarded service") {
    Log log;
    auto const inner = Note("B", log) | Fake();
    CHECK(
        describe(Note("A", log) | inner).text() == "note(A) | note(B) | fake(fake-1 at fake.test)"
    );
}

TEST_CASE("describe: a bare service, and one that doesn't say where it sends") {
    CHECK(describe(Fake()).text() == "fake(fake-1 at fake.test)");

    struct Silent {
        Task<Result<TextReply>> handle(CallContext&, GenerateText const&) { co_return TextReply(); }
    };

    CHECK(describe(Silent()).text() == "service");
}
