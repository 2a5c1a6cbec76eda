// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/call_options.hpp>
#include <hilum/core/manual_clock.hpp>

#include <chrono>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

static_assert(sizeof(CallOptions) <= 32);

TEST_CASE("call options: empty by default") {
    CallOptions const none;
    CHECK(none.request_id().empty());
    CHECK(none.actor().empty());
    CHECK(none.purpose().empty());
    CHECK(none.subject().empty());
    CHECK(none.tenant().empty());
    CHECK(none.deadline_from(Clock()) == Clock::never);
}

TEST_CASE("call options: setters chain") {
    auto const options = CallOptions{}
                             .request_id("r-1")
                             .actor("dr.lee")
                             .purpose("summary")
                             .subject("case-81")
                             .tenant("north");
    CHECK(options.request_id() == "r-1");
    CHECK(options.actor() == "dr.lee");
    CHECK(options.purpose() == "summary");
    CHECK(options.subject() == "case-81");
    CHECK(options.tenant() == "north");
}

TEST_CASE("call options: copies share, and changing one leaves the other alone") {
    auto const first = CallOptions{}.actor("dr.lee").purpose("summary");
    CallOptions const copy = first;
    CHECK(copy.actor().data() == first.actor().data());
    CallOptions third = first;
    third = std::move(third).actor("dr.kim");
    CHECK(first.actor() == "dr.lee");
    CHECK(copy.actor() == "dr.lee");
    CHECK(third.actor() == "dr.kim");
    CHECK(third.purpose() == "summary");
}

TEST_CASE("call options: the sooner of limit and deadline holds") {
    ManualClock manual;
    Clock const clock(manual);
    auto const start = manual.now();
    CHECK(CallOptions{}.timeout(20s).deadline_from(clock) == start + 20s);
    CHECK(CallOptions{}.deadline(start + 5s).deadline_from(clock) == start + 5s);
    CHECK(CallOptions{}.timeout(20s).deadline(start + 5s).deadline_from(clock) == start + 5s);
    CHECK(CallOptions{}.timeout(2s).deadline(start + 5s).deadline_from(clock) == start + 2s);
    CHECK(CallOptions{}.timeout(Clock::duration::max()).deadline_from(clock) == Clock::never);
    manual.advance(3s);
    CHECK(CallOptions{}.timeout(20s).deadline_from(clock) == start + 23s);
}
