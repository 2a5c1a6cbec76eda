// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/policy/retry/retry_policy.hpp>
#include <hilum/testing/mock_model_service.hpp>
#include <hilum/testing/simulation.hpp>

#include <cmath>
#include <numeric>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

static_assert(Handles<MockModelService const, Predict<>>);
static_assert(Handles<MockModelService const, GenerateText>);
static_assert(Handles<MockModelService const, StreamText>);
static_assert(Handles<MockModelService const, Embed>);
static_assert(Handles<MockModelService const, GetModelInfo>);
static_assert(honours_deadline<MockModelService>);

Outbound<json::value> cleared(json::value input) {
    return release(std::move(input), "test", "made up for a test");
}

Outbound<json::value> of_type(char const* type) { return cleared(json::object{{"type", type}}); }

MockModelService with(std::string_view answers, Environment environment = {}) {
    return MockModelService(MockAnswers::from_json(answers), environment);
}

/// All deltas of a stream, joined with '|'; the error's name at the end if there is one.
Task<std::string> read_all(TextStream stream) {
    std::string out;
    for (;;) {
        auto delta = co_await stream.next();
        if (!delta)
            co_return out + to_string(delta.error().value());
        if (!*delta)
            co_return out + to_string(stream.summary().finish_reason);
        out += (*delta)->text + "|";
    }
}

} // namespace

TEST_CASE("mock: works without a file") {
    MockModelService const mock;
    auto const predicted = run(mock.predict(of_type("risk")));
    REQUIRE(predicted.has_value());
    CHECK(predicted->prediction == 0.5);
    CHECK(predicted->confidence == 0.8);
    CHECK(predicted->features.empty());

    auto const info = run(mock.get_model_info());
    CHECK(info->model_id == "mock-model-123");
    CHECK(info->provider == "Mock Provider");
    CHECK(info->capabilities == std::vector<std::string>({"testing"}));

    auto const text = run(mock.generate_text("Say hello."));
    CHECK(text->text == "This is a mock reply.");
    CHECK(text->finish_reason == FinishReason::stop);
    CHECK(text->usage.output_tokens > 0);
    CHECK(mock.destination().provider == "mock");
}

TEST_CASE("mock: predictions by the input's type") {
    auto const mock = with(
        R"({"risk": {"prediction": 0.81, "confidence": 0.9, "features": {"stays": 2}},
            "default": {"prediction": 0.2, "confidence": 0.6}})"
    );
    auto const risk = run(mock.predict(of_type("risk")));
    CHECK(risk->prediction == 0.81);
    CHECK(risk->features.at("stays") == 2);
    CHECK(run(mock.predict(of_type("unheard of")))->prediction == 0.2);
    CHECK(run(mock.predict(cleared(json::object{{"age", 61}})))->prediction == 0.2);
    CHECK(run(mock.predict(cleared(json::object{{"type", 7}})))->prediction == 0.2);
    CHECK(run(mock.predict(cleared("no object")))->prediction == 0.2);
    // A type isn't an operation, whatever it is called.
    CHECK(
        run(with(R"({"$generate_text": "x"})").predict(of_type("$generate_text")))->prediction ==
        0.5
    );
}

TEST_CASE("mock: lists are given in turn, the last one for ever") {
    auto const mock = with(
        R"({"$predict": [{"error": "throttled"}, {}],
            "risk": [{"prediction": 1}, {"prediction": 2}],
            "$generate_text": ["One.", "Two."]})"
    );
    auto const failed = run(mock.predict(of_type("risk")));
    REQUIRE(!failed.has_value());
    CHECK(failed.error() == errc::throttled);
    CHECK(failed.error().message() == "mock predict: throttled");
    CHECK(run(mock.predict(of_type("risk")))->prediction == 1);
    CHECK(run(mock.predict(of_type("risk")))->prediction == 2);
    CHECK(run(mock.predict(of_type("risk")))->prediction == 2);
    CHECK(run(mock.generate_text("Q"))->text == "One.");
    CHECK(run(mock.generate_text("Q"))->text == "Two.");
    CHECK(run(mock.generate_text("Q"))->text == "Two.");
}

TEST_CASE("mock: a script of the program's own goes before the file") {
    auto mock = with(R"({"$generate_text": "From the file.", "risk": {"prediction": 1}})");
    mock.answer_text("One.").answer_text("Two.").fail_next(Error(errc::unavailable), 2);
    mock.answer_prediction("risk", ModelResult(3, 1)).answer_prediction(ModelResult(4, 1));
    mock.model_info(ModelInfo("m", "p", {}));
    auto const copy = mock; // one script
    CHECK(run(copy.generate_text("Q")).error() == errc::unavailable);
    CHECK(run(copy.predict(of_type("risk"))).error() == errc::unavailable);
    CHECK(run(copy.generate_text("Q"))->text == "One.");
    CHECK(run(mock.generate_text("Q"))->text == "Two.");
    CHECK(run(mock.predict(of_type("risk")))->prediction == 3);
    CHECK(run(mock.predict(of_type("other")))->prediction == 4);
    CHECK(run(mock.get_model_info())->model_id == "m");
}

