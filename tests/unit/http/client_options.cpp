// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/client_options.hpp>

#include <chrono>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

template <class F>
std::string refused_field(F set) {
    try {
        HttpClientOptions options;
        set(options);
    } catch (ConfigurationError const& e) {
        return e.field();
    }
    return "";
}

} // namespace

TEST_CASE("what can't work is refused by the name of its field") {
    using O = HttpClientOptions&;
    CHECK(refused_field([](O o) { o.timeout(0s); }) == "timeout");
    CHECK(refused_field([](O o) { o.connect_timeout(-1s); }) == "connect_timeout");
    CHECK(refused_field([](O o) { o.tls_timeout(0s); }) == "tls_timeout");
    CHECK(refused_field([](O o) { o.first_byte_timeout(0s); }) == "first_byte_timeout");
    CHECK(refused_field([](O o) { o.idle_timeout(0s); }) == "idle_timeout");
    CHECK(refused_field([](O o) { o.keep_alive(0s); }) == "keep_alive");
    CHECK(refused_field([](O o) { o.max_connections(0); }) == "max_connections");
    CHECK(refused_field([](O o) { o.limits(HttpLimits(10, 1, 1)); }) == "limits.header_bytes");
    CHECK(refused_field([](O o) { o.allow_plain_http("http://a"); }) == "allow_plain_http");
    CHECK(refused_field([](O o) { o.allow_plain_http("*"); }) == "allow_plain_http");
    CHECK(refused_field([](O o) { o.user_agent("a\r\nb"); }) == "user_agent");
    CHECK(refused_field([](O o) { o.timeout(1s).max_connections(1).user_agent(""); }).empty());
}

TEST_CASE("plain HTTP goes to loopback, and where it is allowed by name") {
    auto const options = HttpClientOptions().allow_plain_http("Models.Internal");
    auto const allows = [&](char const* url) {
        return options.allows(HttpOrigin::parse(url).value());
    };
    CHECK(allows("https://anything.example"));
    CHECK(allows("http://localhost:1"));
    CHECK(allows("http://127.9.9.9"));
    CHECK(allows("http://[::1]:8080"));
    CHECK(allows("http://models.internal"));
    CHECK_FALSE(allows("http://x.models.internal"));
    CHECK_FALSE(allows("http://127.0.0.1.example"));
    CHECK_FALSE(allows("http://10.0.0.1"));
}
