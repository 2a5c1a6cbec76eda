// SPDX-License-Identifier: BSL-1.0

#include <hilum/bedrock/config.hpp>
#include <hilum/bedrock/detail/prepared.hpp>
#include <hilum/core/exceptions.hpp>

#include <boost/json/parse.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>

#include "catch.hpp"
#include "shared_data.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

using Map = EnvironmentVariables::Map;

constexpr char const* haiku = "anthropic.claude-3-haiku-20240307-v1:0";

aws::StaticCredentials keys() {
    return aws::StaticCredentials(aws::Credentials("AKIDEXAMPLE", Secret("topsecret")));
}

BedrockConfig good() { return BedrockConfig(haiku, "us-east-1").credentials(keys()); }

std::string bad_field(BedrockConfig const& config) {
    try {
        config.validate();
    } catch (ConfigurationError const& e) {
        CHECK(std::string(e.what()).find("topsecret") == std::string::npos);
        return e.field();
    }
    return "none";
}

} // namespace

TEST_CASE("bedrock config: defaults") {
    BedrockConfig const config = good();
    CHECK(bad_field(config) == "none");
    CHECK(config.timeout() == 30s);
    CHECK(config.max_retries() == 3);
    CHECK(config.model() == haiku);
    CHECK(config.capabilities() == std::vector<std::string>{"text-generation", "prediction"});
}

TEST_CASE("bedrock config: what can't work is named") {
    CHECK(bad_field(good().model("")) == "model");
    CHECK(bad_field(good().model("..")) == "model");
    CHECK(bad_field(good().model("a b")) == "model");
    CHECK(bad_field(good().model("a\r\nb")) == "model");
    CHECK(bad_field(good().model(std::string(2049, 'x'))) == "model");
    CHECK(bad_field(good().region("")) == "region");
    CHECK(bad_field(good().region("evil.com/#")) == "region");
    CHECK(bad_field(BedrockConfig(haiku, "us-east-1")) == "credentials");
    CHECK(bad_field(good().bearer_token(Secret("topsecret\r\nX: y"))) == "bearer_token");
    CHECK(bad_field(good().endpoint("ftp://topsecret")) == "endpoint");
    CHECK(bad_field(good().endpoint("https://user:topsecret@host")) == "endpoint");
    CHECK(bad_field(good().endpoint("https://example.com").fips(true)) == "fips");
    CHECK(bad_field(good().endpoint("https://example.com").dual_stack(true)) == "dual_stack");
    CHECK(bad_field(good().timeout(0s)) == "timeout");
    CHECK(bad_field(good().max_retries(-1)) == "max_retries");
    CHECK(
        bad_field(good().model_parameters({{"x", std::numeric_limits<double>::infinity()}})) ==
        "model_parameters"
    );
    CHECK(bad_field(good().model_parameters({{"messages", 1}})) == "model_parameters");
    CHECK(bad_field(good().model_parameters({{"maxTokens", 1.5}})) == "model_parameters");
    CHECK(bad_field(good().model_parameters({{"max_tokens", 0}})) == "model_parameters");
    CHECK(bad_field(good().model_parameters({{"temperature", "hot"}})) == "model_parameters");
    CHECK(
        bad_field(good().model("my-model").model_parameters({{"messages", 1}, {"max_tokens", "x"}})
        ) == "none"
    );
}

TEST_CASE("bedrock config: the region may follow from the endpoint") {
    auto config = good().region("").endpoint("https://bedrock-runtime.eu-west-1.amazonaws.com");
    CHECK(bad_field(config) == "none");
    CHECK(config.region() == "eu-west-1");
    CHECK(config.region("us-east-1").region() == "us-east-1");
    auto local = good().region("").endpoint("http://127.0.0.1:8080");
    CHECK(bad_field(local) == "region"); // a signature needs one
    CHECK(bad_field(local.bearer_token(Secret("key"))) == "none");
}

