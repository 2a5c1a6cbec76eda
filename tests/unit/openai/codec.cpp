// SPDX-License-Identifier: BSL-1.0
#include <hilum/openai/codec.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

#include "catch.hpp"

using namespace hilum;
using namespace hilum::openai;

namespace {

OpenAiConfig config() { return OpenAiConfig(Secret("sk-test"), "gpt-4.1-mini"); }

OpenAiConfig local() { return config().base_url("http://127.0.0.1:8080/v1"); }

json::value parsed(Result<std::string> const& body) { return json::parse(body.value()); }

Outbound<std::string> cleared(std::string text) {
    return release(std::move(text), "test", "made up for a test");
}

Predict<> prediction_of(json::value input) {
    return Predict<>(release(std::move(input), "test", "made up for a test"));
}

HttpResponse reply(std::string body) {
    HttpResponse response(200, std::move(body));
    response.header("x-request-id", "req_1");
    return response;
}

HttpResponse answer(std::string_view content, std::string_view finish = "stop") {
    json::object const message{{"role", "assistant"}, {"content", std::string(content)}};
    json::object const root{
        {"choices",
         {{{"index", 0}, {"message", message}, {"finish_reason", std::string(finish)}}}}};
    return reply(json::serialize(root));
}

/// What the provider wrote. Not within a CHECK: clang 14 crashes on a `Reason` there.
std::string provider_text(Error const& error) {
    return error.provider_message().reveal("looked at by a test");
}

errc error_of(auto const& result) { return result ? errc::ok : result.error().value(); }

} // namespace

TEST_CASE("openai codec: a chat as it is sent") {
    Dialect const dialect(config());
    auto const body = encode_chat(dialect, GenerateText("Say \"hello\"."));
    CHECK(
        body.value() == R"({"model":"gpt-4.1-mini","store":false,"max_completion_tokens":1000,)"
                        R"("messages":[{"role":"user","content":"Say \"hello\"."}]})"
    );
    auto const full = parsed(encode_chat(
        dialect,
        GenerateText("Q", TextOptions(50).temperature(0.25).system("Answer in one sentence."))
    ));
    CHECK(full.at("max_completion_tokens") == 50);
    CHECK(full.at("temperature") == 0.25);
    CHECK(full.at("messages").as_array().size() == 2);
    CHECK(full.at("messages").at(0).at("role") == "system");
    CHECK(full.at("messages").at(0).at("content") == "Answer in one sentence.");
    CHECK(full.at("messages").at(1).at("content") == "Q");
}

TEST_CASE("openai codec: what differs from host to host") {
    auto const chat = [](OpenAiConfig const& c) {
        return parsed(encode_chat(Dialect(c), GenerateText("Q"))).as_object();
    };
    auto const own = chat(config());
    CHECK(own.contains("max_completion_tokens"));
    CHECK(!own.contains("max_tokens"));
    CHECK(own.at("store") == false);

    auto const azure = chat(config().base_url("https://x.openai.azure.com/openai/v1"));
    CHECK(azure.contains("max_completion_tokens"));
    CHECK(!azure.contains("store"));

    auto const other = chat(local());
    CHECK(other.contains("max_tokens"));
    CHECK(!other.contains("max_completion_tokens"));
    CHECK(!other.contains("store"));

    CHECK(chat(config().token_parameter(TokenParameter::max_tokens)).contains("max_tokens"));
    CHECK(chat(local().token_parameter(TokenParameter::max_completion_tokens))
              .contains("max_completion_tokens"));
}

TEST_CASE("openai codec: a temperature is sent only if somebody set one") {
    Dialect const set(config().temperature(0.5));
    CHECK(!parsed(encode_chat(Dialect(config()), GenerateText("Q")))
               .as_object()
               .contains("temperature"));
    CHECK(parsed(encode_chat(set, GenerateText("Q"))).at("temperature") == 0.5);
    auto const op = GenerateText("Q", TextOptions().temperature(1.5));
    CHECK(parsed(encode_chat(set, op)).at("temperature") == 1.5);
}

TEST_CASE("openai codec: what can't be sent isn't") {
    Dialect const dialect(config());
    CHECK(
        error_of(encode_chat(dialect, GenerateText(cleared("\xff\xfe")))) == errc::invalid_request
    );
    CHECK(
        error_of(encode_chat(dialect, GenerateText("Q", TextOptions(0)))) == errc::invalid_request
    );
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(
        error_of(encode_chat(dialect, GenerateText("Q", TextOptions().temperature(nan)))) ==
        errc::invalid_request
    );
    CHECK(error_of(encode_embed(dialect, Embed({}))) == errc::invalid_request);
    CHECK(
        error_of(encode_predict(dialect, prediction_of(json::value(nan)))) == errc::invalid_request
    );
    auto const error = encode_chat(dialect, GenerateText(cleared("Ann Example \xff"))).error();
    CHECK(error.delivery() == Delivery::rejected);
    CHECK(error.message().find("Ann") == std::string::npos);
}

