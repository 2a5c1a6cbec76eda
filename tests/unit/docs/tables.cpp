// SPDX-License-Identifier: BSL-1.0
// The tables of the docs say what the code does.

#include <hilum.hpp>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "unit/docs/page.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// The cells of the row that begins with `first`, without white space and back ticks around them.
std::vector<std::string> row(std::string const& text, std::string const& first) {
    auto const at = text.find("\n| " + first + " |");
    if (at == std::string::npos)
        return {};
    std::istringstream line(text.substr(at + 2, text.find('\n', at + 1) - at - 3));
    std::vector<std::string> out;
    for (std::string cell; std::getline(line, cell, '|');) {
        auto const begin = cell.find_first_not_of(" `");
        auto const end = cell.find_last_not_of(" `");
        out.push_back(begin == cell.npos ? "" : cell.substr(begin, end - begin + 1));
    }
    return out;
}

/// What a table says is an option's default.
std::string default_of(std::string const& text, std::string const& name) {
    auto const cells = row(text, "`" + name + "`");
    return cells.size() > 1 ? cells[1] : "there is no row for " + name;
}

std::string said(Clock::duration d) {
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    if (d == Clock::duration::max())
        return "none";
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

template <class Number>
std::string said(Number n) {
    std::ostringstream out;
    out << std::boolalpha << n;
    return out.str();
}

std::string thrown(errc e) {
    try {
        throw_error(Error(e));
    } catch (ThrottledError const&) {
        return "ThrottledError";
    } catch (UnauthorizedError const&) {
        return "UnauthorizedError";
    } catch (ModelServiceError const&) {
        return "ModelServiceError";
    } catch (TimeoutError const&) {
        return "TimeoutError";
    } catch (CancelledError const&) {
        return "CancelledError";
    } catch (CircuitOpenError const&) {
        return "CircuitOpenError";
    } catch (PhiBlockedError const&) {
        return "PhiBlockedError";
    } catch (AuditFailedError const&) {
        return "AuditFailedError";
    } catch (ExternalServiceError const&) {
        return "ExternalServiceError";
    }
}

std::string conditions_of(errc e) {
    constexpr std::pair<condition, char const*> all[] = {
        {condition::transient, "transient"},
        {condition::throttled, "throttled"},
        {condition::timeout, "timeout"},
        {condition::rejected_locally, "rejected_locally"},
        {condition::unauthorized, "unauthorized"},
        {condition::invalid_request, "invalid_request"},
        {condition::content_filtered, "content_filtered"},
        {condition::unavailable, "unavailable"},
        {condition::cancelled, "cancelled"}};
    std::string out;
    for (auto const& [which, name] : all)
        if (Error(e) == which)
            out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

} // namespace

TEST_CASE("docs: the table of error codes") {
    auto const text = page("errors.md");
    int last = 0;
    for (int i = 1; std::string_view(to_string(static_cast<errc>(i))) != "unknown"; ++i) {
        auto const e = static_cast<errc>(i);
        std::vector<std::string> const expected{
            to_string(e),
            std::to_string(i),
            conditions_of(e),
            to_string(default_delivery(e)),
            thrown(e)};
        CHECK(row(text, "`" + std::string(to_string(e)) + "`") == expected);
        last = i;
    }
    CHECK(last == static_cast<int>(errc::invalid_configuration));
}

TEST_CASE("docs: defaults of the policies") {
    auto const text = page("policies.md");
    RetryPolicy const retry;
    CHECK(default_of(text, "max_attempts") == said(retry.max_attempts));
    CHECK(default_of(text, "retry_unknown") == said(retry.retry_unknown));
    CHECK(default_of(text, "backoff.base") == said(retry.backoff.base));
    CHECK(default_of(text, "backoff.throttled_base") == said(retry.backoff.throttled_base));
    CHECK(default_of(text, "backoff.cap") == said(retry.backoff.cap));
    CHECK(default_of(text, "backoff.longest_hint") == said(retry.backoff.longest_hint));
    CHECK(default_of(text, "budget.enabled") == said(retry.budget.enabled));
    CHECK(default_of(text, "budget.ratio") == said(retry.budget.ratio));
    CHECK(default_of(text, "budget.burst") == said(retry.budget.burst));

    CircuitBreakerOptions const breaker;
    CHECK(default_of(text, "failures") == said(breaker.failures));
    CHECK(default_of(text, "open_for") == said(breaker.open_for));
    CHECK(default_of(text, "failure_rate") == said(breaker.failure_rate));
    CHECK(default_of(text, "minimum_calls") == said(breaker.minimum_calls));
    CHECK(default_of(text, "window") == said(breaker.window));
    CHECK(default_of(text, "half_open_permits") == said(breaker.half_open_permits));
    CHECK(default_of(text, "half_open_successes") == said(breaker.half_open_successes));
    CHECK(default_of(text, "probe_lease") == said(breaker.probe_lease));

    TimeoutPolicy const timeout;
    CHECK(default_of(text, "limit") == said(timeout.limit));
    CHECK(default_of(text, "idle") == said(timeout.idle));

    BulkheadPolicy const bulkhead;
    CHECK(default_of(text, "max_concurrent") == said(bulkhead.max_concurrent));
    CHECK(default_of(text, "max_queue") == said(bulkhead.max_queue));

    StandardPolicies const standard;
    auto const quick = page("quickstart.md");
    CHECK(default_of(quick, "total") == said(standard.total));
    CHECK(default_of(quick, "attempt") == said(standard.attempt));
    CHECK(default_of(quick, "idle") == said(standard.idle));
}

TEST_CASE("docs: which errors a breaker counts as failures") {
    auto const text = page("policies.md");
    auto const cells = row(text, "failure");
    REQUIRE(cells.size() > 1);
    for (int i = 1; i <= static_cast<int>(errc::invalid_configuration); ++i) {
        auto const e = static_cast<errc>(i);
        INFO(to_string(e));
        bool const listed = cells[1].find(to_string(e)) != std::string::npos;
        CHECK(listed == (circuit_result(Error(e)) == CircuitResult::failure));
    }
}

TEST_CASE("docs: defaults of the client") {
    auto const text = page("http.md");
    HttpClientOptions const options;
    CHECK(default_of(text, "timeout") == said(options.timeout()));
    CHECK(default_of(text, "connect_timeout") == said(options.connect_timeout()));
    CHECK(default_of(text, "tls_timeout") == said(options.tls_timeout()));
    CHECK(default_of(text, "first_byte_timeout") == said(options.first_byte_timeout()));
    CHECK(default_of(text, "idle_timeout") == said(options.idle_timeout()));
    CHECK(default_of(text, "keep_alive") == said(options.keep_alive()));
    CHECK(default_of(text, "max_connections") == said(options.max_connections()));
    CHECK(default_of(text, "user_agent") == options.user_agent());
    CHECK(default_of(text, "header_bytes") == said(options.limits().header_bytes));
    CHECK(default_of(text, "headers") == said(options.limits().headers));
    CHECK(default_of(text, "body_bytes") == said(options.limits().body_bytes));
    ResolverOptions const resolver;
    CHECK(default_of(text, "positive_ttl") == said(resolver.positive_ttl));
    CHECK(default_of(text, "negative_ttl") == said(resolver.negative_ttl));
    CHECK(default_of(text, "max_entries") == said(resolver.max_entries));
    CHECK(default_of(text, "max_threads") == said(resolver.max_threads));
}

TEST_CASE("docs: defaults of the adapters and of text") {
    OpenAiConfig const openai;
    auto const openai_page = page("openai.md");
    CHECK(default_of(openai_page, "base_url") == openai.base_url());
    CHECK(default_of(openai_page, "timeout") == said(openai.timeout()));
    BedrockConfig const bedrock;
    auto const bedrock_page = page("bedrock.md");
    CHECK(default_of(bedrock_page, "timeout") == said(bedrock.timeout()));
    CHECK(default_of(bedrock_page, "max_retries") == said(bedrock.max_retries()));
    CHECK(default_of(bedrock_page, "fips") == said(bedrock.fips()));
    CHECK(default_of(page("services.md"), "max_tokens") == said(TextOptions().max_tokens()));
}

TEST_CASE("docs: defaults and fields of PHI") {
    auto const text = page("phi.md");
    FhirLimits const limits;
    CHECK(default_of(text, "bytes") == said(limits.bytes));
    CHECK(default_of(text, "entries") == said(limits.entries));
    CHECK(default_of(text, "depth") == said(limits.depth));
    for (auto const& field : PhiFields<Patient>::fields)
        CHECK(text.find("`" + std::string(field.name) + "`") != std::string::npos);
}

TEST_CASE("docs: every event and its fields stand in the table") {
    auto const text = page("telemetry.md");
    auto const check = [&](auto const& event) {
        std::string fields;
        for (auto const& field : event.fields())
            fields.append(fields.empty() ? "" : ", ").append(field.name);
        INFO(event.name);
        CHECK(default_of(text, std::string(event.name)) == fields);
    };
    check(CallStarted{"", "", 1});
    check(CallFinished{"", "", errc::ok, 0, 1, {}});
    check(CallAbandoned{"", "", {}});
    check(RetryScheduled{1, {}, errc::ok});
    check(RetryBudgetExhausted{1, errc::ok});
    check(CircuitStateChanged{
        "", {CircuitState::closed, CircuitState::open, CircuitCause::failures_in_a_row}});
    check(CircuitRefused{""});
    check(BulkheadWaited{{}});
    check(BulkheadRefused{1, 1});
    check(AuditOutcomeLost{1});
    check(PhiTokensRestored{1, 1});
    check(ConnectionOpened{});
    check(ConnectionStale{});
    check(ConnectionAwaited{});
    check(RequestResent{});
}
