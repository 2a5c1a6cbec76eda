// SPDX-License-Identifier: BSL-1.0
#include <hilum/openai.hpp>
#include <hilum/testing/scripted_http_client.hpp>
#include <hilum/testing/simulation.hpp>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("openai breaker: three failures open it for a minute") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.always(ScriptedReply(500, "{}"));
    auto const service =
        openai::circuit_breaker() | OpenAiService(http, OpenAiConfig(Secret("k"), "m"));
    for (int i = 0; i < 3; ++i) {
        auto const failed = simulation.run(service.generate_text("Q"));
        CHECK(failed.error() == errc::server_error);
    }
    auto const refused = simulation.run(service.generate_text("Q"));
    CHECK(refused.error() == errc::circuit_open);
    CHECK(http.count() == 3);
    simulation.clock().advance(61s);
    auto const probe = simulation.run(service.generate_text("Q"));
    CHECK(probe.error() == errc::server_error);
    CHECK(http.count() == 4);
}
