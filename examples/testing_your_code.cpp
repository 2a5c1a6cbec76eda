// SPDX-License-Identifier: BSL-1.0
//
// How a host tests its own code that calls a model: no network, no key, and no waiting, although
// minutes pass. `Summaries` is the code under test; copy a test and put yours in its place.
//
// test: -> 0 : 4 tests passed

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace hilum;
using namespace std::chrono_literals;

namespace {

//[code-under-test
class Summaries {
public:
    explicit Summaries(AnyPhiSafeService<Patient> service) : service_(std::move(service)) {}

    // What is shown to the physician: a summary, or a sentence that says why there is none.
    Task<std::string> of(Patient patient, std::string actor) const {
        auto reply = co_await service_.generate_text(
            "Summarise the findings in three sentences. Refer to the patient by id.",
            about(std::move(patient)).only("id", "age", "conditions"),
            CallOptions().actor(std::move(actor)).purpose("summary")
        );
        if (reply)
            co_return reply->reveal("shown to the treating physician").text;
        auto const error = reply.error();
        if (error == errc::circuit_open)
            co_return "Summaries are switched off for a moment.";
        if (error == condition::timeout)
            co_return "The summary took too long.";
        co_return "No summary: " + error.message();
    }

private:
    AnyPhiSafeService<Patient> service_;
};

//]

// Catch2, GoogleTest or plain `assert` do as well.
int failures = 0;

void expect(bool holds, char const* what) {
    if (holds)
        return;
    ++failures;
    std::cout << "  FAILED: " << what << '\n';
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

Patient sample_patient() { return read_fhir_bundle(sample_bundles()[0]).value().patients.front(); }

//[mock
// A mock in the place of the model: what would have left, and what is done with the answer.
void only_what_was_asked_for_leaves() {
    MockModelService mock;
    mock.answer_text("Stable.");
    Summaries const summaries(AnyPhiSafeService<Patient>(PhiFilterPolicy{} | mock));

    expect(run(summaries.of(sample_patient(), "dr.lee")) == "Stable.", "the answer is shown");

    auto const call = mock.calls().front();
    expect(contains(call.prompt, "\"age\""), "the age leaves");
    expect(contains(call.prompt, "Diabetes mellitus type 2"), "conditions leave");
    expect(!contains(call.prompt, "Marchetti"), "the name stays");
    expect(!contains(call.prompt, "metformin"), "medications weren't asked for");
    expect(call.options.actor() == "dr.lee", "the audit will know who asked");
}

//]

//[script
// A script in the place of the HTTP client: the real adapter, what exactly is on the wire.
void a_throttled_call_is_made_again() {
    Simulation simulation; // its clock jumps, so that the pause costs no time
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply(429, "{}").header("retry-after", "20"))
        .then(ScriptedReply(200, R"({"choices":[{"message":{"content":"Stable."}}]})"));

    auto const journal = std::make_shared<MemoryJournal>();
    OpenAiService const openai(http, OpenAiConfig(Secret("test-key"), "gpt-4.1-mini"));
    Summaries const summaries(AnyPhiSafeService<Patient>(standard(openai, journal)));

    auto const shown = simulation.run(summaries.of(sample_patient(), "dr.lee"));
    expect(shown == "Stable.", "the second attempt answered");
    expect(http.requests().at(1).at >= http.requests().at(0).at + 20s, "the pause was kept");
    expect(contains(http.requests().at(1).request.body, "gpt-4.1-mini"), "the model is named");
    expect(journal->records().size() == 5, "one transformation, two intents, two outcomes");
    expect(!contains(journal->text(), "Marchetti"), "the audit holds no PHI");
}

//]

//[time
// A model that keeps silent: the breaker opens, refuses, and finds back. Minutes, in milliseconds.
void a_silent_model_switches_summaries_off() {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    for (int i = 0; i < 3; ++i)
        http.then(ScriptedReply::never());
    http.always(ScriptedReply(200, R"({"choices":[{"message":{"content":"Stable."}}]})"));

    OpenAiService const openai(http, OpenAiConfig(Secret("test-key"), "gpt-4.1-mini"));
    auto const journal = std::make_shared<MemoryJournal>();
    Summaries const summaries(AnyPhiSafeService<Patient>(standard(openai, journal)));
    auto const shown = [&] { return simulation.run(summaries.of(sample_patient(), "dr.lee")); };

    for (int i = 0; i < 3; ++i)
        expect(shown() == "The summary took too long.", "a deadline ends each call");
    expect(simulation.elapsed() == 90s, "after 30 s each");
    expect(contains(shown(), "switched off"), "the breaker refuses");
    expect(http.count() == 3, "nothing was sent");
    simulation.run_for(60s);
    expect(shown() == "Stable.", "the breaker let a probe pass");
}

//]

//[wire
// The wire simulator in the place of the provider: the real client, a network in memory, faults.
void an_answer_about_a_pseudonym_is_about_the_patient() {
    Simulation simulation(7);
    WireSimulatorOptions options;
    options.environment = simulation.environment();
    options.faults = FaultPlan::parse("throttle:200@1").value();
    WireSimulator simulator(simulation.executor(), options);
    simulator.serve(simulation.network(), "https://api.openai.com");

    SimulatedHttpClient http(simulation.network());
    OpenAiService const openai(http, OpenAiConfig(Secret("test-key"), "gpt-4.1-mini"));
    auto const journal = std::make_shared<MemoryJournal>();
    Summaries const summaries(AnyPhiSafeService<Patient>(standard(openai, journal)));

    auto const shown = simulation.run(summaries.of(sample_patient(), "dr.lee"));
    expect(contains(shown, "wm-40417"), "the pseudonym turned back into the record's id");
}

//]

} // namespace

int main() {
    constexpr std::pair<char const*, void (*)()> tests[] = {
        {"only what was asked for leaves", only_what_was_asked_for_leaves},
        {"a throttled call is made again", a_throttled_call_is_made_again},
        {"a silent model switches summaries off", a_silent_model_switches_summaries_off},
        {"an answer about a pseudonym is about the patient",
         an_answer_about_a_pseudonym_is_about_the_patient},
    };
    int passed = 0;
    for (auto const& [name, test] : tests) {
        int const before = failures;
        test();
        std::cout << (failures == before ? "ok      " : "FAILED  ") << name << '\n';
        passed += failures == before ? 1 : 0;
    }
    std::cout << passed << " tests passed\n";
    return failures == 0 ? 0 : 1;
}
