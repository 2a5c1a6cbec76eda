// SPDX-License-Identifier: BSL-1.0

#include <hilum/bedrock/codec.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>
#include <string>

#include "catch.hpp"

using namespace hilum;
using bedrock::Api;

namespace {

constexpr char const* haiku = "anthropic.claude-3-haiku-20240307-v1:0";

bedrock::Dialect dialect(Api api, json::object parameters = {}, char const* model = haiku) {
    BedrockConfig config(model, "us-east-1");
    config.bearer_token(Secret("key")).api(api).model_parameters(std::move(parameters));
    config.validate();
    return bedrock::Dialect(config);
}

GenerateText text(std::string prompt, TextOptions options = {}) {
    return GenerateText(
        release(std::move(prompt), "test", "made up for a test"), std::move(options)
    );
}

Predict<> input(char const* what) {
    return Predict<>(release(json::parse(what), "test", "made up for a test"));
}

json::value sent(Result<std::string> const& body) {
    REQUIRE(body.has_value());
    return json::parse(*body);
}

HttpResponse reply(std::string body) {
    HttpResponse out(200, std::move(body));
    out.header("x-amzn-RequestId", "id-1");
    return out;
}

std::string converse_reply(std::string const& answer, std::string const& reason = "end_turn") {
    return R"({"output":{"message":{"role":"assistant","content":[{"text":)" +
           json::serialize(json::value(answer)) + R"(}]}},"stopReason":")" + reason +
           R"(","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"metrics":)"
           R"({"latencyMs":9}})";
}

std::string claude_reply(std::string const& answer, std::string const& reason = "end_turn") {
    return R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-3-haiku-20240307",)"
           R"("content":[{"type":"text","text":)" +
           json::serialize(json::value(answer)) + R"(}],"stop_reason":")" + reason +
           R"(","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":6}})";
}

} // namespace

TEST_CASE("bedrock codec: the place of a model") {
    CHECK(
        dialect(Api::converse).path() == "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse"
    );
    CHECK(
        dialect(Api::invoke_model, {}, "arn:aws:bedrock:us-east-1:123456789012:custom-model/a/b")
            .path() ==
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Acustom-model%2Fa%2Fb/invoke"
    );
    CHECK(
        dialect(Api::invoke_claude, {}, "a~b_c.d-e%2F?#").path() ==
        "/model/a~b_c.d-e%252F%3F%23/invoke"
    );
}

TEST_CASE("bedrock codec: text for Converse") {
    auto const plain = bedrock::encode_text(dialect(Api::converse), text("Say \"hi\"\n", 20));
    REQUIRE(plain.has_value());
    CHECK(
        *plain == R"({"messages":[{"role":"user","content":[{"text":"Say \"hi\"\n"}]}],)"
                  R"("inferenceConfig":{"maxTokens":20}})"
    );
    auto const full = sent(bedrock::encode_text(
        dialect(
            Api::converse,
            {{"top_p", 0.5},
             {"temperature", 1},
             {"top_k", 7},
             {"stopSequences", json::array{"x"}},
             {"performanceConfig", json::object{{"latency", "optimized"}}}}
        ),
        text("p", TextOptions(9).temperature(0.25).system("s"))
    ));
    CHECK(full == json::parse(R"({
            "messages": [{"role": "user", "content": [{"text": "p"}]}],
            "system": [{"text": "s"}],
            "inferenceConfig": {"maxTokens": 9, "temperature": 0.25, "topP": 0.5,
                "stopSequences": ["x"]},
            "performanceConfig": {"latency": "optimized"},
            "additionalModelRequestFields": {"top_k": 7}})"));
}

TEST_CASE("bedrock codec: text for Claude's own body") {
    auto const body = sent(bedrock::encode_text(
        dialect(Api::invoke_claude, {{"top_k", 7}, {"temperature", 0.5}}),
        text("p", TextOptions(9).system("s"))
    ));
    CHECK(body == json::parse(R"({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
            "temperature": 0.5, "top_k": 7, "system": "s",
            "messages": [{"role": "user", "content": "p"}]})"));
}

TEST_CASE("bedrock codec: text for a generic model") {
    CHECK(
        sent(bedrock::encode_text(dialect(Api::invoke_model), text("p", 9))) ==
        json::parse(R"({"inputs": "p", "parameters": {"max_new_tokens": 9}})")
    );
    CHECK(
        sent(bedrock::encode_text(
            dialect(Api::invoke_model, {{"max_length", 5}, {"temperature", 1}}),
            text("p", TextOptions(9).temperature(0.5).system("s"))
        )) ==
        json::parse(R"({"inputs": "s\n\np", "parameters": {"max_length": 5, "temperature": 0.5}})")
    );
}

