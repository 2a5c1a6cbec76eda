// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/error.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

HttpResponse reply(unsigned status, std::string body = "{}", std::string_view type = {}) {
    HttpResponse out(status, std::move(body));
    out.header("x-amzn-RequestId", "0d4b1e6c-9a4e-4e06-8a1b-5a5f3d1f7a11");
    if (!type.empty())
        out.header("X-Amzn-ErrorType", type);
    return out;
}

struct Row {
    unsigned status;
    std::string_view code;
    errc expected;
    Delivery delivery;
};

constexpr auto for_now = Delivery::rejected_for_now;
constexpr auto for_good = Delivery::rejected;
constexpr auto unknown = Delivery::unknown;

constexpr Row rows[] = {
    {429, "ThrottlingException", errc::throttled, for_now},
    {400, "ThrottlingException", errc::throttled, for_now},
    {429, "TooManyRequestsException", errc::throttled, for_now},
    {429, "ModelNotReadyException", errc::unavailable, for_now},
    {503, "ServiceUnavailableException", errc::unavailable, for_now},
    {503, "SlowDown", errc::throttled, for_now},
    {400, "ServiceQuotaExceededException", errc::quota_exceeded, for_good},
    {403, "ExpiredTokenException", errc::credentials_expired, for_now},
    {403, "ExpiredToken", errc::credentials_expired, for_now},
    {400, "ExpiredTokenException", errc::credentials_expired, for_now},
    {403, "UnrecognizedClientException", errc::unauthorized, for_good},
    {403, "InvalidSignatureException", errc::unauthorized, for_good},
    {403, "SignatureDoesNotMatch", errc::unauthorized, for_good},
    {403, "IncompleteSignatureException", errc::unauthorized, for_good},
    {403, "MissingAuthenticationTokenException", errc::unauthorized, for_good},
    {403, "RequestTimeTooSkewed", errc::unauthorized, for_good},
    {403, "AccessDeniedException", errc::forbidden, for_good},
    {404, "ResourceNotFoundException", errc::not_found, for_good},
    {400, "ValidationException", errc::invalid_request, for_good},
    {408, "ModelTimeoutException", errc::server_error, unknown},
    {424, "ModelErrorException", errc::server_error, unknown},
    {424, "ModelStreamErrorException", errc::server_error, unknown},
    {500, "InternalServerException", errc::server_error, unknown},
    {400, "ConflictException", errc::invalid_request, for_good},
    {409, "ConflictException", errc::server_error, unknown},
    // Without a code that is known, the status counts.
    {300, "", errc::invalid_request, for_good},
    {307, "", errc::invalid_request, for_good},
    {400, "", errc::invalid_request, for_good},
    {401, "", errc::unauthorized, for_good},
    {403, "NewException", errc::forbidden, for_good},
    {404, "", errc::not_found, for_good},
    {408, "", errc::server_error, unknown},
    {413, "", errc::invalid_request, for_good},
    {424, "", errc::server_error, unknown},
    {429, "", errc::throttled, for_now},
    {500, "", errc::server_error, unknown},
    {502, "", errc::server_error, unknown},
    {503, "", errc::unavailable, unknown},
    {504, "", errc::server_error, unknown},
    {599, "", errc::server_error, unknown},
    {100, "", errc::malformed_reply, Delivery::answered},
};

} // namespace

TEST_CASE("codes and statuses of AWS", "[aws_error]") {
    for (auto const& row : rows) {
        INFO(row.status << " " << row.code);
        auto const by_header = aws::decode_error(reply(row.status, "{}", row.code));
        CHECK(by_header == row.expected);
        CHECK(by_header.delivery() == row.delivery);
        CHECK(by_header.status() == row.status);
        CHECK(by_header.provider_code() == row.code);
        CHECK(by_header.provider_request_id() == "0d4b1e6c-9a4e-4e06-8a1b-5a5f3d1f7a11");
        for (std::string const name : {"code", "Code", "__type"}) {
            auto const code = name == "__type" ? "com.amazon.coral#" + std::string(row.code)
                                               : std::string(row.code) + ":http://x.test/";
            auto const by_body =
                aws::decode_error(reply(row.status, "{\"" + name + "\":\"" + code + "\"}"));
            CHECK(by_body == row.expected);
            CHECK(by_body.delivery() == row.delivery);
        }
    }
}

TEST_CASE("the header's code goes before the body's", "[aws_error]") {
    auto const error = aws::decode_error(reply(
        400,
        R"({"__type":"ThrottlingException","message":"m"})",
        "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"
    ));
    CHECK(error == errc::invalid_request);
    CHECK(error.provider_code() == "ValidationException");
}

TEST_CASE("what the provider wrote stays out of the message", "[aws_error]") {
    for (std::string const name : {"message", "Message"}) {
        auto const error = aws::decode_error(
            reply(400, "{\"" + name + "\":\"prompt of Jane Roe\"}", "ValidationException")
        );
        CHECK(error.message().find("Jane") == std::string::npos);
        CHECK(error.provider_message().reveal("test") == "prompt of Jane Roe");
    }
    auto const plain = aws::decode_error(reply(502, "<html>Jane Roe</html>"));
    CHECK(plain.message().find("Jane") == std::string::npos);
    CHECK(plain.provider_message().reveal("test") == "<html>Jane Roe</html>");
    // A code that is a sentence is no code.
    auto const code = aws::decode_error(reply(400, R"({"code":"Jane Roe has a rash"})"));
    CHECK(code.provider_code().empty());
}

TEST_CASE("pauses", "[aws_error]") {
    auto const pause = [](std::string_view name, std::string_view value) {
        auto response = reply(503);
        response.header(name, value);
        return aws::decode_error(response);
    };
    CHECK(pause("x-amz-retry-after", "250").retry_after() == 250ms);
    CHECK(pause("Retry-After", "2").retry_after() == 2s);
    CHECK(pause("Retry-After", "2").delivery() == for_now);
    CHECK_FALSE(pause("Retry-After", "soon").retry_after());
    CHECK(pause("Retry-After", "soon").delivery() == unknown);
    auto both = reply(429, "{}", "ThrottlingException");
    both.header("Retry-After", "9").header("x-amz-retry-after", "100");
    CHECK(aws::decode_error(both).retry_after() == 100ms);
    auto dated = reply(503);
    dated.header("Retry-After", "Thu, 01 Jan 1970 00:00:05 GMT");
    CHECK(aws::decode_error(dated, Clock::wall_time() + 2s).retry_after() == 3s);
}

TEST_CASE("hostile error bodies are only text", "[aws_error]") {
    for (auto const& body :
         {std::string(),
          std::string("null"),
          std::string("[1,2"),
          std::string(100000, '['),
          std::string(1000000, 'x'),
          std::string(R"({"code":{"code":1},"message":[1]})"),
          std::string("\xff\xfe\0", 3)}) {
        auto const error = aws::decode_error(reply(500, body));
        CHECK(error == errc::server_error);
        CHECK(error.message().size() < 200);
        CHECK(error.provider_message().reveal("test").size() <= Error::max_message);
    }
}
