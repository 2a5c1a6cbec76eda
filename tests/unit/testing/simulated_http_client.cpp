// SPDX-License-Identifier: BSL-1.0
// The real client and the real adapters in virtual time, against the wire simulator in memory.
#include <hilum/bedrock/service.hpp>
#include <hilum/openai/service.hpp>
#include <hilum/testing/simulated_http_client.hpp>
#include <hilum/testing/simulation.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr char const* openai_url = "https://api.openai.com";
constexpr char const* bedrock_url = "https://bedrock-runtime.us-east-1.amazonaws.com";

class World {
public:
    explicit World(std::uint64_t seed, std::string_view faults = {})
        : simulation(seed), simulator(simulation.executor(), [&] {
              WireSimulatorOptions options;
              options.faults = FaultPlan::parse(faults).value();
              options.environment = simulation.environment();
              return options;
          }()) {
        simulator.serve(simulation.network(), openai_url);
        simulator.serve(simulation.network(), bedrock_url);
    }

    Simulation simulation;
    WireSimulator simulator;
};

class Tally {
public:
    int ok = 0, failed = 0;
};

Task<void> caller(World& world, SimulatedHttpClient client, int id, Tally& tally) {
    auto const origin = std::make_shared<HttpOrigin const>(HttpOrigin::parse(openai_url).value());
    for (int i = 0; i < 10; ++i) {
        HttpRequest request(HttpMethod::post, origin, "/v1/chat/completions");
        request.header("Authorization", "Bearer test-key");
        request.header("Content-Type", "application/json");
        request.body = R"({"model":"m","messages":[{"role":"user","content":")" +
                       std::string(1400, 'x') + std::to_string(id * 100 + i) + R"("}]})";
        CallContext cx(world.simulation.environment());
        auto const clock = cx.clock();
        cx.deadline = Clock::after(clock.now(), 2s);
        cx.deadline_scope = Scope::attempt;
        auto const reply = co_await client.send(cx, request);
        bool const good = reply && reply->status == 200;
        ++(good ? tally.ok : tally.failed);
        CHECK(clock.now() <= cx.deadline);
        world.simulation.trace().note(
            clock.now(), "caller " + std::to_string(id) + (good ? " ok" : " failed")
        );
    }
}

class Run {
public:
    Trace trace;
    Tally tally;
    std::size_t connections = 0;
};

Run five_callers(std::uint64_t seed, double reset) {
    World world(seed);
    world.simulation.network().conditions() = {.max_delay = 50ms, .max_piece = 300, .reset = reset};
    SimulatedHttpClient client(world.simulation.network());
    Run out;
    for (int id = 0; id < 5; ++id)
        world.simulation.spawn(caller(world, client, id, out.tally));
    world.simulation.run();
    out.trace = world.simulation.trace();
    out.connections = world.simulation.network().connections();
    return out;
}

} // namespace

TEST_CASE("fifty calls of five callers over a network that cuts and delays") {
    auto const run = five_callers(7, 0);
    CHECK(run.tally.ok == 50);
    CHECK(run.connections == 5);
}

TEST_CASE("the same with resets: every call is answered or says that it failed") {
    auto const run = five_callers(7, 0.01);
    CHECK(run.tally.ok + run.tally.failed == 50);
    CHECK(run.tally.failed > 0);
    CHECK(run.tally.ok > run.tally.failed);
    CHECK(run.connections > 5);
}

TEST_CASE("same seed, same trace, on every compiler") {
    auto const run = five_callers(7, 0.01);
    CHECK(run.trace.text() == five_callers(7, 0.01).trace.text());
    CHECK(run.trace.text() != five_callers(8, 0.01).trace.text());
    INFO("This number changes when the client, or the simulator, puts other bytes on the wire; "
         "g++ and clang have to agree on the new one.");
    CHECK(run.trace.hash() == 0x7e4bed72ca1f6038);
}

TEST_CASE("OpenAiService against the wire simulator, with faults") {
    World world(1, "throttle:1500@2,malformed@3,truncate@4,reset:30@5,reset@6,stall@7");
    SimulatedHttpClient client(world.simulation.network());
    OpenAiConfig config(Secret("test-key"), "gpt-4o");
    config.timeout(5s);
    OpenAiService service(client, config);
    auto const ask = [&] { return world.simulation.run(service.generate_text("Say hello.")); };
    auto const reply = ask();
    REQUIRE(reply.has_value());
    CHECK(reply->text.find("Say hello.") != std::string::npos);
    auto const throttled = ask();
    CHECK(throttled.error() == errc::throttled);
    CHECK(throttled.error().retry_after() == 1500ms);
    CHECK(ask().error() == errc::malformed_reply);
    auto const cut = ask();
    CHECK(cut.has_error());
    CHECK(cut.error().delivery() == Delivery::unknown);
    CHECK(ask().error().delivery() == Delivery::unknown);
    CHECK(ask().error() == errc::connection_lost);
    auto const before = world.simulation.elapsed();
    CHECK(ask().error() == errc::timeout);
    CHECK(world.simulation.elapsed() - before == 5s);
    CHECK(ask().has_value());
    auto input = release(json::parse(R"({"age":70})"), "test", "made up for this test");
    auto const prediction = world.simulation.run(service.predict(std::move(input)));
    REQUIRE(prediction.has_value());
    CHECK(prediction->features.contains("age"));
}

TEST_CASE("BedrockService signs what the wire simulator computes anew") {
    World world(1);
    SimulatedHttpClient client(world.simulation.network());
    auto const with = [&](std::string const& model, std::string const& secret) {
        BedrockConfig config(model, "us-east-1");
        config.credentials(aws::StaticCredentials(aws::Credentials("AKIDEXAMPLE", Secret(secret))));
        return BedrockService(client, config);
    };
    std::string const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    for (char const* model :
         {"anthropic.claude-3-haiku-20240307-v1:0",
          "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"}) {
        auto service = with(model, secret);
        auto const reply = world.simulation.run(service.generate_text("Say hello."));
        INFO(model);
        REQUIRE(reply.has_value());
        CHECK(reply->text.find("Say hello.") != std::string::npos);
    }
    auto wrong = with("m", "another");
    CHECK(world.simulation.run(wrong.generate_text("x")).error() == errc::unauthorized);
    auto missing = with("missing", secret);
    CHECK(world.simulation.run(missing.generate_text("x")).error() == errc::not_found);
    CHECK(world.simulator.records().at(2).status == 403);
}

TEST_CASE("a test as a user of hilum would write it") {
    //[virtual-time
    Simulation simulation(7); // the seed decides everything that is left to chance
    simulation.network().conditions() = {.max_delay = 50ms, .max_piece = 300};

    WireSimulatorOptions options;
    options.faults = FaultPlan::parse("stall@1").value();
    options.environment = simulation.environment();
    WireSimulator simulator(simulation.executor(), options);
    simulator.serve(simulation.network(), "https://api.openai.com");

    SimulatedHttpClient http(simulation.network());
    OpenAiConfig config(Secret("test-key"), "gpt-4o");
    config.timeout(5s);
    OpenAiService service(http, config);

    auto reply = simulation.run(service.generate_text("Say hello."));
    CHECK(reply.error() == errc::timeout);
    CHECK(simulation.elapsed() == 5s); // of virtual time; of real time, a few milliseconds
    //]
    CHECK(simulator.requests() == 1);
}
