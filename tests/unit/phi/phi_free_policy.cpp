// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/concepts.hpp>
#include <hilum/phi/phi_free_policy.hpp>

#include "catch.hpp"
#include "unit/phi/support.hpp"

using namespace hilum_test;

namespace {

auto phi_free(std::shared_ptr<Recording> const& seen) {
    return PhiFreePolicy{"answers questions about the public web site"} | Recorder(seen);
}

using PhiFree = decltype(phi_free(nullptr));

static_assert(!PhiSafeService<PhiFree>);
static_assert(Handles<PhiFree, Unfiltered<GenerateText>>);
static_assert(!Handles<PhiFree, Unfiltered<GenerateText, About<Patient>>>);
static_assert(!Handles<PhiFree, Predict<About<Patient>>>);

} // namespace

TEST_CASE("run-time text passes as it is, and is recorded as a release") {
    auto seen = std::make_shared<Recording>();
    auto service = phi_free(seen);
    auto reply = run(service.generate_text(std::string("When do you open?")));
    REQUIRE(reply.has_value());
    CHECK(open(*reply).text == "When do you open?");
    auto const& said = *seen->disclosures.at(0);
    CHECK(said.policy == "release");
    CHECK(said.release_purpose == "phi_free");
    CHECK(said.release_reason == "answers questions about the public web site");
    REQUIRE(run(service.embed(std::vector<std::string>{"a", "b"})).has_value());
    CHECK(seen->prompts.size() == 3);
    auto stream = run(service.stream_text(std::string("Zwei")));
    REQUIRE(stream.has_value());
    CHECK(run(drain(std::move(*stream))).first == "Zwei");
    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    CHECK(seen->disclosures.back()->policy == "literal");
}