TEST_CASE("bedrock codec: a configured limit goes before the default one") {
    auto const limit = [](Api api, char const* name, TextOptions options) {
        return sent(bedrock::encode_text(dialect(api, {{name, 300}}), text("p", std::move(options)))
        );
    };
    CHECK(limit(Api::converse, "maxTokens", {}).at_pointer("/inferenceConfig/maxTokens") == 300);
    CHECK(limit(Api::converse, "max_tokens", 20).at_pointer("/inferenceConfig/maxTokens") == 20);
    CHECK(limit(Api::invoke_claude, "max_tokens", {}).at("max_tokens") == 300);
}

TEST_CASE("bedrock codec: predictions") {
    auto const generic = bedrock::encode_predict(
        dialect(Api::invoke_model, {{"threshold", 0.5}}),
        input(R"({"type":"risk","age":54,"_audit":{"request_id":"r"}})")
    );
    REQUIRE(generic.has_value());
    CHECK(
        *generic ==
        R"({"inputs":{"type":"risk","age":54,"_audit":{"request_id":"r"}},"parameters":)"
        R"({"threshold":0.5}})"
    );
    CHECK(
        *bedrock::encode_predict(dialect(Api::invoke_model), input("[1]")) ==
        R"({"inputs":[1],"parameters":{}})"
    );
    CHECK(
        sent(bedrock::encode_predict(dialect(Api::invoke_model, {{"temperature", 0}}), input("1"))
        ) == json::parse(R"({"inputs":1,"parameters":{"temperature":0}})")
    );
    auto const converse =
        sent(bedrock::encode_predict(dialect(Api::converse), input(R"({"a":1})")));
    CHECK(converse.at_pointer("/messages/0/content/0/text") == R"({"a":1})");
    CHECK(converse.at_pointer("/system/0/text").is_string());
    CHECK_FALSE(converse.as_object().contains("inferenceConfig"));
    auto const claude =
        sent(bedrock::encode_predict(dialect(Api::invoke_claude), input(R"({"a":1})")));
    CHECK(claude.at_pointer("/messages/0/content") == R"({"a":1})");
    CHECK(claude.at("max_tokens") == 1000);
}

TEST_CASE("bedrock codec: what has no JSON form isn't sent") {
    for (auto const api : {Api::converse, Api::invoke_claude, Api::invoke_model}) {
        auto const d = dialect(api);
        CHECK(bedrock::encode_text(d, text("\xff")).error() == errc::invalid_request);
        CHECK(bedrock::encode_text(d, text("p", 0)).error() == errc::invalid_request);
        auto const nan = std::numeric_limits<double>::quiet_NaN();
        CHECK(
            bedrock::encode_text(d, text("p", TextOptions().temperature(nan))).error() ==
            errc::invalid_request
        );
        auto bad = release(json::value("\xff"), "test", "made up for a test");
        CHECK(
            bedrock::encode_predict(d, Predict<>(std::move(bad))).error() == errc::invalid_request
        );
    }
}

TEST_CASE("bedrock codec: text replies") {
    auto const converse =
        bedrock::decode_text(dialect(Api::converse), reply(converse_reply("Hi", "max_tokens")));
    REQUIRE(converse.has_value());
    CHECK(converse->text == "Hi");
    CHECK(converse->finish_reason == FinishReason::length);
    CHECK(converse->usage.input_tokens == 3);
    CHECK(converse->usage.output_tokens == 4);
    CHECK(converse->model == haiku);
    CHECK(converse->request_id == "id-1");

    auto const claude =
        bedrock::decode_text(dialect(Api::invoke_claude), reply(claude_reply("Hi")));
    REQUIRE(claude.has_value());
    CHECK(claude->text == "Hi");
    CHECK(claude->finish_reason == FinishReason::stop);
    CHECK(claude->usage.output_tokens == 6);
    CHECK(claude->model == "claude-3-haiku-20240307");

    auto const several = bedrock::decode_text(
        dialect(Api::converse),
        reply(R"({"output":{"message":{"content":[{"reasoningContent":{"reasoningText":)"
              R"({"text":"no"}}},
            {"text":"a"},{"text":"b"}]}},"stopReason":"new_reason"})")
    );
    REQUIRE(several.has_value());
    CHECK(several->text == "ab");
    CHECK(several->finish_reason == FinishReason::unknown);
    auto const tool = bedrock::decode_text(
        dialect(Api::converse),
        reply(R"({"output":{"message":{"content":[{"toolUse":{"toolUseId":"1"}}]}},)"
              R"("stopReason":"tool_use"})")
    );
    REQUIRE(tool.has_value());
    CHECK(tool->finish_reason == FinishReason::tool_calls);
}

