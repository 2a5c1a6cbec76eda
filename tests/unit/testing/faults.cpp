// SPDX-License-Identifier: BSL-1.0
#include <hilum/testing/faults.hpp>

#include <chrono>
#include <limits>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

std::string complaint(std::string_view spec) {
    auto const plan = FaultPlan::parse(spec);
    REQUIRE(plan.has_error());
    CHECK(plan.error() == errc::invalid_configuration);
    return std::string(plan.error().text());
}

Fault only(std::string_view spec, std::size_t nth = 1) {
    auto const plan = FaultPlan::parse(spec);
    INFO(spec);
    REQUIRE(plan.has_value());
    return plan->at(nth);
}

} // namespace

TEST_CASE("an empty line is no fault") {
    CHECK(FaultPlan::parse("")->empty());
    CHECK(FaultPlan::parse("  ")->empty());
    CHECK(FaultPlan().at(1).none());
}

TEST_CASE("each kind does what it says") {
    auto const status = only("status:429;retry-after=1;x-should-retry=true");
    CHECK(status.status == 429);
    REQUIRE(status.headers.size() == 2);
    CHECK(status.headers[0] == std::pair<std::string, std::string>("retry-after", "1"));
    CHECK(status.headers[1].first == "x-should-retry");
    CHECK(only("throttle").headers[0].second == "20");
    CHECK(only("throttle:1500").headers[1].second == "2");
    CHECK(only("throttle").status == 429);
    CHECK(only("refuse").status == 503);
    CHECK(only("delay:250").delay == 250ms);
    CHECK(only("stall").stall);
    CHECK(only("reset").reset_at == 0u);
    CHECK(only("reset:17").reset_at == 17u);
    CHECK(only("truncate:9").cut_at == 9u);
    CHECK(only("truncate").cut_at == std::numeric_limits<std::size_t>::max());
    CHECK(only("drip").drip == 1ms);
    CHECK(only("drip:3").drip == 3ms);
    CHECK(only("malformed").malformed);
}

TEST_CASE("a rule applies to the requests that it names") {
    auto const plan = FaultPlan::parse("refuse@3, delay:5@2-4 ,stall@6").value();
    CHECK(plan.at(1).none());
    CHECK(plan.at(2).applied == "delay");
    CHECK(plan.at(3).applied == "status:503,delay");
    CHECK(plan.at(4).applied == "delay");
    CHECK(plan.at(5).none());
    CHECK(plan.at(6).stall);
}

TEST_CASE("the first status wins and delays add up") {
    auto const fault = only("delay:5,status:500,status:429,delay:7");
    CHECK(fault.status == 500);
    CHECK(fault.delay == 12ms);
}

TEST_CASE("a probability comes from the seed and from nothing else") {
    auto const plan = FaultPlan::parse("reset@25%,delay:1@0.5%,drip@100%,stall@0%").value();
    int resets = 0, delays = 0, differs = 0;
    for (std::size_t n = 1; n <= 10'000; ++n) {
        auto const fault = plan.at(n, 7);
        resets += fault.reset_at.has_value();
        delays += fault.delay != Clock::duration::zero();
        differs += fault.reset_at.has_value() != plan.at(n, 8).reset_at.has_value();
        CHECK(fault.drip == 1ms);
        CHECK_FALSE(fault.stall);
    }
    CHECK(resets > 2'300);
    CHECK(resets < 2'700);
    CHECK(delays > 20);
    CHECK(delays < 90);
    CHECK(differs > 3'000);
    CHECK(plan.at(5, 7).applied == plan.at(5, 7).applied);
}

TEST_CASE("what can't be read is named with its position and what would be right") {
    CHECK(complaint("explode").find("position 1: unknown kind") != std::string::npos);
    CHECK(complaint("delay:5,explode").find("position 9: unknown kind") != std::string::npos);
    CHECK(complaint("explode").find("malformed") != std::string::npos);
    CHECK(complaint("explode").find("throttle[:MS]") != std::string::npos);
    CHECK(complaint("delay").find("position 6: delay:MS") != std::string::npos);
    CHECK(complaint("delay:x").find("position 7") != std::string::npos);
    CHECK(complaint("delay:-1").find("position 7") != std::string::npos);
    CHECK(complaint("status:200").find("300 to 599") != std::string::npos);
    CHECK(complaint("status:600").find("300 to 599") != std::string::npos);
    CHECK(complaint("status:429;retry-after").find(";NAME=VALUE") != std::string::npos);
    CHECK(complaint("status:429;a b=1").find("header's name") != std::string::npos);
    CHECK(complaint("reset@").find("a trigger is") != std::string::npos);
    CHECK(complaint("reset@0").find("a trigger is") != std::string::npos);
    CHECK(complaint("reset@4-2").find("a trigger is") != std::string::npos);
    CHECK(complaint("reset@1.5").find("a trigger is") != std::string::npos);
    CHECK(complaint("reset@101%").find("at most 100%") != std::string::npos);
    CHECK(complaint("stall:5").find("expected ','") != std::string::npos);
    CHECK(complaint("stall,").find("unknown kind") != std::string::npos);
    CHECK(complaint("delay:3600001").find("one hour") != std::string::npos);
}
