// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/request_writer.hpp>

#include <memory>
#include <string>

#include "catch.hpp"

using namespace hilum;

namespace {

std::shared_ptr<HttpOrigin const> origin(char const* url) {
    return std::make_shared<HttpOrigin const>(HttpOrigin::parse(url).value());
}

} // namespace

TEST_CASE("what goes out, to the byte") {
    HttpRequest request(HttpMethod::post, origin("https://api.example.com/v1"), "/v1/chat?x=1");
    request.header("Content-Type", "application/json");
    request.body = "{}";
    std::string out = "left over";
    CHECK(write_request(out, request, "hilum/0").empty());
    CHECK(
        out == "POST /v1/chat?x=1 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: hilum/0\r\n"
               "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    );
    request.header("user-agent", "mine");
    write_request(out, request, "hilum/0");
    CHECK(out.find("hilum/0") == std::string::npos);
    CHECK(out.find("user-agent: mine\r\n") != std::string::npos);
}

TEST_CASE("host and length") {
    auto const written = [](HttpMethod method, char const* url) {
        std::string out;
        CHECK(write_request(out, HttpRequest(method, origin(url), "/")).empty());
        return out;
    };
    CHECK(
        written(HttpMethod::get, "http://localhost:8080") ==
        "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
    );
    CHECK(
        written(HttpMethod::del, "https://[::1]:443") == "DELETE / HTTP/1.1\r\nHost: [::1]\r\n\r\n"
    );
    CHECK(
        written(HttpMethod::put, "http://[::1]:8443") ==
        "PUT / HTTP/1.1\r\nHost: [::1]:8443\r\nContent-Length: 0\r\n\r\n"
    );
    CHECK(written(HttpMethod::post, "https://a").ends_with("Content-Length: 0\r\n\r\n"));
    CHECK(written(HttpMethod::patch, "https://a").ends_with("Content-Length: 0\r\n\r\n"));
    CHECK(!written(HttpMethod::head, "https://a").ends_with("Content-Length: 0\r\n\r\n"));
}

TEST_CASE("what frames a message isn't the caller's") {
    std::string out;
    for (char const* name :
         {"Host",
          "content-length",
          "Transfer-Encoding",
          "CONNECTION",
          "Keep-Alive",
          "Upgrade",
          "TE",
          "Trailer",
          "Expect",
          "Proxy-Connection"}) {
        HttpRequest request(HttpMethod::get, origin("https://a"), "/");
        request.header("Accept", "*/*").header(name, "1");
        CHECK_FALSE(write_request(out, request).empty());
    }
    HttpRequest fine(HttpMethod::get, origin("https://a"), "/");
    fine.header("Hostname", "x").header("TEA", "x").header("X-Host", "x").header("C", "");
    CHECK(write_request(out, fine).empty());
}

TEST_CASE("nothing can be smuggled into a head") {
    std::string out;
    auto const refused = [&](HttpRequest const& request) {
        return !write_request(out, request).empty();
    };
    for (char const* target : {"", "no-slash", "/a b", "/a\r\nX: y", "/a\n", "/\x7f", "/\xc3\xa9"})
        CHECK(refused(HttpRequest(HttpMethod::get, origin("https://a"), target)));
    for (std::string const& value :
         {std::string("a\r\nX: y"), std::string("a\n"), std::string(1, '\0')}) {
        HttpRequest request(HttpMethod::get, origin("https://a"), "/");
        request.header("X", value);
        CHECK(refused(request));
        HttpRequest named(HttpMethod::get, origin("https://a"), "/");
        named.header("X" + value, "1");
        CHECK(refused(named));
    }
    CHECK(refused(HttpRequest(HttpMethod::get, nullptr, "/")));
}
