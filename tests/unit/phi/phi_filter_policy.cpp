// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/concepts.hpp>
#include <hilum/phi/phi_filter_policy.hpp>

#include <boost/json/serialize.hpp>

#include "catch.hpp"
#include "unit/phi/support.hpp"

using namespace hilum_test;

namespace {

auto filtered(std::shared_ptr<Recording> const& seen) { return PhiFilterPolicy{} | Recorder(seen); }

using Filtered = decltype(filtered(nullptr));

static_assert(PhiSafeService<Filtered>);
static_assert(Handles<Filtered, Unfiltered<GenerateText>>);
static_assert(Handles<Filtered, Unfiltered<StreamText, About<Patient>>>);
static_assert(Handles<Filtered, Predict<About<Patient>>>);

class OnlyShouting {
public:
    Result<std::string> scrub(Phi<std::string> const& text, PseudonymVault& vault, Disclosure& said)
        const {
        auto const& raw = PhiAccess::open(text);
        if (raw.empty())
            return Error(errc::phi_blocked, "nothing to read");
        said.rules.push_back("shout");
        return "TOLD BY " + vault.token("NM", Phi<std::string>(raw.substr(0, 3)));
    }
};

class Seen final : public Observer {
public:
    void on(EventView const& event, CallContext const&) noexcept override {
        if (event.name() == "phi_tokens_restored")
            for (auto const& field : event.fields())
                counts.push_back(std::get<std::int64_t>(field.value));
    }

    std::vector<std::int64_t> counts;
};

} // namespace

TEST_CASE("only what is asked for leaves, in a block with its audit note") {
    ManualClock time; // 2026-01-02T03:04:05Z
    auto seen = std::make_shared<Recording>();
    seen->environment = Environment(Clock(time));
    auto service = filtered(seen);
    auto reply = run(service.generate_text(
        "Summarise the findings.", about(example_patient()).only("medications", "age")
    ));
    REQUIRE(reply.has_value());
    auto const& prompt = seen->prompts.at(0);
    CHECK(prompt.starts_with("Summarise the findings.\n\n{"));
    auto const block = block_of(prompt);
    REQUIRE(block.size() == 3);
    CHECK(block.at("age") == 64);
    CHECK(
        json::serialize(block.at("medications")) ==
        R"([{"display":"Hydrochlorothiazide 25 MG","system":"RxNorm","code":"310798"}])"
    );
    CHECK(block.at("_audit").at("timestamp") == "2026-01-02T03:04:05Z");
    CHECK(block.at("_audit").at("request_id").as_string().size() == 36);
    auto const& said = *seen->disclosures.at(0);
    CHECK(said.policy == "minimum_necessary");
    CHECK(said.fields == std::vector<std::string>{"age", "medications"});
    CHECK(said.counts.at("sent.medications") == 1);
    CHECK(said.rules.size() == 2);
}

TEST_CASE("readings leave with the digits of their unit and days since the first") {
    auto seen = std::make_shared<Recording>();
    auto service = filtered(seen);
    REQUIRE(run(service.predict(about(example_patient()).only("biometrics"))).has_value());
    auto const expected = json::parse(R"([
        {"display": "Body Weight", "system": "LOINC", "code": "29463-7",
         "value": 71.4, "unit": "kg", "day": 0},
        {"display": "Blood Pressure", "system": "LOINC", "code": "55284-4", "components": [
            {"display": "Systolic Blood Pressure", "system": "LOINC", "code": "8480-6",
             "value": 128, "unit": "mm[Hg]"},
            {"display": "Diastolic Blood Pressure", "system": "LOINC", "code": "8462-4",
             "value": 82, "unit": "mm[Hg]"}],
         "day": 28}])");
    CHECK((seen->inputs.at(0).at("biometrics") == expected));
}

TEST_CASE("asking for nothing, or for what isn't there, is an error that names the fields") {
    auto seen = std::make_shared<Recording>();
    auto service = filtered(seen);
    auto const fields = std::string("id, age, biometrics, conditions, medications");
    auto nothing = run(service.generate_text("Summarise.", about(example_patient())));
    CHECK(nothing.error() == errc::invalid_request);
    CHECK(nothing.error().message().find(fields) != std::string::npos);
    auto whole = run(service.predict(example_patient()));
    CHECK(whole.error() == errc::invalid_request);
    auto other = run(
        service.generate_text("Summarise.", about(example_patient()).only("age", "Quillfeather"))
    );
    CHECK(other.error() == errc::phi_blocked);
    CHECK(other.error() == condition::rejected_locally);
    CHECK(other.error().message().find(fields) != std::string::npos);
    CHECK(other.error().message().find("Quillfeather") == std::string::npos);
    CHECK(seen->prompts.empty());
}