TEST_CASE("bedrock codec: reasons to stop") {
    for (auto const& [reason, expected] : {
             std::pair{"end_turn", FinishReason::stop},
             std::pair{"stop_sequence", FinishReason::stop},
             std::pair{"max_tokens", FinishReason::length},
             std::pair{"model_context_window_exceeded", FinishReason::length},
             std::pair{"tool_use", FinishReason::tool_calls},
             std::pair{"guardrail_intervened", FinishReason::content_filter},
             std::pair{"content_filtered", FinishReason::content_filter},
             std::pair{"malformed_model_output", FinishReason::unknown},
         }) {
        auto const got =
            bedrock::decode_text(dialect(Api::converse), reply(converse_reply("x", reason)));
        REQUIRE(got.has_value());
        CHECK(got->finish_reason == expected);
    }
    auto const nothing = bedrock::decode_text(
        dialect(Api::converse), reply(converse_reply("", "guardrail_intervened"))
    );
    CHECK(nothing.error() == errc::content_filtered);
    CHECK(nothing.error().provider_request_id() == "id-1");
    auto const flagged = bedrock::decode_text(
        dialect(Api::invoke_claude),
        reply(R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn",)"
              R"("amazon-bedrock-guardrailAction":"INTERVENED"})")
    );
    CHECK(flagged->finish_reason == FinishReason::content_filter);
}

TEST_CASE("bedrock codec: text of generic models") {
    auto const d = dialect(Api::invoke_model);
    for (std::string const body : {
             R"("Hi")",
             R"({"generated_text":"Hi"})",
             R"([{"generated_text":"Hi"}])",
             R"({"generation":"Hi","prompt_token_count":1,"generation_token_count":2,)"
             R"("stop_reason":"stop"})",
             R"({"outputs":[{"text":"Hi","stop_reason":"stop"}]})",
             R"({"results":[{"outputText":"Hi","completionReason":"FINISH"}]})",
             R"({"generations":[{"text":"Hi","finish_reason":"COMPLETE"}]})",
             R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]})",
             R"({"completion":"Hi"})",
         }) {
        INFO(body);
        auto const got = bedrock::decode_text(d, reply(body));
        REQUIRE(got.has_value());
        CHECK(got->text == "Hi");
        if (body.find("eason") != std::string::npos)
            CHECK(got->finish_reason == FinishReason::stop);
    }
    CHECK(bedrock::decode_text(d, reply(converse_reply("Hi")))->usage.input_tokens == 3);
    CHECK(bedrock::decode_text(d, reply(claude_reply("Hi")))->usage.input_tokens == 5);
    auto counted = reply(R"("Hi")");
    counted.header("X-Amzn-Bedrock-Input-Token-Count", "11");
    counted.header("X-Amzn-Bedrock-Output-Token-Count", "-1");
    CHECK(bedrock::decode_text(d, counted)->usage.input_tokens == 11);
    CHECK(bedrock::decode_text(d, counted)->usage.output_tokens == 0);
}

TEST_CASE("bedrock codec: results of generic models") {
    auto const d = dialect(Api::invoke_model);
    for (std::string const body : {
             R"({"prediction":0.5,"confidence":1,"features":{"age":0.25}})",
             R"({"outputs":{"prediction":0.5,"confidence":1,"features":{"age":0.25}}})",
             R"({"outputs":[{"prediction":0.5,"confidence":1,"features":{"age":0.25}},{}],"id":7})",
             R"([{"prediction":0.5,"confidence":1,"features":{"age":0.25}}])",
             R"({"predictions":[{"prediction":0.5,"confidence":1,"features":{"age":0.25}}]})",
             R"({"outputs":["{\"prediction\":0.5,\"confidence\":1,\"features\":{\"age\":0.25}}"]})",
             R"({"generated_text":"```json\n{\"prediction\":0.5,\"confidence\":1,)"
             R"(\"features\":{\"age\":0.25}}\n```"})",
         }) {
        INFO(body);
        auto const got = bedrock::decode_predict(d, reply(body));
        REQUIRE(got.has_value());
        CHECK(got->prediction == 0.5);
        CHECK(got->confidence == 1);
        CHECK(got->features == json::object{{"age", 0.25}});
        CHECK(got->features.storage() == json::storage_ptr()); // it outlives the arena
    }
    auto const lean =
        bedrock::decode_predict(d, reply(R"({"prediction":-3,"confidence":0,"x":[]})"));
    REQUIRE(lean.has_value());
    CHECK(lean->prediction == -3);
    CHECK(lean->features.empty());
    auto const wrapped = reply(claude_reply(R"({"prediction":1,"confidence":0.5})"));
    CHECK(bedrock::decode_predict(d, wrapped)->prediction == 1);
}

