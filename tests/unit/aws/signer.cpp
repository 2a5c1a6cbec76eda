// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/signer.hpp>
#include <hilum/aws/sigv4.hpp>

#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view body = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})";

// 2026-01-02T03:04:05Z
Clock::wall_time const now =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + 3h + 4min + 5s;

aws::Credentials credentials(
    char const* secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", char const* token = ""
) {
    return aws::Credentials("AKIDEXAMPLE", Secret(secret), Secret(token));
}

HttpRequest request(
    std::string path, std::string_view url = "https://bedrock-runtime.us-east-1.amazonaws.com"
) {
    auto origin = std::make_shared<HttpOrigin const>(HttpOrigin::parse(url).value());
    HttpRequest out(HttpMethod::post, std::move(origin), std::move(path));
    out.header("Content-Type", "application/json").header("Accept", "application/json");
    out.body = body;
    return out;
}

std::string signature_of(HttpRequest const& r) {
    auto const line = std::string(r.find("authorization").value_or(""));
    return line.substr(line.find("Signature=") + 10);
}

} // namespace

TEST_CASE("a signer agrees with botocore's vectors", "[signer]") {
    aws::Signer const signer("us-east-1", "bedrock");
    for (int round = 0; round < 3; ++round) { // the second and third with the key that was kept
        auto by_id = request("/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse");
        signer.sign(by_id, credentials(), now);
        CHECK(
            signature_of(by_id) ==
            "1d46b853950ada1236d7f19ff7fa4766dda53e3e07916e6dea4affdb3c67879a"
        );
        CHECK(by_id.find("X-Amz-Date") == "20260102T030405Z");
        CHECK_FALSE(by_id.find("X-Amz-Security-Token"));

        auto by_arn =
            request("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F"
                    "us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse-stream");
        auto const session = credentials("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "TOKENTOKEN");
        signer.sign(by_arn, session, now);
        CHECK(
            signature_of(by_arn) ==
            "ba7bbc3852e50884a180d60f5844cd78aa572c9a7b99656d67878ba107c6e894"
        );
        CHECK(by_arn.find("X-Amz-Security-Token") == "TOKENTOKEN");
    }
}

TEST_CASE(
    "a signer and the pure function agree whatever changes between two requests", "[signer]"
) {
    aws::Signer const signer("eu-west-1", "bedrock");
    auto const expected = [](HttpRequest const& r, aws::Credentials const& c, Clock::wall_time at) {
        auto const host = r.origin->host_header();
        auto const target = std::string_view(r.target);
        auto const question = std::min(target.find('?'), target.size());
        aws::SignedHeader const headers[] = {{"host", host}, {"content-type", "application/json"}};
        aws::SigningInput const input{
            "POST",
            target.substr(0, question),
            target.substr(std::min(question + 1, target.size())),
            headers,
            r.body};
        return aws::sign_headers(input, c, {"eu-west-1", "bedrock"}, at).hex;
    };
    for (auto const& at : {now, now + 24h, now + 1s, now})
        for (auto const* secret : {"one", "two"})
            for (auto const* url :
                 {"http://127.0.0.1:8080", "http://[::1]:80", "https://x.test:443"})
                for (auto const* path : {"/a", "/a//b/../c", "/a%3Ab?x=1&a=%2F", "/"}) {
                    auto r = request(path, url);
                    signer.sign(r, credentials(secret, "session"), at);
                    auto const unsigned_request = request(path, url);
                    CHECK(
                        signature_of(r) ==
                        expected(unsigned_request, credentials(secret, "session"), at)
                    );
                }
}

TEST_CASE("x-amz lines of the request are signed, other ones aren't", "[signer]") {
    aws::Signer const signer("eu-west-1", "bedrock");
    auto r = request("/a");
    r.header("X-Amzn-Bedrock-Trace", "ENABLED").header("User-Agent", "x");
    signer.sign(r, credentials(), now);
    CHECK(
        r.find("Authorization")
            ->find("SignedHeaders=content-type;host;x-amz-date;x-amzn-bedrock-trace, ") !=
        std::string_view::npos
    );
}
