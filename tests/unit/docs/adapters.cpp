// SPDX-License-Identifier: BSL-1.0
// Code that docs/http.md, docs/openai.md and docs/bedrock.md are cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <memory>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

//[client
BeastHttpClient client_of(asio::io_context& io) {
    return BeastHttpClient(
        io,
        HttpClientOptions()
            .timeout(20s)
            .max_connections(16)
            .tls(TlsOptions().ca_file("/etc/hospital/ca.pem").min_version(TlsVersion::tls_1_3))
            .allow_plain_http("gateway.internal")
    );
}

//]

//[rest
template <HttpClient Client>
Task<Result<json::value>> score(Client http) {
    RestClient api(std::move(http), "https://scores.example.org/v2");
    api.header("Accept-Language", "en");
    auto found =
        co_await api.get(RestCall("/scores").query("model", "sepsis 3"), CallOptions().timeout(5s));
    co_return found; // what was found as JSON, or an error that says what the status means
}

//]

constexpr char chat_reply[] = R"({"choices":[{"message":{"content":"Hello."}}]})";
constexpr char converse_reply[] =
    R"({"output":{"message":{"role":"assistant","content":[{"text":"Hello."}]}},)"
    R"("stopReason":"end_turn"})";

} // namespace

TEST_CASE("docs: the client by itself") {
    CHECK(&client_of != nullptr);
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, R"({"score":3})")).then(ScriptedReply(404, "{}"));
    CHECK(run(score(http))->at("score") == json::value(3));
    CHECK(http.requests().front().request.target == "/v2/scores?model=sepsis%203");
    CHECK(run(score(http)).error() == errc::not_found);
}

TEST_CASE("docs: OpenAI's configuration") {
    ScriptedHttpClient http;
    http.always(ScriptedReply(200, chat_reply));
    EnvironmentVariables const variables(EnvironmentVariables::Map{{"OPENAI_API_KEY", "test-key"}});
    //[openai
    auto config = OpenAiConfig::from_environment(variables).model("gpt-4.1-mini");
    config.temperature(0.2).timeout(20s);
    OpenAiService const service(http, config);
    //]
    CHECK(run(service.generate_text("Say hello."))->text == "Hello.");
    CHECK(http.requests().front().request.body.find("\"store\":false") != std::string::npos);

    //[openai-others
    auto azure = OpenAiConfig(Secret("test-key"), "my-deployment")
                     .base_url("https://my-resource.openai.azure.com/openai/v1");
    auto local = OpenAiConfig(Secret(), "llama3.2").base_url("http://127.0.0.1:11434/v1");
    //]
    CHECK(run(OpenAiService(http, azure).generate_text("Say hello.")).has_value());
    CHECK(run(OpenAiService(http, local).generate_text("Say hello.")).has_value());
    CHECK(http.requests().back().request.body.find("\"max_tokens\":1000") != std::string::npos);
}

TEST_CASE("docs: Bedrock's configuration") {
    ScriptedHttpClient http;
    http.always(ScriptedReply(200, converse_reply));
    EnvironmentVariables const variables(EnvironmentVariables::Map{
        {"AWS_REGION", "eu-west-1"},
        {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
        {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}});
    //[bedrock
    auto config = BedrockConfig::from_environment(variables);
    config.model("anthropic.claude-3-haiku-20240307-v1:0").model_parameters({{"topP", 0.9}});
    BedrockService const service(http, config);
    //]
    CHECK(run(service.generate_text("Say hello."))->text == "Hello.");
    auto const request = http.requests().front().request;
    CHECK(request.target == "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse");
    CHECK(request.body.find("\"topP\":0.9") != std::string::npos);

    //[bedrock-custom
    auto custom = BedrockConfig(
        "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/readmission", "us-east-1"
    );
    custom.bearer_token(Secret("test-key"))
        .capabilities({"prediction"})
        .model_parameters({{"threshold", 0.5}});
    //]
    ScriptedHttpClient own;
    own.then(ScriptedReply(200, R"({"prediction":0.7,"confidence":0.9})"));
    BedrockService const generic(own, custom);
    auto const input = json::value{{"type", "readmission"}, {"nights", 4}};
    auto const result = run(generic.predict(release(input, "demo", "a made-up record")));
    CHECK(result->prediction == 0.7);
    CHECK(
        own.requests().front().request.body ==
        R"({"inputs":{"type":"readmission","nights":4},"parameters":{"threshold":0.5}})"
    );
}
