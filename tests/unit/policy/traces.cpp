// SPDX-License-Identifier: BSL-1.0
// Runs tests/traces/*.json (see the README there) against the cores.
#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>
#include <hilum/policy/retry/retry_policy.hpp>

#include <boost/json/parse.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

json::object load(std::filesystem::path const& path) {
    std::ifstream in(path);
    std::string const text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return json::parse(text).as_object();
}

std::string text_of(json::value const& value) { return std::string(value.as_string()); }

std::int64_t number(json::object const& o, char const* key, std::int64_t otherwise) {
    auto const* value = o.if_contains(key);
    return value ? value->as_int64() : otherwise;
}

CircuitResult result_of(std::string const& name) {
    if (name == "success")
        return CircuitResult::success;
    return name == "failure" ? CircuitResult::failure : CircuitResult::neutral;
}

void run_breaker(json::object const& options, json::array const& steps) {
    using std::chrono::milliseconds;
    CircuitBreakerOptions o;
    o.failures = static_cast<int>(number(options, "failures", 5));
    o.open_for = milliseconds(number(options, "open_for_ms", 30000));
    o.probe_lease = milliseconds(number(options, "probe_lease_ms", 60000));
    CircuitBreaker breaker(o);
    std::map<std::string, CircuitBreaker::Permit> permits;
    for (auto const& value : steps) {
        INFO(value);
        auto const& step = value.as_object();
        auto const now = Clock::time_point(milliseconds(step.at("at_ms").as_int64()));
        if (auto const* name = step.if_contains("acquire")) {
            auto permit = breaker.try_acquire(now);
            CHECK((permit.has_value() ? "admitted" : "refused") == text_of(step.at("expect")));
            if (auto const* pause = step.if_contains("retry_after_ms"))
                CHECK(permit.error().retry_after() == milliseconds(pause->as_int64()));
            if (permit)
                permits.emplace(text_of(*name), std::move(*permit));
        } else if (auto const* recorded = step.if_contains("record")) {
            auto permit = permits.extract(text_of(*recorded));
            REQUIRE_FALSE(permit.empty());
            (void)permit.mapped().record(result_of(text_of(step.at("result"))), now);
        } else if (auto const* dropped = step.if_contains("drop")) {
            CHECK(permits.erase(text_of(*dropped)) == 1);
        } else if (step.contains("reset")) {
            (void)breaker.reset();
        } // a jump of the wall clock has nothing to act on: the core can't ask for it
        if (auto const* state = step.if_contains("state"))
            CHECK(to_string(breaker.state()) == text_of(*state));
        if (auto const* late = step.if_contains("late_results"))
            CHECK(breaker.late_results() == static_cast<std::uint64_t>(late->as_int64()));
    }
}

errc errc_of(std::string const& name) {
    for (std::uint16_t i = 0; i < 100; ++i)
        if (to_string(static_cast<errc>(i)) == name)
            return static_cast<errc>(i);
    FAIL("no errc " << name);
    return errc::ok;
}

void run_retry(json::object const& options, json::array const& steps) {
    RetryPolicy policy;
    policy.max_attempts = static_cast<int>(number(options, "max_attempts", 3));
    policy.retry_unknown = options.contains("retry_unknown");
    policy.budget.burst = static_cast<int>(number(options, "burst", 35));
    if (auto const* ratio = options.if_contains("ratio"))
        policy.budget.ratio = ratio->as_double();
    RetryPolicy::Layer layer(policy);
    SeededRandom seeded(1);
    CallContext cx(Environment(Clock{}, Random(seeded)));
    for (auto const& value : steps) {
        INFO(value);
        auto const& step = value.as_object();
        auto const& outcomes = step.at("outcomes").as_array();
        int attempts = 0;
        errc ended = errc::ok;
        for (std::int64_t call = 0; call < number(step, "calls", 1); ++call) {
            auto visit = layer.enter(cx);
            for (std::size_t i = 0;; ++i) {
                ++attempts;
                ended = errc_of(text_of(outcomes[std::min(i, outcomes.size() - 1)]));
                Error const error(ended);
                Outcome const outcome(ended == errc::ok ? nullptr : &error, false);
                if (!visit->leave(cx, outcome))
                    break;
            }
        }
        CHECK(attempts == step.at("attempts").as_int64());
        CHECK(to_string(ended) == text_of(step.at("ends")));
        CHECK(layer.budget().available() == Approx(step.at("tokens").to_number<double>()));
    }
}

} // namespace

TEST_CASE("the ten classes of bugs that others had") {
    STATIC_REQUIRE(Clock::time_point::clock::is_steady);
    std::set<std::int64_t> seen;
    for (auto const& entry :
         std::filesystem::directory_iterator(HILUM_SOURCE_DIR "/tests/traces")) {
        if (entry.path().extension() != ".json")
            continue;
        auto const trace = load(entry.path());
        INFO(entry.path().filename().string() << ": " << text_of(trace.at("title")));
        auto const core = text_of(trace.at("core"));
        REQUIRE((core == "circuit_breaker" || core == "retry"));
        (core == "retry" ? run_retry : run_breaker
        )(trace.at("options").as_object(), trace.at("steps").as_array());
        seen.insert(trace.at("bug").as_int64());
    }
    CHECK(seen == std::set<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 10, 11});
}