TEST_CASE("bedrock codec: results of text models") {
    std::string const answer = R"({"prediction":0.5,"confidence":0.9,"features":{"a":"b"}})";
    for (auto const& said :
         {answer,
          " \n" + answer + "\n",
          "```json\n" + answer + "\n```",
          "```\n" + answer + "```\n"}) {
        auto const converse =
            bedrock::decode_predict(dialect(Api::converse), reply(converse_reply(said)));
        REQUIRE(converse.has_value());
        CHECK(converse->features == json::object{{"a", "b"}});
        CHECK(bedrock::decode_predict(dialect(Api::invoke_claude), reply(claude_reply(said)))
                  .has_value());
    }
    auto const with = [](std::string const& said, char const* reason) {
        return bedrock::decode_predict(dialect(Api::converse), reply(converse_reply(said, reason)))
            .error();
    };
    CHECK(with(answer, "guardrail_intervened") == errc::content_filtered);
    CHECK(with("{\"predic", "max_tokens") == errc::malformed_reply);
    CHECK(with("I'd say 0.5.", "end_turn") == errc::malformed_reply);
    CHECK(with("", "end_turn") == errc::malformed_reply);
}

TEST_CASE("bedrock codec: what isn't a result is malformed") {
    for (std::string const body : {
             R"({})",
             R"({"prediction":"0.5","confidence":1})",
             R"({"prediction":true,"confidence":1})",
             R"({"prediction":null,"confidence":1})",
             R"({"prediction":0.5})",
             R"({"prediction":0.5,"confidence":"high"})",
             R"({"prediction":0.5,"confidence":1.01})",
             R"({"prediction":0.5,"confidence":-0.01})",
             R"({"prediction":1e999,"confidence":1})",
             R"({"prediction":0.5,"confidence":1,"features":[1]})",
             R"({"prediction":0.5,"confidence":1,"features":null})",
             R"({"prediction":0.5,"confidence":1)",
             R"({"prediction":0.5,"confidence":1} x)",
             R"({"outputs":[]})",
             R"({"outputs":{"outputs":{"outputs":{"outputs":{"outputs":{"outputs":)"
             R"({"outputs":{"prediction":1}}}}}}}})",
             R"([[[[[[[[{"prediction":1,"confidence":1}]]]]]]]])",
         }) {
        INFO(body);
        CHECK(
            bedrock::decode_predict(dialect(Api::invoke_model), reply(body)).error() ==
            errc::malformed_reply
        );
        CHECK(
            bedrock::decode_predict(dialect(Api::converse), reply(converse_reply(body))).error() ==
            errc::malformed_reply
        );
    }
}

TEST_CASE("bedrock codec: hostile replies") {
    for (auto const& body : {
             std::string(),
             std::string("null"),
             std::string("<html>Jane Roe</html>"),
             std::string(1000000, '['),
             std::string("\xff\xfe\0", 3),
             std::string(R"({"output":{"message":{"content":[1]}},"stopReason":"end_turn"})"),
             std::string(R"({"output":{"message":{"content":{}}},"stopReason":"end_turn"})"),
             std::string(R"({"output":{"message":{"content":[]}},"stopReason":7})"),
             std::string(R"({"output":[],"stopReason":"end_turn"})"),
             std::string(R"({"content":"x","stop_reason":"end_turn"})"),
             std::string(R"({"type":"error","error":{"message":"Jane Roe"}})"),
             std::string(R"({"message":{"x":"Jane Roe"}})"),
         })
        for (auto const api : {Api::converse, Api::invoke_claude, Api::invoke_model}) {
            INFO(body.substr(0, 60));
            auto const predicted = bedrock::decode_predict(dialect(api), reply(body));
            REQUIRE_FALSE(predicted.has_value());
            CHECK(predicted.error() == errc::malformed_reply);
            CHECK(predicted.error().message().find("Jane") == std::string::npos);
            if (api != Api::invoke_model) {
                auto const got = bedrock::decode_text(dialect(api), reply(body));
                REQUIRE_FALSE(got.has_value());
                CHECK(got.error() == errc::malformed_reply);
                CHECK(got.error().delivery() == Delivery::answered);
            }
        }
    auto const huge = reply("\"" + std::string(std::size_t(9) << 20, 'x') + "\"");
    CHECK(bedrock::decode_text(dialect(Api::invoke_model), huge).error() == errc::limit_exceeded);
    CHECK(bedrock::decode_predict(dialect(Api::converse), huge).error() == errc::limit_exceeded);
}
