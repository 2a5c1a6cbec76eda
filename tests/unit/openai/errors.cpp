// SPDX-License-Identifier: BSL-1.0
#include <hilum/openai/errors.hpp>

#include <initializer_list>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using openai::decode_error;

namespace {

auto const now = Clock::wall_time(std::chrono::seconds(784111777)); // 1994-11-06T08:49:37Z

using Headers = std::initializer_list<std::pair<char const*, char const*>>;

HttpResponse reply(unsigned status, std::string body = "", Headers headers = {}) {
    HttpResponse response(status, std::move(body));
    for (auto const& [name, value] : headers)
        response.header(name, value);
    return response;
}

std::string body(std::string const& code, std::string const& type = "some_error") {
    return R"({"error":{"message":"About Ann Example.","type":")" + type +
           R"(","param":null,"code":")" + code + R"("}})";
}

/// What the provider wrote. Not within a CHECK: clang 14 crashes on a `Reason` there.
std::string provider_text(Error const& error) {
    return error.provider_message().reveal("looked at by a test");
}

std::string said(std::string text) {
    return provider_text(decode_error(reply(404, std::move(text)), now));
}

} // namespace

TEST_CASE("openai errors: the matrix") {
    struct Row {
        unsigned status;
        char const* code;
        errc expected;
        Delivery delivery;
    };

    for (Row const& row : {
             Row{400, "", errc::invalid_request, Delivery::rejected},
             Row{400, "context_length_exceeded", errc::invalid_request, Delivery::rejected},
             Row{400, "content_filter", errc::content_filtered, Delivery::rejected},
             Row{400, "content_policy_violation", errc::content_filtered, Delivery::rejected},
             Row{400, "ResponsibleAIPolicyViolation", errc::content_filtered, Delivery::rejected},
             Row{401, "invalid_api_key", errc::unauthorized, Delivery::rejected},
             Row{402, "", errc::quota_exceeded, Delivery::rejected},
             Row{403, "unsupported_country", errc::forbidden, Delivery::rejected},
             Row{404, "model_not_found", errc::not_found, Delivery::rejected},
             Row{405, "", errc::invalid_request, Delivery::rejected},
             Row{408, "", errc::server_error, Delivery::unknown},
             Row{409, "", errc::server_error, Delivery::unknown},
             Row{413, "", errc::invalid_request, Delivery::rejected},
             Row{422, "", errc::invalid_request, Delivery::rejected},
             Row{424, "", errc::server_error, Delivery::unknown},
             Row{429, "rate_limit_exceeded", errc::throttled, Delivery::rejected_for_now},
             Row{429, "", errc::throttled, Delivery::rejected_for_now},
             Row{429, "insufficient_quota", errc::quota_exceeded, Delivery::rejected},
             Row{429, "billing_hard_limit_reached", errc::quota_exceeded, Delivery::rejected},
             Row{500, "", errc::server_error, Delivery::unknown},
             Row{501, "", errc::server_error, Delivery::unknown},
             Row{502, "", errc::server_error, Delivery::unknown},
             Row{503, "", errc::unavailable, Delivery::unknown},
             Row{503, "server_overloaded", errc::unavailable, Delivery::rejected_for_now},
             Row{503, "service_unavailable", errc::unavailable, Delivery::rejected_for_now},
             Row{503, "ServiceUnavailable", errc::unavailable, Delivery::rejected_for_now},
             Row{503, "slow_down", errc::unavailable, Delivery::rejected_for_now},
             Row{504, "", errc::server_error, Delivery::unknown},
             Row{529, "", errc::server_error, Delivery::unknown},
             Row{301, "", errc::invalid_request, Delivery::rejected},
             Row{304, "", errc::invalid_request, Delivery::rejected},
             Row{101, "", errc::malformed_reply, Delivery::answered},
             Row{0, "", errc::malformed_reply, Delivery::answered},
             Row{999, "", errc::malformed_reply, Delivery::answered},
         }) {
        CAPTURE(row.status, row.code);
        auto const error = decode_error(reply(row.status, body(row.code)), now);
        CHECK(error.value() == row.expected);
        CHECK(error.delivery() == row.delivery);
        CHECK(error.status() == row.status);
        CHECK(!error.retry_after());
        CHECK(error.provider_code() == (*row.code ? row.code : "some_error"));
        // The same without a body, where the status alone decides.
        if (*row.code == '\0')
            CHECK(decode_error(reply(row.status), now).value() == row.expected);
        // Whatever the provider said, it may be told to come again or not to.
        auto const again = reply(row.status, body(row.code), {{"X-Should-Retry", "true"}});
        CHECK(decode_error(again, now).delivery() == Delivery::rejected_for_now);
        CHECK(decode_error(again, now).value() == row.expected);
        auto const never = reply(row.status, body(row.code), {{"x-should-retry", "false"}});
        CHECK(decode_error(never, now).delivery() == Delivery::rejected);
        auto const maybe = reply(row.status, body(row.code), {{"x-should-retry", "maybe"}});
        CHECK(decode_error(maybe, now).delivery() == row.delivery);
    }
}

