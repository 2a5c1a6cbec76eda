// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/sigv4.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "shared_data.hpp"

using namespace hilum;

namespace {

aws::Credentials example_credentials(std::string_view token = {}) {
    return aws::Credentials(
        "AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(token)
    );
}

Clock::wall_time time_of(std::string const& iso) {
    auto const part = [&](std::size_t at, std::size_t n) { return std::stoi(iso.substr(at, n)); };
    std::chrono::year_month_day const day(
        std::chrono::year(part(0, 4)),
        std::chrono::month(static_cast<unsigned>(part(5, 2))),
        std::chrono::day(static_cast<unsigned>(part(8, 2)))
    );
    return std::chrono::sys_days(day) + std::chrono::hours(part(11, 2)) +
           std::chrono::minutes(part(14, 2)) + std::chrono::seconds(part(17, 2));
}

std::string contents(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A request of the suite: its lines end in LF, and a line that begins with a space goes on.
struct Request {
    explicit Request(std::string const& text) {
        auto const split = text.find("\n\n");
        auto head = text.substr(0, split);
        if (split != text.npos)
            body = text.substr(split + 2);
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < head.size();) {
            auto const end = std::min(head.find('\n', at), head.size());
            auto const line = head.substr(at, end - at);
            if (line.starts_with(' ') || line.starts_with('\t'))
                lines.back() += "\n" + line;
            else
                lines.push_back(line);
            at = end + 1;
        }
        auto const& first = lines.at(0);
        method = first.substr(0, first.find(' '));
        auto target = first.substr(method.size() + 1, first.rfind(' ') - method.size() - 1);
        auto const question = std::min(target.find('?'), target.size());
        path = target.substr(0, question);
        query = target.substr(std::min(question + 1, target.size()));
        for (std::size_t i = 1; i < lines.size(); ++i) {
            auto const colon = lines[i].find(':');
            headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
        }
    }

    std::vector<aws::SignedHeader> views() const {
        std::vector<aws::SignedHeader> out;
        for (auto const& [name, value] : headers)
            out.push_back({name, value});
        return out;
    }

    std::string method, path, query, body;
    std::vector<std::pair<std::string, std::string>> headers;
};

std::string value_of(aws::Signature const& signature, std::string_view name) {
    for (auto const& [key, value] : signature.headers)
        if (key == name)
            return value;
    return {};
}

} // namespace

TEST_CASE("the signing suite of aws-c-auth, version 4", "[sigv4]") {
    auto const folder = hilum_test::shared_data("sigv4");
    if (!folder)
        return;
    int cases = 0;
    for (auto const& entry : std::filesystem::directory_iterator(*folder)) {
        auto const& dir = entry.path();
        INFO(dir.filename().string());
        ++cases;
        auto const context = json::parse(contents(dir / "context.json"));
        auto const& keys = context.at("credentials").as_object();
        auto const* token = keys.if_contains("token");
        aws::Credentials const credentials(
            std::string(keys.at("access_key_id").as_string()),
            Secret(keys.at("secret_access_key").as_string().c_str()),
            Secret(token ? token->as_string().c_str() : "")
        );
        auto const flag = [&](char const* name) {
            auto const* value = context.as_object().if_contains(name);
            return value && value->as_bool();
        };
        aws::SigningOptions options;
        options.normalize_path = flag("normalize");
        options.content_sha256_header = flag("sign_body");
        options.omit_session_token = flag("omit_session_token");
        auto const region = std::string(context.at("region").as_string());
        auto const service = std::string(context.at("service").as_string());
        aws::SigningScope const scope{region, service};
        auto const now = time_of(std::string(context.at("timestamp").as_string()));
        Request const request(contents(dir / "request.txt"));
        auto const headers = request.views();
        aws::SigningInput const input{
            request.method, request.path, request.query, headers, request.body};

        auto const by_header = aws::sign_headers(input, credentials, scope, now, options);
        CHECK(by_header.canonical_request == contents(dir / "header-canonical-request.txt"));
        CHECK(by_header.string_to_sign == contents(dir / "header-string-to-sign.txt"));
        CHECK(by_header.hex == contents(dir / "header-signature.txt"));
        Request const signed_by_header(contents(dir / "header-signed-request.txt"));
        auto const lower = [](std::string s) {
            for (char& c : s)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            return s;
        };
        std::multiset<std::string> expected, got;
        for (auto const& [name, value] : signed_by_header.headers)
            expected.insert(lower(name) + ":" + value);
        for (auto const& [name, value] : request.headers)
            got.insert(lower(name) + ":" + value);
        for (auto const& [name, value] : by_header.headers)
            got.insert(lower(name) + ":" + value);
        CHECK(got == expected);

        options.content_sha256_header = false;
        std::chrono::seconds const expires(context.at("expiration_in_seconds").as_int64());
        auto const by_query = aws::sign_query(input, credentials, scope, now, expires, options);
        CHECK(by_query.canonical_request == contents(dir / "query-canonical-request.txt"));
        CHECK(by_query.string_to_sign == contents(dir / "query-string-to-sign.txt"));
        CHECK(by_query.hex == contents(dir / "query-signature.txt"));
        Request const signed_by_query(contents(dir / "query-signed-request.txt"));
        CHECK(by_query.query == signed_by_query.query);
    }
    CHECK(cases == 38);
}

TEST_CASE("the vectors that botocore made for Bedrock", "[sigv4]") {
    auto const now = time_of("2026-01-02T03:04:05Z");
    aws::SignedHeader const headers[] = {
        {"Content-Type", "application/json"},
        {"Host", "bedrock-runtime.us-east-1.amazonaws.com"},
    };
    std::string_view const body = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})";
    aws::SigningScope const scope{"us-east-1", "bedrock"};

    aws::SigningInput const by_id{
        "POST", "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse", "", headers, body};
    auto const first = aws::sign_headers(by_id, example_credentials(), scope, now);
    CHECK(first.hex == "1d46b853950ada1236d7f19ff7fa4766dda53e3e07916e6dea4affdb3c67879a");
    CHECK(first.canonical_request.find("v1%253A0/converse\n") != std::string::npos);
    CHECK(
        value_of(first, "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/bedrock/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, Signature=" +
            first.hex
    );

    aws::SigningInput const by_arn{
        "POST",
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F"
        "us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse-stream",
        "",
        headers,
        body};
    auto const second = aws::sign_headers(by_arn, example_credentials("TOKENTOKEN"), scope, now);
    CHECK(second.hex == "ba7bbc3852e50884a180d60f5844cd78aa572c9a7b99656d67878ba107c6e894");
    CHECK(value_of(second, "X-Amz-Security-Token") == "TOKENTOKEN");
}

TEST_CASE("a path that was encoded is signed as it is when the service wants so", "[sigv4]") {
    aws::SignedHeader const headers[] = {{"Host", "example.amazonaws.com"}};
    aws::SigningInput const input{"GET", "/a%3Ab//../c", "", headers, ""};
    aws::SigningOptions options;
    options.encode_path = false;
    options.normalize_path = false;
    auto const now = time_of("2015-08-30T12:36:00Z");
    auto const signature =
        aws::sign_headers(input, example_credentials(), {"us-east-1", "s3"}, now, options);
    CHECK(signature.canonical_request.starts_with("GET\n/a%3Ab//../c\n\n"));
}
