// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/credentials.hpp>

#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;

namespace {

/// The smallest provider.
struct Exemplar {
    Task<Result<aws::Credentials>> get(CallContext&) {
        co_return aws::Credentials("id", Secret("secret"));
    }
};

static_assert(aws::CredentialsProvider<Exemplar>);
static_assert(aws::CredentialsProvider<aws::StaticCredentials>);
static_assert(aws::CredentialsProvider<aws::EnvironmentCredentials>);
static_assert(aws::CredentialsProvider<aws::AnyCredentialsProvider>);
static_assert(!aws::CredentialsProvider<aws::Credentials>);

using Map = EnvironmentVariables::Map;

} // namespace

TEST_CASE("credentials are equal when they sign alike", "[credentials]") {
    aws::Credentials const one("id", Secret("secret"), Secret("token"));
    auto const copy = one;
    CHECK(one == copy);
    CHECK(one == aws::Credentials("id", Secret("secret"), Secret("token")));
    CHECK_FALSE(one == aws::Credentials("id", Secret("secret")));
    CHECK_FALSE(one == aws::Credentials("id", Secret("other"), Secret("token")));
    CHECK(aws::Credentials().empty());
    CHECK(aws::Credentials() == aws::Credentials());
    CHECK(aws::Credentials().access_key_id().empty());
}

TEST_CASE("static credentials are checked where they are made", "[credentials]") {
    CHECK_NOTHROW(aws::StaticCredentials(aws::Credentials("id", Secret("secret"))));
    auto const field = [](aws::Credentials c) -> std::string {
        try {
            aws::StaticCredentials const provider(std::move(c));
        } catch (ConfigurationError const& e) {
            CHECK(std::string(e.what()).find("topsecret") == std::string::npos);
            return e.field();
        }
        return "none";
    };
    CHECK(field(aws::Credentials()) == "credentials.access_key_id");
    CHECK(field(aws::Credentials("a\r\nb", Secret("topsecret"))) == "credentials.access_key_id");
    CHECK(field(aws::Credentials("id", Secret())) == "credentials.secret_access_key");
    CHECK(
        field(aws::Credentials("id", Secret("x"), Secret("topsecret\r\nHost: evil"))) ==
        "credentials.session_token"
    );
}

TEST_CASE("credentials from the environment", "[credentials]") {
    auto const read = [](Map map) {
        return aws::EnvironmentCredentials::read(EnvironmentVariables(std::move(map)));
    };
    CHECK_FALSE(read({}));
    CHECK_FALSE(read({{"AWS_ACCESS_KEY_ID", "id"}}));
    CHECK_FALSE(read({{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "  "}}));
    auto const found = read(
        {{"AWS_ACCESS_KEY_ID", " id\n"},
         {"AWS_SECRET_ACCESS_KEY", "secret"},
         {"AWS_SESSION_TOKEN", " "}}
    );
    REQUIRE(found);
    CHECK(found->access_key_id() == "id");
    CHECK(found->secret_access_key().reveal() == "secret");
    CHECK(found->session_token().empty());
    CHECK_FALSE(found->expires_at());
}

TEST_CASE("a provider that has nothing says so", "[credentials]") {
    CallContext cx;
    aws::EnvironmentCredentials environment{EnvironmentVariables(Map{})};
    auto const none = run(environment.get(cx));
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error() == errc::unauthorized);
    CHECK(none.error().delivery() == Delivery::not_sent);
    aws::AnyCredentialsProvider const empty;
    CHECK(empty.empty());
    CHECK_FALSE(run(empty.get(cx)).has_value());
}

TEST_CASE("any provider gives what its own gives, at once if it can", "[credentials]") {
    CallContext cx;
    aws::AnyCredentialsProvider const slow{Exemplar()};
    CHECK_FALSE(slow.ready(cx));
    CHECK(run(slow.get(cx))->access_key_id() == "id");
    aws::AnyCredentialsProvider const fast{
        aws::StaticCredentials(aws::Credentials("id", Secret("s")))};
    REQUIRE(fast.ready(cx));
    CHECK(run(fast.get(cx))->access_key_id() == "id");
    aws::AnyCredentialsProvider const environment{aws::EnvironmentCredentials(
        EnvironmentVariables(Map{{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "s"}})
    )};
    REQUIRE(environment.ready(cx));
    CHECK(environment.ready(cx) == environment.ready(cx));
}
