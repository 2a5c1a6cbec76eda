// SPDX-License-Identifier: BSL-1.0
#include <hilum/openai/service.hpp>
#include <hilum/testing/scripted_http_client.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

HttpRequest request(std::string target = "/") {
    auto origin =
        std::make_shared<HttpOrigin const>(HttpOrigin::parse("http://model.test").value());
    return HttpRequest(HttpMethod::post, std::move(origin), std::move(target));
}

} // namespace

TEST_CASE("scripted client: plays its script and remembers what was sent") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(429, "slower").header("Retry-After", "1"))
        .then(Error(errc::connection_lost))
        .then(HttpResponse(200, "fine"));
    ScriptedHttpClient copy = http; // one script
    CallContext cx;
    auto asked = request("/a");
    asked.header("X-Kind", "test");
    asked.body = "body";

    auto const first = run(http.send(cx, asked));
    CHECK(first->status == 429);
    CHECK(first->find("retry-after") == "1");
    auto const second = run(copy.send(cx, asked));
    CHECK(second.error() == errc::connection_lost);
    CHECK(http.remaining() == 1);
    cx.attempt = 3;
    auto const third = run(http.send(cx, asked));
    CHECK(third->body == "fine");
    CHECK(http.remaining() == 0);

    auto const sent = copy.requests();
    REQUIRE(sent.size() == 3);
    CHECK(sent[0].request.target == "/a");
    CHECK(sent[0].request.body == "body");
    CHECK(sent[0].request.find("x-kind") == "test");
    CHECK(sent[2].attempt == 3);
}

TEST_CASE("scripted client: says so when nothing is left, unless something is always said") {
    ScriptedHttpClient http;
    CallContext cx;
    auto const asked = request();
    auto const none = run(http.send(cx, asked));
    CHECK(none.error() == errc::invalid_configuration);
    CHECK(none.error().text() == "the script has no answer left");
    http.always(ScriptedReply(204, ""));
    CHECK(run(http.send(cx, asked))->status == 204);
    CHECK(run(http.send(cx, asked))->status == 204);
    CHECK(http.count() == 3);
}

TEST_CASE("scripted client: refuses what no client sends") {
    ScriptedHttpClient http;
    http.then(ScriptedReply(200, ""));
    CallContext cx;
    auto bad = request();
    bad.header("X-Kind", "a\r\nb");
    CHECK(run(http.send(cx, bad)).error() == errc::invalid_request);
    CHECK(http.count() == 0);
    CHECK(http.remaining() == 1);
}

TEST_CASE("scripted client: delays pass in the clock's time, deadlines cut them") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply(200, "late").after(2s))
        .then(ScriptedReply(200, "later").after(20s))
        .then(ScriptedReply::never());
    auto const asked = request();
    CallContext cx(simulation.environment());
    CHECK(simulation.run(http.send(cx, asked))->body == "late");
    CHECK(simulation.elapsed() == 2s);

    CallContext hurried(simulation.environment(), CallOptions().timeout(5s));
    auto const cut = simulation.run(http.send(hurried, asked)).error();
    CHECK(cut == errc::timeout);
    CHECK(cut.scope() == Scope::total);
    CHECK(cut.delivery() == Delivery::unknown);
    CHECK(simulation.elapsed() == 7s);
    CHECK_THROWS_AS(simulation.run(http.send(cx, asked)), SimulationStuck);
}

TEST_CASE("scripted client: a cancelled call ends as cancelled") {
    Simulation simulation;
    ScriptedHttpClient http(simulation.environment());
    http.then(ScriptedReply(200, "late").after(2s));
    auto const asked = request();
    CallContext cx(simulation.environment());
    asio::cancellation_signal stop;
    std::optional<Result<HttpResponse>> ended;
    asio::co_spawn(
        simulation.context(),
        http.send(cx, asked),
        asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr, Result<HttpResponse> r) { ended = std::move(r); }
        )
    );
    simulation.context().poll();
    stop.emit(asio::cancellation_type::terminal);
    simulation.run();
    REQUIRE(ended.has_value());
    CHECK(ended->error() == errc::cancelled);
    CHECK(simulation.elapsed() == 0s);
}

TEST_CASE("scripted client: beneath a service") {
    //[scripted
    ScriptedHttpClient http;
    http.then(ScriptedReply(429, "{}").header("retry-after", "2"))
        .then(ScriptedReply(200, R"({"choices":[{"message":{"content":"Hello."}}]})"));
    OpenAiService const service(http, OpenAiConfig(Secret("test-key"), "gpt-4.1-mini"));

    auto const throttled = run(service.generate_text("Say hello."));
    CHECK(throttled.error().retry_after() == 2s);
    auto const reply = run(service.generate_text("Say hello."));
    CHECK(reply->text == "Hello.");
    CHECK(http.requests().at(1).request.target == "/v1/chat/completions");
    CHECK(http.remaining() == 0);
    //]
}
