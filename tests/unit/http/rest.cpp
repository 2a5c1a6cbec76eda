// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/task.hpp>
#include <hilum/http/rest.hpp>

#include <boost/json/serialize.hpp>

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

/// Remembers what was asked and answers what it is told.
class Fake {
public:
    struct State {
        std::vector<std::string> seen;
        HttpResponse reply{200, "{\"ok\":true}"};
    };

    Task<Result<HttpResponse>> send(CallContext&, HttpRequest const& request) {
        state->seen.push_back(
            std::string(to_string(request.method)) + " " + request.target + "\n" +
            request.header_lines() + request.body
        );
        co_return state->reply;
    }

    Environment environment() const { return {}; }

    std::shared_ptr<State> state = std::make_shared<State>();
};

static_assert(HttpClient<Fake>);

} // namespace

TEST_CASE("the five methods, JSON in and out") {
    Fake fake;
    RestClient api(fake, "https://host.example/base/");
    api.header("X-Key", "k");
    json::value const body = json::object{{"a", 1}};
    CHECK(json::serialize(run(api.get("/things")).value()) == "{\"ok\":true}");
    run(api.post("things", body)).value();
    run(api.put("/things/1", body)).value();
    run(api.patch("/things/1", body)).value();
    fake.state->reply = HttpResponse(204, "");
    CHECK(run(api.del("/things/1")).value().is_null());
    std::string const with = "X-Key: k\r\nAccept: application/json\r\n";
    std::string const json = with + "Content-Type: application/json\r\n{\"a\":1}";
    CHECK(
        fake.state->seen ==
        std::vector<std::string>{
            "GET /base/things\n" + with,
            "POST /base/things\n" + json,
            "PUT /base/things/1\n" + json,
            "PATCH /base/things/1\n" + json,
            "DELETE /base/things/1\n" + with}
    );
}

TEST_CASE("path and query are encoded, headers can be replaced") {
    Fake fake;
    RestClient const api(fake, "http://localhost");
    RestCall call("/a b/100%/\xc3\xa9?#");
    call.query("q", "x&y=z +").query("e", "").header("Accept", "text/plain");
    run(api.get(call)).value();
    CHECK(
        fake.state->seen[0] ==
        "GET /a%20b/100%25/%C3%A9%3F%23?q=x%26y%3Dz%20%2B&e=\nAccept: text/plain\r\n"
    );
    run(api.get("")).value();
    CHECK(fake.state->seen[1].starts_with("GET /\n"));
}

TEST_CASE("what could leave the base URL or end a line isn't sent") {
    Fake fake;
    RestClient const api(fake, "http://localhost/base");
    for (char const* path : {"/../admin", "/a/./b", "..", "/a/.."})
        CHECK(run(api.get(path)).error() == errc::invalid_request);
    RestCall call("/");
    call.header("X", "a\r\nY: b");
    CHECK(run(api.get(call)).error() == errc::invalid_request);
    CHECK(fake.state->seen.empty());
    CHECK_THROWS_AS(RestClient(fake, "ftp://host"), ConfigurationError);
    RestClient changed(fake, "http://localhost");
    CHECK_THROWS_AS(changed.header("X", "a\nb"), ConfigurationError);
}

TEST_CASE("a status that isn't a success is an error without the server's words") {
    Fake fake;
    RestClient const api(fake, "http://localhost");
    auto const ask = [&](unsigned status, char const* pause) {
        fake.state->reply = HttpResponse(status, "Ann Example, MRN 1234567");
        if (pause)
            fake.state->reply.header("Retry-After", pause);
        auto const reply = run(api.get("/"));
        REQUIRE(!reply);
        auto const error = reply.error();
        CHECK(error.status() == status);
        CHECK(error.message().find("Ann") == std::string::npos);
        CHECK(error.provider_message().reveal("compared by a test") == "Ann Example, MRN 1234567");
        return error;
    };
    CHECK(ask(401, nullptr) == errc::unauthorized);
    CHECK(ask(403, nullptr) == errc::forbidden);
    CHECK(ask(404, nullptr) == errc::not_found);
    CHECK(ask(422, nullptr) == errc::invalid_request);
    CHECK(ask(302, nullptr) == errc::invalid_request);
    CHECK(ask(500, nullptr) == errc::server_error);
    CHECK(ask(500, nullptr).delivery() == Delivery::unknown);
    CHECK(ask(429, "2").retry_after() == std::chrono::seconds(2));
    CHECK(ask(429, nullptr).delivery() == Delivery::rejected_for_now);
    CHECK(ask(503, nullptr).delivery() == Delivery::unknown);
    CHECK(ask(503, "1").delivery() == Delivery::rejected_for_now);
    fake.state->reply = HttpResponse(200, "<html>");
    CHECK(run(api.get("/")).error() == errc::malformed_reply);
}
