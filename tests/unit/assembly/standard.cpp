// SPDX-License-Identifier: BSL-1.0
#include <hilum/assembly/providers.hpp>
#include <hilum/assembly/standard.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/model/concepts.hpp>
#include <hilum/model/describe.hpp>
#include <hilum/phi/phi_free_policy.hpp>
#include <hilum/testing/mock_model_service.hpp>
#include <hilum/testing/scripted_http_client.hpp>

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> names_of(ServiceDescription const& description) {
    std::vector<std::string> out;
    for (auto const& policy : description.policies)
        out.push_back(policy.name);
    return out;
}

std::string options_of(ServiceDescription const& description, std::string const& name) {
    for (auto const& policy : description.policies)
        if (policy.name == name)
            return policy.options;
    return "no such policy";
}

BedrockConfig bedrock_config() {
    BedrockConfig config;
    config.model("anthropic.claude-3-haiku-20240307-v1:0").region("us-east-1");
    config.credentials(
        aws::StaticCredentials(aws::Credentials("AKIDEXAMPLE", Secret("secret of an example")))
    );
    return config;
}

} // namespace

TEST_CASE("standard: filter, total limit, retries, breaker, limit of an attempt, audit") {
    auto const service = standard(MockModelService(), std::make_shared<MemoryJournal>());
    STATIC_REQUIRE(PhiSafeService<
                   decltype(standard(MockModelService(), std::make_shared<MemoryJournal>()))>);
    CHECK(
        names_of(describe(service)) ==
        std::vector<std::string>{
            "phi_filter", "timeout", "retry", "circuit_breaker", "timeout", "audit"}
    );
    CHECK(options_of(describe(service), "circuit_breaker").find("failures=5") != std::string::npos);
}

TEST_CASE("standard: a service's own recommendations, unless the host says otherwise") {
    auto const journal = std::make_shared<MemoryJournal>();
    ScriptedHttpClient http;
    OpenAiService const openai(http, OpenAiConfig(Secret("key"), "gpt-4o"));
    auto const recommended = options_of(describe(standard(openai, journal)), "circuit_breaker");
    CHECK(recommended.find("failures=3") != std::string::npos);
    CHECK(recommended.find("60 s") != std::string::npos);

    StandardPolicies policies;
    policies.breaker = CircuitBreakerPolicy().failures(7);
    auto const own = options_of(describe(standard(openai, journal, policies)), "circuit_breaker");
    CHECK(own.find("failures=7") != std::string::npos);

    auto config = bedrock_config();
    config.max_retries(3);
    auto const retry =
        options_of(describe(standard(BedrockService(http, config), journal)), "retry");
    CHECK(retry.find("max_attempts=4") != std::string::npos);
}

TEST_CASE("standard: a host without PHI says so once, and isn't taken for a filtered one") {
    auto const service = standard(
        MockModelService(),
        std::make_shared<MemoryJournal>(),
        StandardPolicies(),
        PhiFreePolicy("public questions only")
    );
    STATIC_REQUIRE_FALSE(PhiSafeService<std::remove_const_t<decltype(service)>>);
    std::string const question = "made at run time";
    CHECK(run(service.generate_text(question)).has_value());
}

TEST_CASE("providers: by name, with guards of their own, each replaceable") {
    auto const journal = std::make_shared<MemoryJournal>();
    ScriptedHttpClient http; // without a script: whoever asks it fails
    Providers providers(http, journal);
    providers.add("summaries", OpenAiConfig(Secret("key"), "gpt-4o"));
    providers.add("coding", bedrock_config());
    CHECK(providers.contains("coding"));
    CHECK_FALSE(providers.contains("billing"));
    CHECK(providers.get("summaries").destination().provider == "openai");

    Patient const patient("p-1");
    auto const ask = [&](std::string_view name) {
        return run(providers.get(name).generate_text("Summarise.", about(patient).only("id")));
    };
    CHECK(ask("summaries").has_error());
    providers.override_with("summaries", MockModelService());
    CHECK(ask("summaries").has_value());
    CHECK(ask("coding").has_error());
    CHECK_FALSE(journal->records().empty());
}

TEST_CASE("providers: names that are taken or unknown are named") {
    Providers providers(ScriptedHttpClient(), std::make_shared<MemoryJournal>());
    providers.add("summaries", OpenAiConfig(Secret("key"), "gpt-4o"));
    auto const message = [](auto&& action) -> std::string {
        try {
            action();
        } catch (ConfigurationError const& e) {
            return e.what();
        }
        return "nothing was thrown";
    };
    CHECK(message([&] {
              providers.get("billing");
          }) == "providers.billing: no such service; known are: summaries");
    CHECK(message([&] {
              providers.add("summaries", bedrock_config());
          }) == "providers.summaries: this name is taken");
    CHECK(message([&] {
              providers.override_with("billing", MockModelService());
          }).find("known are: summaries") != std::string::npos);
}
