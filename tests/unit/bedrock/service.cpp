// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/sigv4.hpp>
#include <hilum/bedrock/service.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/testing/scripted_http_client.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/json/parse.hpp>

#include <memory>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

using Service = BedrockService<ScriptedHttpClient>;

static_assert(Handles<Service const, GenerateText>);
static_assert(Handles<Service const, Predict<>>);
static_assert(Handles<Service const, GetModelInfo>);
static_assert(!Handles<Service, Embed>);
static_assert(!Handles<Service, Unfiltered<GenerateText>>);
static_assert(!Handles<Service, Predict<std::string>>);
static_assert(honours_deadline<Service>);

constexpr char const* haiku = "anthropic.claude-3-haiku-20240307-v1:0";
constexpr char const* hello =
    R"({"output":{"message":{"content":[{"text":"Hello."}]}},"stopReason":"end_turn"})";

aws::Credentials keys(char const* token = "", char const* id = "AKIDEXAMPLE") {
    return aws::Credentials(id, Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(token));
}

BedrockConfig config(char const* token = "") {
    BedrockConfig out(haiku, "us-east-1");
    out.credentials(aws::StaticCredentials(keys(token)));
    return out;
}

/// Gives other keys at each refresh, after a while.
class Rotating {
public:
    Task<Result<aws::Credentials>> get(CallContext& cx) {
        ++*asked;
        if (cx.refresh_credentials)
            ++*refreshed;
        if (*refreshed > 2)
            co_return Error(errc::unauthorized, "the source is gone").with(Delivery::not_sent);
        auto const until = Clock::after(cx.clock().now(), 1s);
        co_await sleep_until(cx.clock(), until);
        auto const id = "AKID" + std::to_string(*refreshed);
        co_return keys("", id.c_str());
    }

    std::shared_ptr<int> asked = std::make_shared<int>(0);
    std::shared_ptr<int> refreshed = std::make_shared<int>(0);
};

static_assert(aws::CredentialsProvider<Rotating>);

} // namespace

TEST_CASE("bedrock service: text, as it is asked for, signed and answered") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply(200, hello).header("x-amzn-RequestId", "id-7"));
    Service const service(http, config("TOKENTOKEN"));
    auto const reply = simulation.run(service.generate_text("Say hello.", 20));
    REQUIRE(reply.has_value());
    CHECK(reply->text == "Hello.");
    CHECK(reply->request_id == "id-7");
    CHECK(reply->model == haiku);

    auto const sent = http.requests().at(0).request;
    CHECK(sent.method == HttpMethod::post);
    CHECK(sent.origin->key() == "https://bedrock-runtime.us-east-1.amazonaws.com:443");
    CHECK(sent.target == "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse");
    CHECK(sent.find("content-type") == "application/json");
    CHECK(sent.find("accept") == "application/json");
    CHECK(sent.find("x-amz-date") == "20260102T030405Z");
    CHECK(sent.find("x-amz-security-token") == "TOKENTOKEN");

    aws::SignedHeader const headers[] = {
        {"host", "bedrock-runtime.us-east-1.amazonaws.com"}, {"content-type", "application/json"}};
    aws::SigningInput const input{"POST", sent.target, "", headers, sent.body};
    auto const expected = aws::sign_headers(
        input, keys("TOKENTOKEN"), {"us-east-1", "bedrock"}, simulation.environment().clock.wall()
    );
    CHECK(sent.find("authorization") == expected.headers.back().second);
    CHECK(sent.find("authorization")
              ->starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/bedrock/"
                            "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                            "x-amz-security-token, Signature="));
}

TEST_CASE("bedrock service: a bearer token instead of a signature") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, hello));
    auto settings = config();
    settings.bearer_token(Secret("api-key")).endpoint("http://127.0.0.1:8080/bedrock/").region("");
    Service const service(http, settings);
    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    auto const sent = http.requests().at(0).request;
    CHECK(sent.find("authorization") == "Bearer api-key");
    CHECK_FALSE(sent.find("x-amz-date"));
    CHECK(sent.target.starts_with("/bedrock/model/anthropic."));
}

TEST_CASE("bedrock service: prediction and model") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, R"({"outputs":[{"prediction":0.8,"confidence":0.9}]})"));
    auto settings = config();
    settings.model("arn:aws:bedrock:us-east-1:123456789012:custom-model/risk/1")
        .model_parameters({{"threshold", 0.5}})
        .capabilities({"risk"});
    Service const service(http, settings);
    json::value const input{{"type", "risk"}};
    auto cleared = release(input, "test", "made up for a test");
    auto const predicted = run(service.predict(std::move(cleared)));
    REQUIRE(predicted.has_value());
    CHECK(predicted->prediction == 0.8);
    auto const sent = http.requests().at(0).request;
    CHECK(
        sent.target ==
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Acustom-model%2Frisk%2F1/invoke"
    );
    CHECK(sent.body == R"({"inputs":{"type":"risk"},"parameters":{"threshold":0.5}})");

    auto const info = run(service.get_model_info());
    REQUIRE(info.has_value());
    CHECK(info->model_id == "arn:aws:bedrock:us-east-1:123456789012:custom-model/risk/1");
    CHECK(info->provider == "AWS Bedrock");
    CHECK(info->region == "us-east-1");
    CHECK(info->capabilities == std::vector<std::string>{"risk"});
    CHECK(http.count() == 1);
}