TEST_CASE("openai codec: a reply in text") {
    auto const text = decode_chat(reply(
        R"({"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4.1-mini-2025-04-14",
        "choices":[{"index":0,"message":{"role":"assistant",
        "content":"Grüße \u00e4\ud83d\ude00","refusal":null},
        "logprobs":null,"finish_reason":"stop"}],
        "usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}})"
    ));
    REQUIRE(text.has_value());
    CHECK(text->text == "Grüße ä😀");
    CHECK(text->finish_reason == FinishReason::stop);
    CHECK(text->usage.input_tokens == 12);
    CHECK(text->usage.output_tokens == 7);
    CHECK(text->model == "gpt-4.1-mini-2025-04-14");
    CHECK(text->request_id == "req_1");
}

TEST_CASE("openai codec: why a reply ended") {
    auto const finish = [](std::string_view reason) {
        return decode_chat(answer("x", reason))->finish_reason;
    };
    CHECK(finish("stop") == FinishReason::stop);
    CHECK(finish("length") == FinishReason::length);
    CHECK(finish("tool_calls") == FinishReason::tool_calls);
    CHECK(finish("function_call") == FinishReason::tool_calls);
    CHECK(finish("content_filter") == FinishReason::content_filter);
    CHECK(finish("something new") == FinishReason::unknown);
    auto const without = decode_chat(reply(R"({"choices":[{"message":{"content":"x"}}]})"));
    CHECK(without->finish_reason == FinishReason::unknown);
    auto const null =
        decode_chat(reply(R"({"choices":[{"message":{"content":null},"finish_reason":"length"}]})")
        );
    CHECK(null->text.empty());
}

TEST_CASE("openai codec: a refusal is an error that keeps its words apart") {
    auto const refused = decode_chat(reply(
        R"({"choices":[{"message":{"content":null,"refusal":"I can't tell about Ann"},
        "finish_reason":"stop"}]})"
    ));
    REQUIRE(error_of(refused) == errc::content_filtered);
    auto const error = refused.error();
    CHECK(error.delivery() == Delivery::answered);
    CHECK(error.message().find("Ann") == std::string::npos);
    CHECK(provider_text(error) == "I can't tell about Ann");
    CHECK(error.provider_request_id() == "req_1");

    auto const filtered = decode_chat(
        reply(R"({"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]})")
    );
    CHECK(error_of(filtered) == errc::content_filtered);
    CHECK(decode_chat(answer("half an ans", "content_filter"))->text == "half an ans");
}

TEST_CASE("openai codec: malformed and hostile replies") {
    for (std::string const& body : {
             std::string(),
             std::string("<html>"),
             std::string("{"),
             std::string("null"),
             std::string("[]"),
             std::string("{}"),
             std::string(R"({"choices":null})"),
             std::string(R"({"choices":[]})"),
             std::string(R"({"choices":{}})"),
             std::string(R"({"choices":[1]})"),
             std::string(R"({"choices":[{}]})"),
             std::string(R"({"choices":[{"message":"x"}]})"),
             std::string(R"({"choices":[{"message":{}}]})"),
             std::string(R"({"choices":[{"message":{"content":3}}]})"),
             std::string(R"({"choices":[{"message":{"content":null},"finish_reason":"stop"}]})"),
             std::string("{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}"),
             std::string(R"({"choices":[{"message":{"content":"cut)"),
             std::string(2'000'000, '['),
             std::string(R"({"choices":)") + std::string(100, '[') + std::string(100, ']') + "}",
         }) {
        auto const result = decode_chat(reply(body));
        CHECK(error_of(result) == errc::malformed_reply);
        CHECK(error_of(decode_predict(reply(body))) == errc::malformed_reply);
        CHECK(error_of(decode_embed(reply(body), 1)) == errc::malformed_reply);
        CHECK(result.error().provider_request_id() == "req_1");
        CHECK(result.error().delivery() == Delivery::answered);
    }
    std::string const huge = R"({"choices":[{"message":{"content":")" +
                             std::string(std::size_t(9) << 20, 'x') + R"("}}]})";
    CHECK(error_of(decode_chat(reply(huge))) == errc::limit_exceeded);
}

TEST_CASE("openai codec: odd members don't harm") {
    auto const odd = decode_chat(reply(
        R"({"choices":[{"message":{"content":"x"},"finish_reason":7}],"usage":{"prompt_tokens":-3,
        "completion_tokens":"many"},"model":"Ann Example lives here"})"
    ));
    REQUIRE(odd.has_value());
    CHECK(odd->usage.input_tokens == 0);
    CHECK(odd->usage.output_tokens == 0);
    CHECK(odd->model.empty());
    auto response = answer("x");
    HttpResponse named(200, response.body);
    named.header("x-request-id", "Ann Example");
    CHECK(decode_chat(named)->request_id.empty());
}

