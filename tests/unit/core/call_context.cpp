// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/call_context.hpp>
#include <hilum/core/manual_clock.hpp>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

struct AttemptStarted {
    static constexpr std::string_view name = "attempt_started";
    int attempt;
    int* built = nullptr;

    auto fields() const {
        if (built)
            ++*built;
        return std::array{EventField("attempt", attempt), EventField("retried", attempt > 1)};
    }
};

static_assert(Event<AttemptStarted>);
static_assert(!Event<int>);

class Recorder final : public Observer {
public:
    void on(EventView const& event, CallContext const& cx) noexcept override {
        names.emplace_back(event.name());
        ids.emplace_back(cx.request_id());
        fields = event.fields().size();
    }

    std::vector<std::string> names, ids;
    std::size_t fields = 0;
};

struct Sink {
    void on(EventView const&, CallContext const&) {}
};

static_assert(EventSink<Sink>);
static_assert(!EventSink<int>);

} // namespace

TEST_CASE("call context: a random request id, drawn once and only when asked for") {
    SeededRandom seeded(1), twin(1);
    CallContext const cx{Environment(Clock(), Random(seeded))};
    CHECK(cx.request_id() == Random(twin).uuid());
    CHECK(cx.request_id() == std::string(cx.request_id()));
    CHECK(seeded.next() == twin.next()); // nothing else was drawn
    CHECK(CallContext().request_id() != CallContext().request_id());
}

TEST_CASE("call context: the caller's request id comes first") {
    SeededRandom seeded(1), twin(1);
    CallContext const cx(Environment(Clock(), Random(seeded)), CallOptions{}.request_id("r-1"));
    CHECK(cx.request_id() == "r-1");
    CHECK(seeded.next() == twin.next());
}

TEST_CASE("call context: the options' deadline is the whole call's") {
    ManualClock manual;
    Environment const environment{Clock(manual)};
    CallContext const none(environment);
    CHECK(none.deadline == Clock::never);
    CHECK(none.deadline_scope == Scope::none);
    CHECK(none.attempt == 1);
    CHECK(!none.disclosure);
    CallContext const cx(environment, CallOptions{}.timeout(20s).actor("dr.lee"));
    CHECK(cx.deadline == manual.now() + 20s);
    CHECK(cx.deadline_scope == Scope::total);
    CHECK(cx.options.actor() == "dr.lee");
    CHECK(cx.clock().now() == manual.now());
}

TEST_CASE("call context: an event reaches the observer") {
    Recorder recorder;
    CallContext cx;
    cx.observer = &recorder;
    int built = 0;
    cx.emit(AttemptStarted{2, &built});
    CHECK(built == 1);
    CHECK(recorder.names == std::vector<std::string>{"attempt_started"});
    CHECK(recorder.ids.at(0) == cx.request_id());
    CHECK(recorder.fields == 2);
}

TEST_CASE("call context: without an observer not even the fields are made") {
    CallContext const cx;
    int built = 0;
    cx.emit(AttemptStarted{1, &built});
    CHECK(built == 0);
}

TEST_CASE("event: fields hold numbers, truth and names, and durations in microseconds") {
    CHECK(std::get<std::int64_t>(EventField("n", 7U).value) == 7);
    CHECK(std::get<std::int64_t>(EventField("took_us", 3ms).value) == 3000);
    CHECK(std::get<bool>(EventField("b", true).value));
    CHECK(std::get<double>(EventField("d", 0.5).value) == 0.5);
    CHECK(std::get<std::string_view>(EventField("t", "literal").value) == "literal");
    CHECK(std::get<std::string_view>(EventField("t", std::string_view("view")).value) == "view");
    CHECK(EventField("n", 7).name == "n");
}