TEST_CASE("bedrock service: where it sends to") {
    ScriptedHttpClient const http;
    auto const to = Service(http, config()).destination();
    CHECK(to.provider == "aws.bedrock");
    CHECK(to.host == "bedrock-runtime.us-east-1.amazonaws.com");
    CHECK(to.region == "us-east-1");
    CHECK(to.model == haiku);
    CHECK_THROWS_AS(Service(http, BedrockConfig(haiku)), ConfigurationError);
}

TEST_CASE("bedrock service: errors say who, what and how far, and nothing that was written") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(429, R"({"message":"quoted prompt"})")
                  .header("x-amzn-ErrorType", "ThrottlingException:http://x.test")
                  .header("x-amzn-RequestId", "id-9")
                  .header("Retry-After", "2"));
    http.then(ScriptedReply(200, R"({"message":"quoted prompt"})"));
    http.then(ScriptedReply(Error(errc::connection_failed, "no route")));
    Service const service(http, config());
    auto const throttled = run(service.generate_text("quoted prompt")).error();
    CHECK(throttled == errc::throttled);
    CHECK(throttled.service() == "bedrock");
    CHECK(throttled.operation() == "generate_text");
    CHECK(throttled.delivery() == Delivery::rejected_for_now);
    CHECK(throttled.retry_after() == 2s);
    CHECK(throttled.provider_request_id() == "id-9");
    CHECK(throttled.message().find("quoted") == std::string::npos);
    auto const malformed = run(service.generate_text("quoted prompt")).error();
    CHECK(malformed == errc::malformed_reply);
    CHECK(malformed.message().find("quoted") == std::string::npos);
    auto const unreachable = run(service.generate_text("quoted prompt")).error();
    CHECK(unreachable == errc::connection_failed);
    CHECK(unreachable.service() == "bedrock");
    auto not_text = release(std::string("\xff"), "test", "made up for a test");
    CHECK(run(service.generate_text(std::move(not_text))).error() == errc::invalid_request);
    CHECK(http.count() == 3);
}

TEST_CASE("bedrock service: expired credentials are fetched anew when the call is repeated") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply(403, "{}").header("x-amzn-ErrorType", "ExpiredTokenException"));
    http.then(ScriptedReply(200, hello)).then(ScriptedReply(200, hello));
    Rotating const provider;
    BedrockConfig settings(haiku, "us-east-1");
    settings.credentials(provider);
    Service const service(http, settings);
    CallContext cx(simulation.environment());
    GenerateText const op("Say hello.");
    auto const expired = simulation.run(service.handle(cx, op)).error();
    CHECK(expired == errc::credentials_expired);
    CHECK(expired.delivery() == Delivery::rejected_for_now);

    cx.refresh_credentials = true; // as RetryPolicy does
    CHECK(simulation.run(service.handle(cx, op)).has_value());
    CHECK_FALSE(cx.refresh_credentials);
    CHECK(simulation.run(service.handle(cx, op)).has_value());
    CHECK(*provider.asked == 3);
    CHECK(*provider.refreshed == 1);
    auto const sent = http.requests();
    auto const key_of = [&](std::size_t i) {
        auto const line = std::string(sent.at(i).request.find("authorization").value_or(""));
        return line.substr(line.find("Credential=") + 11, 5);
    };
    CHECK(key_of(0) == "AKID0");
    CHECK(key_of(1) == "AKID1");
    CHECK(sent.at(0).request.find("x-amz-date") == "20260102T030406Z"); // after the wait
    CHECK(sent.at(1).request.find("x-amz-date") == "20260102T030407Z");

    *provider.refreshed = 3;
    auto const gone = simulation.run(service.handle(cx, op)).error();
    CHECK(gone == errc::unauthorized);
    CHECK(gone.delivery() == Delivery::not_sent);
    CHECK(gone.service() == "bedrock");
    CHECK(http.count() == 3);
}

TEST_CASE("bedrock service: its timeout limits an attempt, and is put back") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.always(ScriptedReply::never());
    auto settings = config();
    Service const service(http, settings.timeout(5s));
    auto const error = simulation.run(service.generate_text("Say hello.")).error();
    CHECK(error == errc::timeout);
    CHECK(error.scope() == Scope::attempt);
    CHECK(simulation.elapsed() == 5s);
    auto const sooner =
        simulation.run(service.generate_text("Say hello.", CallOptions().timeout(2s))).error();
    CHECK(sooner.scope() == Scope::total);
    CHECK(simulation.elapsed() == 7s);

    CallContext cx(simulation.environment(), CallOptions().timeout(60s));
    auto const before = cx.deadline;
    GenerateText const op("Say hello.");
    CHECK(simulation.run(service.handle(cx, op)).error().scope() == Scope::attempt);
    CHECK(cx.deadline == before);
    CHECK(cx.deadline_scope == Scope::total);
    CHECK(http.requests().back().deadline == before - 55s);
}

TEST_CASE("bedrock service: credentials that would break a header are refused by the client") {
    struct Broken {
        Task<Result<aws::Credentials>> get(CallContext&) {
            co_return aws::Credentials("id", Secret("s"), Secret("t\r\nHost: evil"));
        }
    };

    ScriptedHttpClient http;
    http.always(ScriptedReply(200, hello));
    BedrockConfig settings(haiku, "us-east-1");
    settings.credentials(Broken());
    Service const service(http, settings);
    CHECK(run(service.generate_text("Say hello.")).error() == errc::invalid_request);
    CHECK(http.count() == 0);
}
