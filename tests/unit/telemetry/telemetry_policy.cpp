// SPDX-License-Identifier: BSL-1.0
#include <hilum/telemetry/json_lines_sink.hpp>
#include <hilum/telemetry/telemetry_policy.hpp>

#include <boost/json/parse.hpp>

#include <sstream>
#include <stdexcept>

#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum_test;

namespace {

/// Copies share what they note.
class Noted {
public:
    Noted() : events_(std::make_shared<Events>()) {}

    void on(EventView const& event, CallContext const& cx) {
        events_->on(event, cx);
        ids.emplace_back(cx.request_id());
    }

    Events& events() const { return *events_; }

    std::vector<std::string> ids;

private:
    std::shared_ptr<Events> events_;
};

std::vector<std::string> names(Events const& events) {
    std::vector<std::string> out;
    for (auto const& entry : events.all)
        out.push_back(entry.name);
    return out;
}

constexpr RetryPolicy at_once{.backoff = {.base = 0s}};

} // namespace

TEST_CASE("a call's beginning, what happens in it, and its end") {
    World world;
    Noted noted;
    Scripted const service(world, {Step(Error(errc::connection_failed), 1s), Step(2s)});
    auto const guarded = TelemetryPolicy{noted} | at_once | service;
    (void)world.finish(world.ask(guarded));
    auto& events = noted.events();
    CHECK(
        names(events) ==
        std::vector<std::string>{"call_started", "retry_scheduled", "call_finished"}
    );
    auto& finished = events.all.back().fields;
    CHECK(finished["error"] == "ok");
    CHECK(finished["attempts"] == "2");
    CHECK(finished["duration_us"] == "3000000");
    CHECK(world.events.all.empty()); // who observed before hears again only when it's over
}

TEST_CASE("right of retry it shows each attempt") {
    World world;
    Noted noted;
    Error const error = Error(errc::unavailable).with_status(503);
    Scripted const service(world, {Step(error), Step()});
    auto const guarded = at_once | TelemetryPolicy{noted} | service;
    (void)world.finish(world.ask(guarded));
    auto& all = noted.events().all;
    REQUIRE(all.size() == 4);
    CHECK(all[0].fields["attempt"] == "1");
    CHECK(all[1].fields["error"] == "unavailable");
    CHECK(all[1].fields["status"] == "503");
    CHECK(all[2].fields["attempt"] == "2");
    CHECK(world.events.count("retry_scheduled") == 1); // left of it, the outer observer
}

TEST_CASE("several sinks, by value and by pointer, each see all") {
    World world;
    auto const shared = std::make_shared<Noted>();
    Noted noted;
    std::ostringstream out;
    Scripted const service(world);
    auto const guarded = TelemetryPolicy{shared, noted, JsonLinesSink(out)} | service;
    (void)world.finish(world.ask(guarded, CallOptions{}.request_id("r-17")));
    CHECK(names(shared->events()) == names(noted.events()));
    CHECK(shared->ids == std::vector<std::string>{"r-17", "r-17"});
    std::istringstream lines(out.str());
    std::string line;
    int count = 0;
    while (std::getline(lines, line)) {
        ++count;
        CHECK(boost::json::parse(line).as_object().at("request_id").as_string() == "r-17");
    }
    CHECK(count == 2);
    CHECK_THROWS_AS(TelemetryPolicy{std::shared_ptr<Noted>()}, ConfigurationError);
}

TEST_CASE("a call without an id of its own has one random id in all its events") {
    World world;
    auto const noted = std::make_shared<Noted>();
    Scripted const service(world);
    auto const guarded = TelemetryPolicy{noted} | service;
    (void)world.finish(world.ask(guarded));
    (void)world.finish(world.ask(guarded));
    REQUIRE(noted->ids.size() == 4);
    CHECK(noted->ids[0].size() == 36);
    CHECK(noted->ids[0] == noted->ids[1]);
    CHECK(noted->ids[0] != noted->ids[2]);
}

TEST_CASE("a sink that throws loses its events, and nobody else") {
    struct Throwing {
        void on(EventView const&, CallContext const&) { throw std::runtime_error("full"); }
    };

    World world;
    Noted noted;
    Scripted const service(world);
    auto const guarded = TelemetryPolicy{Throwing{}, noted} | service;
    CHECK(world.finish(world.ask(guarded)).has_value());
    CHECK(noted.events().all.size() == 2);
    CHECK(guarded.layer<0>().lost() == 2);
}

TEST_CASE("a call that is destroyed is reported as abandoned, a cancelled one as cancelled") {
    Noted noted;
    {
        World world;
        Scripted const service(world, {Step(1h)});
        auto const guarded = TelemetryPolicy{noted} | service;
        auto const call = world.ask(guarded);
        world.run_until(1s);
        call->cancel.emit(asio::cancellation_type::terminal);
        world.run();
        CHECK(noted.events().all.back().fields["error"] == "cancelled");
        (void)world.ask(guarded);
        world.run_until(3s);
    }
    CHECK(
        names(noted.events()) ==
        std::vector<std::string>{"call_started", "call_finished", "call_started", "call_abandoned"}
    );
    CHECK(noted.events().all.back().fields["duration_us"] == "2000000");
}

TEST_CASE("a stream is finished when it ends") {
    World world;
    Noted noted;
    Streaming const service(world, {{{1s, "a"}, {1s, "b"}}});
    auto const guarded = TelemetryPolicy{noted} | CircuitBreakerPolicy{} | service;
    {
        auto const opened = world.stream(guarded);
        world.run();
        CHECK(noted.events().count("call_finished") == 0);
        auto stream = std::move(**opened->result);
        auto const read = [](TextStream s) -> Task<Result<bool>> {
            for (;;) {
                auto delta = co_await s.next();
                if (!delta || !*delta)
                    co_return true;
            }
        };
        (void)world.finish(world.start(read(std::move(stream))));
        CHECK(noted.events().all.back().fields["duration_us"] == "2000000");
    }
    CHECK(noted.events().count("call_finished") == 1);
    {
        auto const dropped = world.stream(guarded);
        world.run();
    }
    CHECK(noted.events().all.back().name == "call_abandoned");
}