TEST_CASE("openai codec: an error behind a good status counts by the status in it") {
    auto const overloaded =
        decode_chat(reply(R"({"error":{"message":"busy","code":503,"type":"overloaded_error"}})"));
    CHECK(error_of(overloaded) == errc::unavailable);
    CHECK(overloaded.error().delivery() == Delivery::rejected_for_now);
    CHECK(error_of(decode_chat(reply(R"({"error":{"message":"?"}})"))) == errc::malformed_reply);
    CHECK(error_of(decode_embed(reply(R"({"error":{"code":429}})"), 1)) == errc::throttled);
    auto const fine =
        decode_chat(reply(R"({"error":null,"choices":[{"message":{"content":"x"}}]})"));
    CHECK(fine.has_value());
}

TEST_CASE("openai codec: a prediction as it is asked for") {
    json::value const input{{"type", "risk"}, {"age", 61}};
    auto const body = parsed(encode_predict(Dialect(config()), prediction_of(input)));
    CHECK(body.at("response_format").at("type") == "json_object");
    CHECK(body.at("store") == false);
    CHECK(!body.as_object().contains("max_completion_tokens"));
    auto const& messages = body.at("messages").as_array();
    CHECK(messages.at(0).at("role") == "system");
    CHECK(std::string(messages.at(0).at("content").as_string()).find("JSON") != std::string::npos);
    CHECK(messages.at(1).at("role") == "user");
    CHECK(json::parse(messages.at(1).at("content").as_string()) == input);

    auto const other = parsed(encode_predict(Dialect(local()), prediction_of(input)));
    CHECK(!other.as_object().contains("response_format"));
    auto const told =
        parsed(encode_predict(Dialect(local().json_mode(true)), prediction_of(input)));
    CHECK(told.as_object().contains("response_format"));
}

TEST_CASE("openai codec: a prediction as it is answered") {
    auto const plain = decode_predict(
        answer(R"({"prediction":0.81,"confidence":0.9,"features":{"age":0.4,"why":"two stays"}})")
    );
    REQUIRE(plain.has_value());
    CHECK(plain->prediction == 0.81);
    CHECK(plain->confidence == 0.9);
    CHECK(plain->features.at("why") == "two stays");
    CHECK(plain->features.storage().get() == json::storage_ptr().get());

    for (auto const* text :
         {"```json\n{\"prediction\":1,\"confidence\":1}\n```",
          "```\n{\"prediction\":1,\"confidence\":1}```",
          " \n{\"prediction\":1,\"confidence\":1,\"comment\":\"ignored\"}\n ",
          "{\"prediction\":1,\"confidence\":1.0,\"features\":{}}"}) {
        auto const result = decode_predict(answer(text));
        REQUIRE(result.has_value());
        CHECK(result->prediction == 1);
        CHECK(result->confidence == 1);
    }
}

TEST_CASE("openai codec: a prediction that isn't one") {
    for (auto const* text :
         {"",
          "I think 0.8.",
          "[]",
          "0.8",
          "{}",
          "{\"prediction\":0.8}",
          "{\"confidence\":0.8}",
          "{\"prediction\":\"0.8\",\"confidence\":0.8}",
          "{\"prediction\":null,\"confidence\":0.8}",
          "{\"prediction\":1e999,\"confidence\":0.8}",
          "{\"prediction\":0.8,\"confidence\":1.1}",
          "{\"prediction\":0.8,\"confidence\":-0.1}",
          "{\"prediction\":0.8,\"confidence\":0.8,\"features\":[]}",
          "{\"prediction\":0.8,\"confidence\":0.8} and more",
          "```",
          "``````",
          "```json```",
          "```json\n{\"prediction\":0.8,\"confidence\":0.8}"})
        CHECK(error_of(decode_predict(answer(text))) == errc::malformed_reply);
    auto const cut = answer("{\"prediction\":1,\"confidence\":1}", "length");
    CHECK(error_of(decode_predict(cut)) == errc::malformed_reply);
    auto const error = decode_predict(answer("Ann Example is ill")).error();
    CHECK(error.message().find("Ann") == std::string::npos);
}

TEST_CASE("openai codec: embeddings") {
    auto const body = encode_embed(Dialect(config()), Embed({cleared("one"), cleared("t\"wo")}));
    CHECK(
        body.value() ==
        R"({"model":"gpt-4.1-mini","encoding_format":"float","input":["one","t\"wo"]})"
    );
    auto const vectors = decode_embed(
        reply(R"({"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.25,-1]},
        {"object":"embedding","index":0,"embedding":[3,4e-1]}],
        "model":"m","usage":{"prompt_tokens":5}})"),
        2
    );
    REQUIRE(vectors.has_value());
    CHECK(vectors->vectors == std::vector<std::vector<float>>({{3.0F, 0.4F}, {0.25F, -1.0F}}));
    CHECK(vectors->usage.input_tokens == 5);
    CHECK(vectors->model == "m");
}

TEST_CASE("openai codec: embeddings that aren't what was asked for") {
    for (auto const* body :
         {R"({"data":[]})",
          R"({"data":[{"index":0,"embedding":[1]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"embedding":[1]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":["1"]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1e300]}]})",
          R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":"AACAPw=="}]})",
          R"({"data":[1,2]})"})
        CHECK(error_of(decode_embed(reply(body), 2)) == errc::malformed_reply);
}
