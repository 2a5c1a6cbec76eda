// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/testing/mock_answers.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// What the reader says against a text, "" when nothing.
std::string complaint(std::string_view text) {
    try {
        MockAnswers::from_json(text, "answers.json");
        return "";
    } catch (ConfigurationError const& e) {
        CHECK(e.field() == "answers.json");
        return e.what();
    }
}

MockAnswer first(std::string_view text, std::string_view key) {
    auto const answers = MockAnswers::from_json(text);
    auto const* found = answers.find(key);
    REQUIRE(found);
    return found->front();
}

/// A file that goes away with its test.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view text)
        : path(
              std::filesystem::temp_directory_path() /
              ("hilum_mock_answers_" + std::to_string(::getpid()) + ".json")
          ) {
        std::ofstream(path, std::ios::binary) << text;
    }

    ~TemporaryFile() { std::filesystem::remove(path); }

    std::filesystem::path path;
};

} // namespace

TEST_CASE("mock answers: predictions by type") {
    auto const answers = MockAnswers::from_json(R"({
        "risk": {"prediction": 0.81, "confidence": 0.9, "features": {"stays": 2}},
        "default": {}
    })");
    CHECK(!answers.find("other"));
    auto const& risk = answers.find("risk")->front().prediction;
    CHECK(risk.prediction == 0.81);
    CHECK(risk.confidence == 0.9);
    CHECK(risk.features.at("stays") == 2);
    auto const& plain = answers.find("default")->front().prediction;
    CHECK(plain.prediction == 0.5);
    CHECK(plain.confidence == 0.8);
    CHECK(plain.features.empty());
}

TEST_CASE("mock answers: operations") {
    auto const text = first(
        R"({"$generate_text": {"text": "Hello.", "finish_reason": "length", "model": "m",
            "input_tokens": 3, "output_tokens": 2, "delay_ms": 1.5}})",
        "$generate_text"
    );
    CHECK(text.text->text == "Hello.");
    CHECK(text.text->finish_reason == FinishReason::length);
    CHECK(text.text->usage.input_tokens == 3);
    CHECK(text.delay == 1500us);

    auto const bare = MockAnswers::from_json(R"({"$generate_text": ["One.", "Two."]})");
    REQUIRE(bare.find("$generate_text")->size() == 2);
    CHECK(bare.find("$generate_text")->at(1).text->text == "Two.");
    CHECK(bare.find("$generate_text")->at(1).text->finish_reason == FinishReason::stop);

    auto const stream = first(
        R"({"$stream_text": {"deltas": ["Hel", "lo."], "delta_delay_ms": 20,
            "error": "truncated"}})",
        "$stream_text"
    );
    CHECK(stream.deltas == std::vector<std::string>({"Hel", "lo."}));
    CHECK(stream.delta_delay == 20ms);
    CHECK(stream.error == errc::truncated);

    CHECK(first(R"({"$embed": {"dimensions": 16}})", "$embed").dimensions == 16);
    auto const info = first(
        R"({"$get_model_info": {"model_id": "m", "provider": "p", "region": "r",
            "capabilities": ["a", "b"]}})",
        "$get_model_info"
    );
    CHECK(info.info->model_id == "m");
    CHECK(info.info->region == "r");
    CHECK(info.info->capabilities == std::vector<std::string>({"a", "b"}));
}

TEST_CASE("mock answers: errors") {
    auto const brief = first(R"({"$predict": {"error": "unavailable"}})", "$predict").error;
    CHECK(*brief == errc::unavailable);
    CHECK(brief->delivery() == Delivery::rejected_for_now);
    auto const full =
        first(
            R"({"risk": {"error": {"code": "throttled", "status": 429, "retry_after_ms": 250,
            "delivery": "unknown", "provider_code": "slow_down"}}})",
            "risk"
        )
            .error;
    CHECK(*full == errc::throttled);
    CHECK(full->status() == 429);
    CHECK(full->retry_after() == 250ms);
    CHECK(full->delivery() == Delivery::unknown);
    CHECK(full->provider_code() == "slow_down");
}

TEST_CASE("mock answers: a malformed text is named, with the place") {
    CHECK(complaint("{\n  \"a\": {},\n  \"b\": }\n").find("answers.json: line 3, column ") == 0);
    CHECK(complaint("").find("answers.json: line 1, column 1: is not JSON") == 0);
    CHECK(complaint("{} trailing").find("answers.json: line 1, column ") == 0);
    CHECK(complaint("[]") == "answers.json: is not a JSON object");
    CHECK(complaint("{}") == "");
}

TEST_CASE("mock answers: a wrong member is named, with the way to it") {
    struct Row {
        char const* text;
        char const* says;
    };

    for (Row const& row : {
             Row{R"({"risk": 3})", "at risk: is not an object"},
             Row{R"({"risk": []})", "at risk: is a list without an answer"},
             Row{R"({"risk": [{}, 3]})", "at risk[1]: is not an object"},
             Row{R"({"risk": {"confidense": 1}})", "at risk.confidense: is not known here"},
             Row{R"({"risk": {"confidence": 1.5}})",
                 "at risk.confidence: is not a number from 0 to 1"},
             Row{R"({"risk": {"prediction": "0.5"}})",
                 "at risk.prediction: is not a number that can stand here"},
             Row{R"({"risk": {"features": []}})", "at risk.features: is not an object"},
             Row{R"({"risk": {"text": "x"}})", "at risk.text: is not known here"},
             Row{R"({"risk": {"delay_ms": -1}})",
                 "at risk.delay_ms: is not a number from 0 to 86400000"},
             Row{R"({"risk": {"error": "oops"}})",
                 "at risk.error: is none of the names that are known"},
             Row{R"({"risk": {"error": "ok"}})",
                 "at risk.error: is none of the names that are known"},
             Row{R"({"risk": {"error": {}}})", "at risk.error: has no code"},
             Row{R"({"risk": {"error": 7}})", "at risk.error: is not an object"},
             Row{R"({"$generate_text": {"text": 1}})", "at $generate_text.text: is not a text"},
             Row{R"({"$stream_text": {"deltas": ["a", 1]}})",
                 "at $stream_text.deltas[1]: is not a text"},
             Row{R"({"$embed": {"dimensions": 0}})",
                 "at $embed.dimensions: is not a number from 1 to 8192"},
         })
        CHECK(complaint(row.text) == std::string("answers.json: ") + row.says);
    CHECK(complaint(R"({"$translate": {}})").find("answers.json: at $translate: is no") == 0);
}

TEST_CASE("mock answers: out of a file") {
    TemporaryFile const file(R"({"risk": {"prediction": 0.7}})");
    auto const answers = MockAnswers::from_file(file.path);
    CHECK(answers.find("risk")->front().prediction.prediction == 0.7);
}

TEST_CASE("mock answers: a file that can't be read is named") {
    auto const says = [](std::filesystem::path const& path) -> std::string {
        try {
            MockAnswers::from_file(path);
        } catch (ConfigurationError const& e) {
            return e.what();
        }
        return "";
    };
    CHECK(
        says("/nonexistent/answers.json") == "/nonexistent/answers.json: can't be opened and read"
    );
    auto const folder = std::filesystem::temp_directory_path();
    CHECK(says(folder) == folder.string() + ": can't be opened and read");
    TemporaryFile const broken("{");
    CHECK(says(broken.path).find(broken.path.string() + ": line 1, column ") == 0);
}
