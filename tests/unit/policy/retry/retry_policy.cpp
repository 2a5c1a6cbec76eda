// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/manual_clock.hpp>
#include <hilum/policy/retry/retry_policy.hpp>

#include "catch.hpp"
#include "unit/policy/support.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// What a fresh visit wants after one failed attempt.
Verdict after(Error const& error, RetryPolicy policy = {}, bool handed_on = false) {
    hilum_test::World world;
    auto cx = world.context();
    RetryPolicy::Layer layer(policy);
    auto visit = layer.enter(cx);
    return visit->leave(cx, Outcome(&error, handed_on));
}

} // namespace

TEST_CASE("retried is what was not sent or was rejected for now; unknown only on request") {
    CHECK(after(Error(errc::connection_failed)));
    CHECK(after(Error(errc::throttled)));
    CHECK(after(Error(errc::unavailable)));
    CHECK(after(Error(errc::timeout, Scope::attempt).with(Delivery::not_sent)));

    for (auto const e : {errc::server_error, errc::connection_lost, errc::timeout}) {
        INFO(to_string(e));
        CHECK_FALSE(after(Error(e)));
        CHECK(after(Error(e), {.retry_unknown = true}));
    }
}

TEST_CASE("never retried, whatever is asked for") {
    RetryPolicy const eager{.retry_unknown = true};
    for (auto const e :
         {errc::cancelled,
          errc::quota_exceeded,
          errc::unauthorized,
          errc::forbidden,
          errc::not_found,
          errc::invalid_request,
          errc::content_filtered,
          errc::malformed_reply,
          errc::truncated,
          errc::limit_exceeded,
          errc::unsupported}) {
        INFO(to_string(e));
        CHECK_FALSE(after(Error(e), eager));
    }
    SECTION("what hilum refused itself, even if it says that it may be asked again") {
        for (auto const e :
             {errc::circuit_open,
              errc::rate_limited,
              errc::bulkhead_full,
              errc::phi_blocked,
              errc::audit_failed,
              errc::unsupported}) {
            INFO(to_string(e));
            CHECK_FALSE(after(Error(e).with(Delivery::not_sent), eager));
            CHECK_FALSE(after(Error(e).with(Delivery::rejected_for_now), eager));
        }
    }
    SECTION("the call's total limit") {
        CHECK_FALSE(after(Error(errc::timeout, Scope::total), eager));
        CHECK_FALSE(after(Error(errc::timeout, Scope::total).with(Delivery::not_sent), eager));
        CHECK(after(Error(errc::timeout, Scope::idle), eager));
    }
    SECTION("a stream that has handed something on") {
        CHECK_FALSE(after(Error(errc::connection_failed), eager, true));
    }
    SECTION("429 with a code that says that waiting won't help") {
        CHECK_FALSE(after(Error(errc::throttled).with(Delivery::rejected), eager));
    }
}

TEST_CASE("so many attempts and no more, with the pauses between") {
    hilum_test::World world;
    auto cx = world.context();
    RetryPolicy::Layer layer(RetryPolicy{.max_attempts = 3, .backoff = {.base = 100ms}});
    auto visit = layer.enter(cx);
    Error const error(errc::connection_failed);
    Outcome const failed(&error, false);
    auto const first = visit->leave(cx, failed);
    REQUIRE(first);
    CHECK(first->delay <= 100ms);
    CHECK(first->counts);
    auto const second = visit->leave(cx, failed);
    REQUIRE(second);
    CHECK(second->delay <= 200ms);
    CHECK_FALSE(visit->leave(cx, failed));
    REQUIRE(world.events.count("retry_scheduled") == 2);
    auto& fields = world.events.all.front().fields;
    CHECK(fields["attempt"] == "1");
    CHECK(fields["error"] == "connection_failed");
    CHECK(std::stoll(fields["delay_us"]) == first->delay / 1us);
}

TEST_CASE("expired credentials are refreshed once, at once and without being counted") {
    hilum_test::World world;
    auto cx = world.context();
    RetryPolicy::Layer layer(RetryPolicy{.max_attempts = 1});
    auto visit = layer.enter(cx);
    Error const expired(errc::credentials_expired);
    auto const again = visit->leave(cx, Outcome(&expired, false));
    REQUIRE(again);
    CHECK(again->delay == 0s);
    CHECK_FALSE(again->counts);
    CHECK(cx.refresh_credentials);
    CHECK(layer.budget().available() == 35);
    CHECK_FALSE(visit->leave(cx, Outcome(&expired, false)));
    CHECK_FALSE(cx.refresh_credentials);
}

TEST_CASE("a pause that would reach the deadline isn't begun") {
    hilum_test::World world;
    RetryPolicy::Layer layer(RetryPolicy{});
    Error const error = Error(errc::throttled).with_retry_after(5s);
    auto const wants = [&](Clock::duration deadline) {
        auto cx = world.context(CallOptions{}.timeout(deadline));
        auto visit = layer.enter(cx);
        return visit->leave(cx, Outcome(&error, false)).has_value();
    };
    CHECK_FALSE(wants(4s));
    CHECK_FALSE(wants(5s));
    CHECK(wants(5s + 1ns));
}

TEST_CASE("an empty budget lets the error pass, and says so") {
    hilum_test::World world;
    auto cx = world.context();
    RetryBudget shared({.ratio = 0, .burst = 1});
    RetryPolicy::Layer layer(RetryPolicy{.shared_budget = &shared});
    Error const error(errc::unavailable);
    auto visit = layer.enter(cx);
    CHECK(visit->leave(cx, Outcome(&error, false)));
    CHECK_FALSE(visit->leave(cx, Outcome(&error, false)));
    CHECK(world.events.count("retry_budget_exhausted") == 1);
    CHECK(shared.available() == 0);
}

TEST_CASE("presets follow the official clients") {
    auto const openai = RetryPolicy::like_openai_sdk();
    CHECK(openai.max_attempts == 3);
    CHECK(openai.retry_unknown);
    CHECK(Backoff(openai.backoff).ceiling(1) == 500ms);
    CHECK(Backoff(openai.backoff).ceiling(9) == 8s);
    auto const aws = RetryPolicy::like_aws_sdk();
    CHECK(aws.max_attempts == 3);
    CHECK(Backoff(aws.backoff).ceiling(1) == 50ms);
    CHECK(Backoff(aws.backoff).ceiling(1, true) == 1s);
    CHECK(Backoff(aws.backoff).ceiling(30) == 20s);
}

TEST_CASE("a retry policy describes itself and refuses what can't work") {
    CHECK(RetryPolicy{}.describe() == "max_attempts=3, base=100 ms, cap=20 s");
    CHECK(
        RetryPolicy{.retry_unknown = true, .budget = {.enabled = false}}.describe() ==
        "max_attempts=3, base=100 ms, cap=20 s, retry_unknown, no budget"
    );
    CHECK_THROWS_AS(RetryPolicy::Layer(RetryPolicy{.max_attempts = 0}), ConfigurationError);
    CHECK_THROWS_AS(RetryPolicy::Layer(RetryPolicy{.max_attempts = 101}), ConfigurationError);
    CHECK_THROWS_AS(RetryPolicy::Layer(RetryPolicy{.budget = {.burst = -1}}), ConfigurationError);
}
