// SPDX-License-Identifier: BSL-1.0
// Everything at once, in virtual time: the standard guard, the real adapters and the real client,
// against the wire simulator in memory.
#include <hilum/assembly/standard.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/bedrock/service.hpp>
#include <hilum/model/describe.hpp>
#include <hilum/openai/service.hpp>
#include <hilum/phi/fhir/bundle.hpp>
#include <hilum/testing/sample_records.hpp>
#include <hilum/testing/simulated_http_client.hpp>
#include <hilum/testing/simulation.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr char const* openai_url = "https://api.openai.com";
constexpr char const* bedrock_url = "https://bedrock-runtime.us-east-1.amazonaws.com";

class World {
public:
    explicit World(std::string_view faults = {}, std::uint64_t seed = 1)
        : simulation(seed), simulator(simulation.executor(), options_for(faults)),
          client(simulation.network()) {
        simulator.serve(simulation.network(), openai_url);
        simulator.serve(simulation.network(), bedrock_url);
    }

    auto openai(StandardPolicies const& policies = {}) {
        return standard(
            OpenAiService(client, OpenAiConfig(Secret("test-key"), "gpt-4o")), journal, policies
        );
    }

    auto bedrock(StandardPolicies const& policies = {}) {
        BedrockConfig config;
        config.model("anthropic.claude-3-haiku-20240307-v1:0").region("us-east-1");
        config.credentials(aws::StaticCredentials(
            aws::Credentials("AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        ));
        return standard(BedrockService(client, config), journal, policies);
    }

    template <class Service>
    auto ask(Service const& service, CallOptions call = {}) {
        auto subject = about(patient).only("id", "age", "conditions");
        return simulation.run(
            service.generate_text("Summarise.", std::move(subject), std::move(call))
        );
    }

    std::vector<std::string> results() const {
        std::vector<std::string> out;
        for (auto const& record : journal->records())
            if (record.kind == AuditKind::outcome)
                out.push_back(record.result);
        return out;
    }

    Simulation simulation;
    WireSimulator simulator;
    SimulatedHttpClient client;
    std::shared_ptr<MemoryJournal> journal = std::make_shared<MemoryJournal>();
    Patient patient = patient_from_bundle(sample_bundles()[0]).value();

private:
    WireSimulatorOptions options_for(std::string_view faults) {
        WireSimulatorOptions options;
        options.faults = FaultPlan::parse(faults).value();
        options.environment = simulation.environment();
        options.keep_bodies = true;
        return options;
    }
};

std::string text_of(Result<Phi<TextReply>> const& reply) {
    return reply->reveal("looked at by a test").text;
}

} // namespace

TEST_CASE("a record goes to both providers, and its pseudonym turns back in the answers") {
    World world;
    for (bool const aws : {false, true}) {
        auto const reply = aws ? world.ask(world.bedrock()) : world.ask(world.openai());
        REQUIRE(reply.has_value());
        CHECK(text_of(reply).find("wm-40417") != std::string::npos);
    }
    REQUIRE(world.simulator.requests() == 2);
    for (auto const& request : world.simulator.records()) {
        CHECK(request.body.find("wm-40417") == std::string::npos);
        CHECK(request.body.find("Marchetti") == std::string::npos);
        CHECK(request.body.find("1958") == std::string::npos);
        CHECK(request.body.find("Diabetes mellitus") != std::string::npos);
    }
    CHECK(world.journal->text().find("wm-40417") == std::string::npos);
    CHECK(world.results() == std::vector<std::string>{"ok", "ok"});
}

TEST_CASE("a throttled call waits as long as the provider asks, and each attempt is audited") {
    World world("throttle:2500@1");
    auto const reply = world.ask(world.openai());
    REQUIRE(reply.has_value());
    CHECK(world.simulation.elapsed() >= 2500ms);
    CHECK(world.simulation.elapsed() < 4s);
    CHECK(world.results() == std::vector<std::string>{"throttled", "ok"});
    int transformations = 0, intents = 0;
    for (auto const& record : world.journal->records()) {
        transformations += record.kind == AuditKind::transformation;
        intents += record.kind == AuditKind::intent;
    }
    CHECK(transformations == 1);
    CHECK(intents == 2);
}

TEST_CASE("what was sent with an unknown effect is never sent again by itself") {
    World world("reset@1");
    auto const reply = world.ask(world.bedrock());
    REQUIRE(reply.has_error());
    CHECK(reply.error() == errc::connection_lost);
    CHECK(reply.error().delivery() == Delivery::unknown);
    CHECK(world.simulator.requests() == 1);
}

TEST_CASE("a provider that falls silent costs an attempt's limit, and not a moment more") {
    World world("stall");
    StandardPolicies policies;
    policies.attempt = 10s;
    policies.retry.retry_unknown = true;
    policies.retry.backoff.base = 1ms;
    policies.retry.backoff.cap = 1ms;

    SECTION("three attempts, one after the other") {
        auto const reply = world.ask(world.openai(policies));
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().scope() == Scope::attempt);
        CHECK(world.simulator.requests() == 3);
        CHECK(world.simulation.elapsed() >= 30s);
        CHECK(world.simulation.elapsed() < 31s);
    }
    SECTION("the total limit ends it in the third") {
        policies.total = 25s;
        auto const reply = world.ask(world.openai(policies));
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().scope() == Scope::total);
        CHECK(world.simulation.elapsed() == 25s);
    }
    SECTION("the caller's own limit ends it before all others") {
        auto const reply = world.ask(world.openai(policies), CallOptions().timeout(3s));
        CHECK(reply.error() == errc::timeout);
        CHECK(world.simulation.elapsed() == 3s);
        CHECK(world.simulator.requests() == 1);
    }
}