TEST_CASE("mock: streams") {
    auto mock = with(R"({"$stream_text": [{"deltas": ["Hel", "lo."], "finish_reason": "length"},
                                          {"deltas": ["cut"], "error": "truncated"},
                                          {"text": "Two words."},
                                          {"error": "throttled"}]})");
    auto const next = [&] {
        auto stream = run(mock.stream_text("Q"));
        return stream ? run(read_all(std::move(*stream)))
                      : std::string("refused: ") + to_string(stream.error().value());
    };
    CHECK(next() == "Hel|lo.|length");
    CHECK(next() == "cut|truncated");
    CHECK(next() == "Two |words.|stop");
    CHECK(next() == "refused: throttled");
    mock.answer_stream({"a", "b"}).answer_stream({"c"}, Error(errc::connection_lost));
    CHECK(next() == "a|b|stop");
    CHECK(next() == "c|connection_lost");
    CHECK(
        run(read_all(run(MockModelService().stream_text("Q")).value())) ==
        "This |is |a |mock |reply.|stop"
    );
}

TEST_CASE("mock: embeddings are the same for equal texts, and of length 1") {
    auto const a = mock_embedding("one", 8);
    CHECK(a == mock_embedding("one", 8));
    CHECK(a != mock_embedding("two", 8));
    CHECK(a.size() == 8);
    CHECK(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) == Approx(1).epsilon(1e-6));
    CHECK(mock_embedding("", 1).size() == 1);

    auto const mock = with(R"({"$embed": {"dimensions": 3}})");
    std::vector<Outbound<std::string>> texts;
    for (auto const* text : {"one", "two"})
        texts.push_back(release(std::string(text), "test", "made up for a test"));
    auto const embedded = run(mock.embed(std::move(texts)));
    REQUIRE(embedded.has_value());
    CHECK(embedded->vectors.size() == 2);
    CHECK(embedded->vectors[0] == mock_embedding("one", 3));
    CHECK(mock.calls().at(0).inputs == std::vector<std::string>({"one", "two"}));
}

TEST_CASE("mock: delays pass in the clock's time, deadlines cut them") {
    Simulation simulation;
    auto mock = with(
        R"({"$generate_text": {"text": "Late.", "delay_ms": 2000},
            "risk": {"delay_ms": 500}, "$predict": {"delay_ms": 250},
            "$stream_text": {"deltas": ["a", "b"], "delta_delay_ms": 1000}})",
        simulation.environment()
    );
    CHECK(simulation.run(mock.generate_text("Q"))->text == "Late.");
    CHECK(simulation.elapsed() == 2s);
    CHECK(simulation.run(mock.predict(of_type("risk"))).has_value());
    CHECK(simulation.elapsed() == 2750ms);

    auto const cut = simulation.run(mock.generate_text("Q", CallOptions().timeout(1s))).error();
    CHECK(cut == errc::timeout);
    CHECK(cut.scope() == Scope::total);
    CHECK(simulation.elapsed() == 3750ms);

    mock.delay(10s);
    CHECK(simulation.run(mock.get_model_info()).has_value());
    CHECK(simulation.elapsed() == 13750ms);
    mock.delay(0s);

    auto stream = simulation.run(mock.stream_text("Q", CallOptions().timeout(1500ms)));
    REQUIRE(stream.has_value());
    CHECK(simulation.run(read_all(std::move(*stream))) == "a|timeout");
    CHECK(simulation.elapsed() == 15250ms);
}

TEST_CASE("mock: remembers what was asked, within bounds") {
    MockModelService const mock;
    run(mock.generate_text("Q", TextOptions(70).system("Be brief."), CallOptions().actor("dr.lee"))
    );
    run(mock.predict(of_type("risk")));
    auto const calls = mock.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].operation == "generate_text");
    CHECK(calls[0].prompt == "Q");
    CHECK(calls[0].system == "Be brief.");
    CHECK(calls[0].max_tokens == 70);
    CHECK(calls[0].options.actor() == "dr.lee");
    CHECK(calls[0].attempt == 1);
    CHECK(!calls[0].request_id.empty());
    CHECK(calls[1].input.at("type") == "risk");

    for (int i = 0; i < 1100; ++i)
        run(mock.get_model_info());
    CHECK(mock.calls().size() == 1000);
    CHECK(mock.call_count() == 1102);
    CHECK(mock.call_count("get_model_info") == 1100);
    CHECK(mock.call_count("embed") == 0);

    for (int i = 0; i < 40; ++i)
        run(mock.generate_text(release(std::string(1 << 20, 'x'), "test", "made up for a test")));
    CHECK(mock.calls().size() < 16);
    CHECK(mock.call_count() == 1142);
}

TEST_CASE("mock: a file that can't be used is named") {
    CHECK_THROWS_AS(MockModelService("/nonexistent/answers.json"), ConfigurationError);
}

TEST_CASE("mock: behind policies, in virtual time") {
    //[mock
    Simulation simulation; // its clock jumps: no test waits
    MockModelService mock(simulation.environment());
    mock.fail_next(Error(errc::throttled)).answer_text("Hello.");

    auto const service = RetryPolicy{.max_attempts = 3} | mock;
    auto const reply = simulation.run(service.generate_text("Say hello."));

    CHECK(reply->text == "Hello.");
    CHECK(mock.calls().size() == 2);
    CHECK(mock.calls()[1].prompt == "Say hello.");
    CHECK(mock.calls()[1].attempt == 2);
    //]
}