TEST_CASE("bedrock config: which API suits a model") {
    auto const api = [](char const* model) { return good().model(model).api(); };
    using bedrock::Api;
    CHECK(api(haiku) == Api::converse);
    CHECK(api("us.anthropic.claude-3-5-sonnet-20241022-v2:0") == Api::converse);
    CHECK(api("global.amazon.nova-lite-v1:0") == Api::converse);
    CHECK(
        api("arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0") ==
        Api::converse
    );
    CHECK(
        api("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x") ==
        Api::converse
    );
    CHECK(api("arn:aws:bedrock:us-east-1:123456789012:custom-model/x/y") == Api::invoke_model);
    CHECK(api("arn:aws:bedrock:us-east-1:123456789012:imported-model/abc") == Api::invoke_model);
    CHECK(api("arn:aws:sagemaker:us-east-1:123456789012:endpoint/risk") == Api::invoke_model);
    CHECK(api("risk-model") == Api::invoke_model);
    CHECK(good().api(Api::invoke_claude).api() == Api::invoke_claude);
}

TEST_CASE("bedrock config: from the environment") {
    EnvironmentVariables const full(Map{
        {"AWS_REGION", "eu-central-1"},
        {"AWS_ACCESS_KEY_ID", "AKID"},
        {"AWS_SECRET_ACCESS_KEY", "topsecret"},
        {"AWS_SESSION_TOKEN", "token"},
        {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"},
        {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:2"},
    });
    auto const config = BedrockConfig::from_environment(full).model(haiku);
    CHECK(bad_field(config) == "none");
    CHECK(config.region() == "eu-central-1");
    CHECK(config.endpoint() == "http://127.0.0.1:2");
    auto const credentials = config.credentials().ready(CallContext());
    REQUIRE(credentials);
    CHECK(credentials->session_token().reveal() == "token");

    EnvironmentVariables const none(Map{});
    CHECK(bad_field(BedrockConfig::from_environment(none).model(haiku)) == "credentials");
    CHECK(bad_field(BedrockConfig::from_environment(none)) == "model");
}

TEST_CASE("bedrock config: a bearer token goes before keys, but not before what code says") {
    EnvironmentVariables const both(Map{
        {"AWS_REGION", "eu-central-1"},
        {"AWS_ACCESS_KEY_ID", "AKID"},
        {"AWS_SECRET_ACCESS_KEY", "topsecret"},
        {"AWS_BEARER_TOKEN_BEDROCK", " bearer\n"},
    });
    auto config = BedrockConfig::from_environment(both).model(haiku);
    CHECK(config.bearer_token().reveal() == "bearer");
    CHECK(config.credentials().empty());
    config.credentials(keys());
    CHECK(config.bearer_token().empty());
    CHECK_FALSE(config.credentials().empty());
    EnvironmentVariables const blank(Map{{"AWS_BEARER_TOKEN_BEDROCK", " "}});
    CHECK(BedrockConfig::from_environment(blank).bearer_token().empty());
}

TEST_CASE("bedrock config: the endpoint cases of botocore") {
    auto const path = hilum_test::shared_data("bedrock-endpoints/endpoint-tests-1.json");
    if (!path)
        return;
    std::ifstream file(*path);
    auto const cases = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    int count = 0;
    for (auto const& one : cases.at("testCases").as_array()) {
        INFO(one.at("documentation").as_string().c_str());
        ++count;
        BedrockConfig config(haiku);
        // A bearer token, because a custom endpoint without a region can't be signed for.
        config.bearer_token(Secret("key"));
        if (auto const* parameters = one.as_object().if_contains("params")) {
            auto const& given = parameters->as_object();
            if (auto const* region = given.if_contains("Region"))
                config.region(region->as_string().c_str());
            if (auto const* url = given.if_contains("Endpoint"))
                config.endpoint(url->as_string().c_str());
            config.fips(given.at("UseFIPS").as_bool())
                .dual_stack(given.at("UseDualStack").as_bool());
        }
        auto const& expected = one.at("expect").as_object();
        if (expected.contains("error")) {
            CHECK_THROWS_AS(bedrock::detail::Prepared(config), ConfigurationError);
        } else {
            auto const url = std::string(expected.at("endpoint").at("url").as_string());
            bedrock::detail::Prepared const prepared(config);
            CHECK(prepared.request.origin->key() == url + ":443");
        }
    }
    CHECK(count == 21);
}