TEST_CASE("a breaker opens, refuses without a byte, and recovers with one probe") {
    World world("status:500@1-3");
    auto const service = world.openai(); // OpenAI's own figures: 3 failures, 60 s
    for (int i = 0; i < 3; ++i)
        CHECK(world.ask(service).error() == errc::server_error);
    CHECK(world.simulator.requests() == 3);

    auto const refused = world.ask(service);
    CHECK(refused.error() == errc::circuit_open);
    REQUIRE(refused.error().retry_after());
    CHECK(*refused.error().retry_after() <= 60s);
    CHECK(world.simulator.requests() == 3);

    world.simulation.run_for(61s);
    CHECK(world.ask(service).has_value());
    CHECK(world.ask(service).has_value());
    CHECK(world.simulator.requests() == 5);
}

TEST_CASE("one breaker for each service: the other provider goes on") {
    World world("status:500@1-3");
    auto const openai = world.openai();
    auto const bedrock = world.bedrock();
    for (int i = 0; i < 3; ++i)
        CHECK(world.ask(openai).has_error());
    CHECK(world.ask(openai).error() == errc::circuit_open);
    CHECK(world.ask(bedrock).has_value());
}

TEST_CASE("if the intent can't be stored, nothing is sent") {
    World world;
    world.journal->fail_after(1); // the transformation is stored, the intent isn't
    auto const reply = world.ask(world.openai());
    CHECK(reply.error() == errc::audit_failed);
    CHECK(world.simulator.requests() == 0);
}

TEST_CASE("a name server that never answers doesn't hold the call beyond its deadline") {
    World world;
    world.simulation.network().conditions().reachability = Reachability::unresolved;
    auto const reply = world.ask(world.openai(), CallOptions().timeout(4s));
    CHECK(reply.error() == errc::timeout);
    CHECK(world.simulation.elapsed() == 4s);
}

TEST_CASE("wrong credentials are told apart, and not tried again") {
    World world;
    auto const wrong_key = standard(
        OpenAiService(world.client, OpenAiConfig(Secret("another"), "gpt-4o")), world.journal
    );
    auto const reply = world.ask(wrong_key);
    CHECK(reply.error() == errc::unauthorized);
    CHECK(reply.error() == condition::unauthorized);
    CHECK(world.simulator.requests() == 1);
}

TEST_CASE("on a network that cuts, delays and resets, every call is answered or says why not") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        World world("", seed);
        world.simulation.network().conditions() = {
            .max_delay = 50ms, .max_piece = 300, .reset = 0.02};
        auto const service = world.openai();
        for (int i = 0; i < 10; ++i) {
            auto const before = world.simulation.elapsed();
            auto const reply = world.ask(service);
            CHECK((reply.has_value() || reply.error().value() != errc::ok));
            CHECK(world.simulation.elapsed() - before <= 60s);
        }
        // Each attempt that was announced has an end.
        int intents = 0, outcomes = 0;
        for (auto const& record : world.journal->records()) {
            intents += record.kind == AuditKind::intent;
            outcomes += record.kind == AuditKind::outcome;
        }
        CHECK(intents == outcomes);
        CHECK(world.journal->text().find("wm-40417") == std::string::npos);
    }
}
