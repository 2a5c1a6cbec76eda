// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/error.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

static_assert(sizeof(Error) <= 32);
static_assert(std::is_nothrow_move_constructible_v<Error>);
static_assert(std::is_copy_constructible_v<Error> && std::is_default_constructible_v<Error>);

TEST_CASE("error: nothing by default") {
    Error const none;
    CHECK(none == errc::ok);
    CHECK(!none.code().failed());
    CHECK(none.scope() == Scope::none);
    CHECK(none.status() == 0);
    CHECK(!none.retry_after());
    CHECK(none.text().empty());
    CHECK(none.service().empty());
    CHECK(none.operation().empty());
    CHECK(none.provider_code().empty());
    CHECK(none.provider_request_id().empty());
    CHECK(none.provider_message().reveal("a test").empty());
    CHECK(none.message() == "ok");
}

TEST_CASE("error: says what it knows in one sentence") {
    Error const error = Error(errc::throttled, "the provider asked for a slower pace")
                            .with_service("openai", "generate_text")
                            .with_status(429)
                            .with_provider_code("rate_limit_exceeded")
                            .with_provider_request_id("req_7")
                            .with_retry_after(1500ms);
    CHECK(
        error.message() == "openai generate_text: 429 throttled [rate_limit_exceeded]: the "
                           "provider asked for a slower pace"
    );
    CHECK(error == errc::throttled);
    CHECK(error == condition::throttled);
    CHECK(error != condition::timeout);
    CHECK(error.provider_request_id() == "req_7");
    CHECK(error.retry_after() == 1500ms);
    CHECK(Error(errc::timeout, Scope::total).message() == "timeout (total)");
}

TEST_CASE("error: its message never holds what a provider wrote") {
    std::string const echoed = "invalid prompt: 'Ann Example, born 1961-02-03'";
    Error const error = Error(errc::invalid_request, "refused")
                            .with_service("openai", "generate_text")
                            .with_provider_message(echoed)
                            .with_provider_code("Ann Example said no")
                            .with_provider_request_id("for Ann Example");
    CHECK(error.message().find("Ann") == std::string::npos);
    CHECK(error.provider_code().empty());
    CHECK(error.provider_request_id().empty());
    CHECK(error.provider_message().reveal("a test") == echoed);
    static_assert(std::is_same_v<decltype(error.provider_message()), Phi<std::string> const&>);
}

TEST_CASE("error: a provider's code and id are kept only if they look like identifiers") {
    for (std::string_view const good :
         {"ThrottlingException", "a", "context_length_exceeded", "aws:bedrock/v1.2-x"})
        CHECK(detail::is_identifier(good));
    std::string const longest(128, 'x');
    CHECK(detail::is_identifier(longest));
    CHECK(!detail::is_identifier(longest + "x"));
    for (std::string_view const bad :
         {"", "two words", "quote\"", "line\nbreak", "M\xc3\xbcller", "a=b", "x@y"})
        CHECK(!detail::is_identifier(bad));
    CHECK(!detail::is_identifier(std::string_view("nul\0", 4)));
}

TEST_CASE("error: bounded in what it keeps") {
    std::string const flood(100'000, 'x');
    Error const error = Error(errc::server_error, flood).with_provider_message(flood);
    CHECK(error.text().size() == Error::max_message);
    CHECK(error.provider_message().reveal("a test").size() == Error::max_message);
}

TEST_CASE("error: a pause is bounded and never negative") {
    CHECK(!Error(errc::throttled).with_retry_after(std::nullopt).retry_after());
    CHECK(!Error(errc::throttled).with_retry_after(-1ms).retry_after());
    CHECK(Error(errc::throttled).with_retry_after(0ms).retry_after() == 0ms);
    auto const ages = Error(errc::throttled).with_retry_after(24h * 365).retry_after();
    REQUIRE(ages);
    CHECK(*ages > 24h * 24);
    CHECK(*ages < 24h * 25);
}

TEST_CASE("error: how far an attempt got follows from the code unless it is said") {
    CHECK(default_delivery(errc::connection_failed) == Delivery::not_sent);
    CHECK(default_delivery(errc::throttled) == Delivery::rejected_for_now);
    CHECK(default_delivery(errc::unavailable) == Delivery::rejected_for_now);
    CHECK(default_delivery(errc::credentials_expired) == Delivery::rejected_for_now);
    CHECK(default_delivery(errc::quota_exceeded) == Delivery::rejected);
    CHECK(default_delivery(errc::timeout) == Delivery::unknown);
    CHECK(default_delivery(errc::cancelled) == Delivery::unknown);
    CHECK(default_delivery(errc::server_error) == Delivery::unknown);
    CHECK(default_delivery(errc::connection_lost) == Delivery::unknown);
    CHECK(default_delivery(errc::truncated) == Delivery::answered);
    CHECK(default_delivery(errc::malformed_reply) == Delivery::answered);
    CHECK(default_delivery(errc::circuit_open) == Delivery::rejected);
    CHECK(default_delivery(errc::phi_blocked) == Delivery::rejected);
    Error const sent = Error(errc::connection_failed).with(Delivery::unknown);
    CHECK(sent.delivery() == Delivery::unknown);
}

TEST_CASE("error: copies are independent of each other") {
    Error const first = Error(errc::server_error, "first").with_service("a", "b");
    Error second = first;
    second = std::move(second).with_service("c", "d").with(Scope::attempt);
    CHECK(first.service() == "a");
    CHECK(first.scope() == Scope::none);
    CHECK(second.service() == "c");
    CHECK(second.operation() == "d");
    CHECK(second.text() == "first");
    CHECK(second.scope() == Scope::attempt);
}

TEST_CASE("error: names of scopes and deliveries") {
    CHECK(to_string(Scope::none) == std::string("none"));
    CHECK(to_string(Scope::attempt) == std::string("attempt"));
    CHECK(to_string(Scope::total) == std::string("total"));
    CHECK(to_string(Scope::first_token) == std::string("first_token"));
    CHECK(to_string(Scope::idle) == std::string("idle"));
    CHECK(to_string(Delivery::not_sent) == std::string("not_sent"));
    CHECK(to_string(Delivery::rejected_for_now) == std::string("rejected_for_now"));
    CHECK(to_string(Delivery::rejected) == std::string("rejected"));
    CHECK(to_string(Delivery::unknown) == std::string("unknown"));
    CHECK(to_string(Delivery::answered) == std::string("answered"));
}
