// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/openai/service.hpp>
#include <hilum/testing/scripted_http_client.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/json/parse.hpp>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

using Service = OpenAiService<ScriptedHttpClient>;

static_assert(Handles<Service const, GenerateText>);
static_assert(Handles<Service const, Predict<>>);
static_assert(Handles<Service const, Embed>);
static_assert(Handles<Service const, GetModelInfo>);
static_assert(!Handles<Service, Unfiltered<GenerateText>>);
static_assert(!Handles<Service, Predict<std::string>>);
static_assert(honours_deadline<Service>);

char const* const hello =
    R"({"model":"m","choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]})";

OpenAiConfig config() { return OpenAiConfig(Secret("sk-test"), "gpt-4.1-mini"); }

} // namespace

TEST_CASE("openai service: text, as it is asked for and answered") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, hello).header("x-request-id", "req_7"));
    Service const service(http, config().organization("org-1").project("proj_2"));
    auto const reply = run(service.generate_text("Say hello.", 20));
    REQUIRE(reply.has_value());
    CHECK(reply->text == "Hello.");
    CHECK(reply->request_id == "req_7");

    auto const sent = http.requests().at(0).request;
    CHECK(sent.method == HttpMethod::post);
    CHECK(sent.origin->key() == "https://api.openai.com:443");
    CHECK(sent.target == "/v1/chat/completions");
    CHECK(sent.find("authorization") == "Bearer sk-test");
    CHECK(sent.find("content-type") == "application/json");
    CHECK(sent.find("openai-organization") == "org-1");
    CHECK(sent.find("openai-project") == "proj_2");
    CHECK(json::parse(sent.body).at("max_completion_tokens") == 20);
}

TEST_CASE("openai service: a local server needs no key and gets none") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, hello));
    auto const local = OpenAiConfig(Secret(), "llama3.2").base_url("http://127.0.0.1:11434/v1/");
    Service const service(http, local);
    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    auto const sent = http.requests().at(0).request;
    CHECK(!sent.find("authorization"));
    CHECK(sent.target == "/v1/chat/completions");
    auto const to = service.destination();
    CHECK(to.provider == "openai");
    CHECK(to.host == "127.0.0.1:11434");
    CHECK(to.model == "llama3.2");
}

TEST_CASE("openai service: prediction, embeddings, model") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(
        200, R"({"choices":[{"message":{"content":"{\"prediction\":0.8,\"confidence\":0.9}"}}]})"
    ));
    http.then(ScriptedReply(200, R"({"data":[{"index":0,"embedding":[0.5,0.25]}]})"));
    Service const service(http, config());
    json::value const input{{"type", "risk"}};
    auto cleared = release(input, "test", "made up for a test");
    auto const predicted = run(service.predict(std::move(cleared)));
    REQUIRE(predicted.has_value());
    CHECK(predicted->prediction == 0.8);

    std::vector<Outbound<std::string>> texts;
    texts.push_back(release(std::string("one"), "test", "made up for a test"));
    auto const embedded = run(service.embed(std::move(texts)));
    REQUIRE(embedded.has_value());
    CHECK(embedded->vectors.at(0) == std::vector<float>({0.5F, 0.25F}));
    CHECK(http.requests().at(1).request.target == "/v1/embeddings");

    auto const info = run(service.get_model_info());
    REQUIRE(info.has_value());
    CHECK(info->model_id == "gpt-4.1-mini");
    CHECK(info->provider == "OpenAI");
    CHECK(info->capabilities.at(0) == "text-generation");
    CHECK(http.count() == 2);
}

TEST_CASE("openai service: errors name service and operation, and nothing that was sent") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(
        ScriptedReply(429, R"({"error":{"message":"slower, Ann","code":"rate_limit_exceeded"}})")
            .header("retry-after", "Fri, 02 Jan 2026 03:04:25 GMT")
    );
    http.then(Error(errc::connection_failed, "refused"));
    http.then(ScriptedReply(200, "<html>"));
    Service const service(http, config());

    auto const throttled = simulation.run(service.generate_text("Say hello.")).error();
    CHECK(throttled == errc::throttled);
    CHECK(throttled.service() == "openai");
    CHECK(throttled.operation() == "generate_text");
    CHECK(throttled.retry_after() == 20s); // seen from the simulation's wall clock
    CHECK(
        throttled.message() == "openai generate_text: 429 throttled [rate_limit_exceeded]: "
                               "the provider asks for a slower pace"
    );

    auto const refused = simulation.run(service.generate_text("Say hello.")).error();
    CHECK(refused == errc::connection_failed);
    CHECK(refused.delivery() == Delivery::not_sent);
    CHECK(refused.service() == "openai");

    auto const garbage = simulation.run(service.generate_text("Say hello.")).error();
    CHECK(garbage == errc::malformed_reply);

    auto binary = release(std::string("\xff"), "test", "made up for a test");
    auto const unsent = simulation.run(service.generate_text(std::move(binary))).error();
    CHECK(unsent == errc::invalid_request);
    CHECK(unsent.operation() == "generate_text");
    CHECK(http.count() == 3);
    for (auto const& error : {throttled, refused, garbage, unsent})
        CHECK(error.message().find("sk-test") == std::string::npos);
}

TEST_CASE("openai service: its timeout limits an attempt, and is put back") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.always(ScriptedReply::never());
    Service const service(http, config().timeout(5s));

    auto const error = simulation.run(service.generate_text("Say hello.")).error();
    CHECK(error == errc::timeout);
    CHECK(error.scope() == Scope::attempt);
    CHECK(error.delivery() == Delivery::unknown);
    CHECK(simulation.elapsed() == 5s);

    // The call's own deadline is sooner, and says so.
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

TEST_CASE("openai service: settings that can't work are found at once") {
    ScriptedHttpClient http;
    CHECK_THROWS_AS(Service(http, OpenAiConfig()), ConfigurationError);
    CHECK_THROWS_AS(Service(http, config().base_url("nowhere")), ConfigurationError);
    CHECK_THROWS_AS(Service(http, config().model("")), ConfigurationError);
}