TEST_CASE("the id leaves as a token of its own for each call, and comes back") {
    auto seen = std::make_shared<Recording>();
    seen->reply = [](std::string const& prompt) {
        std::string token(block_of(prompt).at("id").as_string());
        std::string low = token;
        for (char& c : low)
            c = static_cast<char>(std::tolower(c));
        return "About **" + low + "** (" + token + "), not ZID0012345678923456.";
    };
    auto service = filtered(seen);
    for (int i = 0; i < 2; ++i) {
        auto reply = run(service.generate_text("Who?", about(example_patient()).only("id")));
        REQUIRE(reply.has_value());
        CHECK(
            open(*reply).text == "About **mrn-4711-0815** (mrn-4711-0815), not ZID0012345678923456."
        );
        CHECK(seen->prompts.back().find("mrn-4711") == std::string::npos);
    }
    CHECK(seen->prompts[0] != seen->prompts[1]);
}

TEST_CASE("a streamed reply is the same, however it is cut") {
    auto seen = std::make_shared<Recording>();
    seen->reply = [](std::string const& prompt) {
        std::string token(block_of(prompt).at("id").as_string());
        return "Z About `" + token + "`" + token + " and " + token.substr(0, 18) + "- " +
               token.substr(0, 9);
    };
    auto service = filtered(seen);
    for (std::size_t chunk = 1; chunk < 40; ++chunk) {
        seen->chunk = chunk;
        auto stream = run(service.stream_text("Who?", about(example_patient()).only("id")));
        REQUIRE(stream.has_value());
        auto const got = run(drain(std::move(*stream)));
        CHECK(got.second == errc::ok);
        std::string const token(block_of(seen->prompts.back()).at("id").as_string());
        CHECK(
            got.first == "Z About `mrn-4711-0815`mrn-4711-0815 and " + token.substr(0, 18) + "- " +
                             token.substr(0, 9)
        );
    }
}

TEST_CASE("what was turned back is reported as counts") {
    Seen observer;
    auto seen = std::make_shared<Recording>();
    auto service = filtered(seen);
    CallContext cx;
    cx.observer = &observer;
    Unfiltered<GenerateText, About<Patient>> const op(
        AnyText("Who?").take(), TextOptions(), about(example_patient()).only("id")
    );
    REQUIRE(run(service.handle(cx, op)).has_value());
    CHECK(observer.counts == std::vector<std::int64_t>{1, 0});
}

TEST_CASE("free text is refused without a scrubber, a literal and a release pass") {
    auto seen = std::make_shared<Recording>();
    auto service = filtered(seen);
    std::string const note = "Ada has a cough";
    auto refused = run(service.generate_text(note));
    CHECK(refused.error() == errc::phi_blocked);
    CHECK(refused.error().text() == "free text needs a scrubber");
    auto stream = run(service.stream_text(note));
    CHECK(stream.error() == errc::phi_blocked);
    auto about_her = run(service.generate_text(note, about(example_patient()).only("age")));
    CHECK(about_her.error().text() == "free text needs a scrubber");
    auto vectors = run(service.embed(std::vector<std::string>{note}));
    CHECK(vectors.error().text() == "free text needs a scrubber");
    CHECK(seen->prompts.empty());

    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    CHECK(seen->prompts.at(0) == "Say hello.");
    CHECK(seen->disclosures.at(0)->policy == "literal");
    auto text = release(std::string("public question"), "faq", "from the public web site");
    REQUIRE(run(service.generate_text(std::move(text))).has_value());
    CHECK(seen->prompts.at(1) == "public question");
    CHECK(seen->disclosures.at(1)->release_purpose == "faq");
    CHECK(run(service.get_model_info())->model_id == "model-1");
}

TEST_CASE("a scrubber lets text through as it decides, and fails closed") {
    auto seen = std::make_shared<Recording>();
    seen->reply = [](std::string const& prompt) { return "re: " + prompt; };
    auto service = PhiFilterPolicy{OnlyShouting{}} | Recorder(seen);
    auto reply = run(service.generate_text(std::string("Ada has a cough")));
    REQUIRE(reply.has_value());
    CHECK(seen->prompts.at(0).starts_with("TOLD BY ZNM001"));
    CHECK(open(*reply).text == "re: TOLD BY Ada");
    CHECK(seen->disclosures.at(0)->policy == "scrubbed");
    auto refused = run(service.generate_text(std::string()));
    CHECK(refused.error().text() == "nothing to read");
    REQUIRE(run(service.embed(std::vector<std::string>{"one two"})).has_value());
    CHECK(seen->prompts.at(1).starts_with("TOLD BY"));
}

TEST_CASE("the id of a request in what is sent is random, whatever the caller gave") {
    auto seen = std::make_shared<Recording>();
    auto service = filtered(seen);
    REQUIRE(run(service.predict(
                    about(example_patient()).only("age"), CallOptions{}.request_id("visit-of-ada")
                ))
                .has_value());
    auto const sent = json::serialize(seen->inputs.at(0));
    CHECK(sent.find("visit") == std::string::npos);
    CHECK(
        seen->inputs.at(0).at("_audit").at("request_id") ==
        json::string(seen->disclosures.at(0)->wire_request_id)
    );
}

TEST_CASE("an error of the service passes unchanged") {
    auto seen = std::make_shared<Recording>();
    seen->error = Error(errc::throttled, "slower");
    auto service = filtered(seen);
    auto reply = run(service.generate_text("Say hello."));
    CHECK(reply.error() == errc::throttled);
    auto stream = run(service.stream_text("Say hello."));
    CHECK(stream.error() == errc::throttled);
}
