// SPDX-License-Identifier: BSL-1.0
// Code that docs/phi.md is cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <iostream>
#include <string>
#include <utility>

#include "catch.hpp"
#include "unit/docs/page.hpp"

using namespace hilum;
using namespace std::chrono_literals;

//[own-record
class Stay {
public:
    Stay(std::string number, int nights_)
        : patient_number(Phi<std::string>(std::move(number))), nights(nights_) {}

    Phi<std::string> patient_number;
    int nights;
};

template <>
struct hilum::PhiFields<Stay> {
    static json::value number(Stay const& stay, FieldContext& cx) {
        return json::string(cx.pseudonym("ID", stay.patient_number));
    }

    static json::value length(Stay const& stay, FieldContext&) { return stay.nights; }

    static constexpr PhiField<Stay> fields[] = {
        {"number", "random token", &number},
        {"nights", "as it is", &length},
    };
};

//]

namespace {

//[scrubber
// The smallest scrubber: refuses whatever isn't one of its own sentences.
class OnlyCannedQuestions {
public:
    Result<std::string> scrub(Phi<std::string> const& text, PseudonymVault&, Disclosure& said)
        const {
        for (char const* canned : {"What should be checked next?", "Is a referral needed?"})
            if (text.reveal("compared with canned questions by our filter") == canned) {
                said.rules.emplace_back("text: a canned question");
                return std::string(canned);
            }
        return Error(errc::phi_blocked, "not one of the canned questions");
    }
};

//]

} // namespace

TEST_CASE("docs: a bundle, and what is asked for by name") {
    Simulation simulation;
    MockModelService mock(simulation.environment());
    auto const service = PhiFilterPolicy{} | mock;
    std::string_view const text = sample_bundles()[1];
    auto summarise = [&]() -> Task<bool> {
        //[bundle
        auto bundle = read_fhir_bundle(text);
        if (!bundle)
            throw std::runtime_error(bundle.error().message());
        for (auto const& [what, count] : bundle->left_out)
            std::cout << what << ": " << count << '\n'; // "note: 1"

        auto reply = co_await service.generate_text(
            "Summarise the findings. Refer to the patient by id.",
            about(bundle->patients.front()).only("id", "age", "biometrics")
        );
        //]
        co_return reply.has_value();
    };
    CHECK(simulation.run(summarise()));
    auto const prompt = mock.calls().front().prompt;
    INFO(prompt);
    CHECK(prompt.find("90 or older") != std::string::npos);
    CHECK(prompt.find("ZID001") != std::string::npos);
    auto const request_id = mock.calls().front().request_id;
    CHECK(page_says("phi.md", with_page_ids(prompt.substr(prompt.find('{')), request_id)));
}

TEST_CASE("docs: a record type of one's own") {
    MockModelService mock;
    auto const service = PhiFilterPolicy{} | mock;
    Stay const stay("MRN-7730", 4);
    auto predict = [&]() -> Task<bool> {
        //[own-record-call
        auto result = co_await service.predict(about(stay).only("nights").type("readmission"));
        //]
        co_return result.has_value();
    };
    CHECK(run(predict()));
    CHECK(mock.calls().front().input.at("nights") == json::value(4));

    auto const unknown = run(service.predict(about(stay).only("name")));
    CHECK(unknown.error() == errc::phi_blocked);
    auto const nothing = run(service.predict(about(stay)));
    CHECK(nothing.error() == errc::invalid_request);
}

TEST_CASE("docs: free text") {
    MockModelService mock;
    std::string const typed = "What should be checked next?";
    auto const refused = run((PhiFilterPolicy{} | mock).generate_text(typed));
    CHECK(refused.error() == errc::phi_blocked);
    CHECK(mock.call_count() == 0);

    //[scrubber-use
    auto const service = PhiFilterPolicy{OnlyCannedQuestions{}} | mock;
    //]
    CHECK(run(service.generate_text(typed)).has_value());
    CHECK(run(service.generate_text(typed + " For Ann.")).error() == errc::phi_blocked);

    //[phi-free
    auto const site = PhiFreePolicy{"answers questions about the public web site"} | mock;
    //]
    CHECK(run(site.generate_text(typed)).has_value());
    CHECK_FALSE(PhiSafeService<decltype(site)>);
}
