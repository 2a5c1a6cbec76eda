// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/detail/attempt_limit.hpp>
#include <hilum/core/manual_clock.hpp>

#include <chrono>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

TEST_CASE("attempt limit: lowers the deadline while it lives") {
    ManualClock manual;
    CallContext cx{Environment(Clock(manual))};
    {
        detail::AttemptLimit const limit(cx, 30s);
        CHECK(cx.deadline == Clock::time_point(30s));
        CHECK(cx.deadline_scope == Scope::attempt);
        detail::AttemptLimit const wider(cx, 60s);
        CHECK(cx.deadline == Clock::time_point(30s));
    }
    CHECK(cx.deadline == Clock::never);
    CHECK(cx.deadline_scope == Scope::none);
}

TEST_CASE("attempt limit: a sooner deadline of the call stays, with its scope") {
    ManualClock manual;
    CallContext cx(Environment(Clock(manual)), CallOptions{}.timeout(10s));
    detail::AttemptLimit const limit(cx, 30s);
    CHECK(cx.deadline == Clock::time_point(10s));
    CHECK(cx.deadline_scope == Scope::total);
}