TEST_CASE("openai errors: hints when to come back") {
    auto const pause = [](Headers headers) {
        return decode_error(reply(429, "", headers), now).retry_after();
    };
    CHECK(pause({{"Retry-After-Ms", "250"}}) == 250ms);
    CHECK(pause({{"retry-after", "2"}}) == 2s);
    CHECK(pause({{"retry-after", "0"}}) == 0ms);
    CHECK(pause({{"retry-after", "1.5"}}) == 1500ms);
    CHECK(pause({{"retry-after", "60"}, {"retry-after-ms", "250"}}) == 250ms);
    CHECK(pause({{"retry-after-ms", "soon"}, {"retry-after", "3"}}) == 3s);
    CHECK(pause({{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"}}) == 10s);
    CHECK(pause({{"retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"}}) == 0ms);
    CHECK(!pause({{"retry-after", "-5"}}));
    CHECK(!pause({{"retry-after", "tomorrow"}}));
    CHECK(pause({{"retry-after", "99999999999"}}) > 500h);
    auto const dated = reply(429, "", {{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"}});
    CHECK(!decode_error(dated).retry_after());

    auto const hinted = decode_error(reply(503, "", {{"retry-after", "1"}}), now);
    CHECK(hinted.delivery() == Delivery::rejected_for_now);
    CHECK(
        decode_error(reply(500, "", {{"retry-after", "1"}}), now).delivery() == Delivery::unknown
    );
}

TEST_CASE("openai errors: what the provider wrote stays apart") {
    auto const error =
        decode_error(reply(400, body("invalid_value"), {{"x-request-id", "req_abc"}}), now);
    CHECK(provider_text(error) == "About Ann Example.");
    CHECK(error.message().find("Ann") == std::string::npos);
    CHECK(error.provider_request_id() == "req_abc");
    auto const sentence = reply(
        400, body("Ann Example has no such id", "Ann Example"), {{"x-request-id", "for Ann"}}
    );
    auto const strange = decode_error(sentence, now);
    CHECK(strange.provider_code().empty());
    CHECK(strange.provider_request_id().empty());
    CHECK(strange.message().find("Ann") == std::string::npos);
}

TEST_CASE("openai errors: other servers' shapes") {
    CHECK(said(R"({"error":"model 'x' not found"})") == "model 'x' not found");
    CHECK(
        said(R"({"object":"error","message":"no x","type":"NotFoundError","code":404})") == "no x"
    );
    CHECK(said("404 page not found") == "404 page not found");
    CHECK(said(R"({"error":{"message":17}})") == "");
    auto const azure = decode_error(
        reply(
            400,
            R"({"error":{"message":"m","type":null,"code":"content_filter","status":400,)"
            R"("innererror":{"code":"ResponsibleAIPolicyViolation"}}})"
        ),
        now
    );
    CHECK(azure.value() == errc::content_filtered);
    CHECK(azure.provider_code() == "content_filter");
    auto const inner = decode_error(
        reply(
            400, R"({"error":{"code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}})"
        ),
        now
    );
    CHECK(inner.value() == errc::content_filtered);
}

TEST_CASE("openai errors: a good status with an error inside") {
    auto const error = decode_error(reply(200, R"({"error":{"code":502,"message":"x"}})"), now);
    CHECK(error.value() == errc::server_error);
    CHECK(error.delivery() == Delivery::unknown);
    CHECK(
        decode_error(reply(200, R"({"error":{"code":200}})"), now).value() == errc::malformed_reply
    );
}

TEST_CASE("openai errors: hostile bodies") {
    for (std::string const& text :
         {std::string(1'000'000, '['),
          std::string(1'000'000, 'x'),
          std::string(R"({"error":)") + std::string(5'000, '['),
          R"({"error":{"code":")" + std::string(100'000, 'a') + R"("}})",
          R"({"error":{"code":")" + std::string(1'000, 'a') + R"("}})",
          std::string("\xff\xfe\x00", 3),
          std::string(R"({"error":[]})"),
          std::string(R"({"error":{"code":{},"type":[],"message":{}}})"),
          std::string("null")}) {
        auto const error = decode_error(reply(500, text), now);
        CHECK(error.value() == errc::server_error);
        CHECK(error.provider_code().empty());
        CHECK(provider_text(error).size() <= Error::max_message);
    }
}
