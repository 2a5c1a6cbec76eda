// SPDX-License-Identifier: BSL-1.0
// Code that docs/virtual-time.md is cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

//[wait
// Asks until somebody answers, once a minute. Time and chance come from the service.
template <class Service>
Task<int> ask_until_answered(Service service) {
    Clock const clock = service.environment().clock;
    for (int asked = 1;; ++asked) {
        auto reply = co_await service.generate_text("Is the night shift's summary ready?");
        if (reply)
            co_return asked;
        co_await sleep_until(clock, Clock::after(clock.now(), 1min));
    }
}

//]

} // namespace

TEST_CASE("docs: an hour of waiting") {
    //[hour
    Simulation simulation;
    MockModelService mock(simulation.environment());
    mock.fail_next(Error(errc::unavailable), 60);

    CHECK(simulation.run(ask_until_answered(mock)) == 61);
    CHECK(simulation.elapsed() == 1h);
    //]
}

TEST_CASE("docs: the manual clock by itself") {
    //[manual
    asio::io_context io(1);
    ManualClock time;
    MockModelService mock{Environment(Clock(time))};
    mock.fail_next(Error(errc::unavailable), 2);

    int asked = 0;
    asio::co_spawn(io, ask_until_answered(mock), [&](std::exception_ptr, int n) { asked = n; });
    time.run(io); // until nothing can happen any more
    CHECK(asked == 3);
    CHECK(time.now().time_since_epoch() == 2min);
    //]
}

TEST_CASE("docs: a task that can never end") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply::never());
    HttpOrigin const origin = HttpOrigin::parse("https://api.openai.com").value();
    HttpRequest const request(HttpMethod::get, std::make_shared<HttpOrigin const>(origin), "/");
    CallContext cx(simulation.environment());
    CHECK_THROWS_AS(simulation.run(http.send(cx, request)), SimulationStuck);
}
