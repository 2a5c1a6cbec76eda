// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/openai/config.hpp>

#include <limits>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

OpenAiConfig good() { return OpenAiConfig(Secret("sk-test"), "gpt-4.1-mini"); }

/// The field that `validate` complains of, "" when it doesn't; its sentence goes to `what`.
std::string complaint(OpenAiConfig const& config, std::string* what = nullptr) {
    try {
        config.validate();
        return "";
    } catch (ConfigurationError const& e) {
        if (what)
            *what = e.what();
        return e.field();
    }
}

} // namespace

TEST_CASE("openai config: what it is unless told otherwise") {
    auto const config = good();
    CHECK(complaint(config) == "");
    CHECK(config.base_url() == "https://api.openai.com/v1");
    CHECK(config.timeout() == 30s);
    CHECK(!config.temperature());
    CHECK(!config.json_mode());
    CHECK(config.token_parameter() == openai::TokenParameter::automatic);
    CHECK(config.capabilities() == std::vector<std::string>({"text-generation", "prediction"}));
}

TEST_CASE("openai config: from the environment, as the official clients read it") {
    EnvironmentVariables const variables({
        {"OPENAI_API_KEY", "sk-env"},
        {"OPENAI_BASE_URL", "http://127.0.0.1:8080/v1"},
        {"OPENAI_ORG_ID", "org-1"},
        {"OPENAI_PROJECT_ID", "proj_2"},
    });
    auto const config = OpenAiConfig::from_environment(variables).model("m");
    CHECK(complaint(config) == "");
    CHECK((config.api_key() == Secret("sk-env")));
    CHECK(config.base_url() == "http://127.0.0.1:8080/v1");
    CHECK(config.organization() == "org-1");
    CHECK(config.project() == "proj_2");

    auto const empty =
        OpenAiConfig::from_environment(EnvironmentVariables(EnvironmentVariables::Map()));
    CHECK(empty.base_url() == "https://api.openai.com/v1");
    CHECK(complaint(empty) == "api_key");
}

TEST_CASE("openai config: each wrong field is named, and its value isn't") {
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(complaint(good().api_key(Secret())) == "api_key");
    CHECK(
        complaint(good().api_key(Secret()).base_url("https://x.openai.azure.com/openai/v1")) ==
        "api_key"
    );
    CHECK(complaint(good().api_key(Secret()).base_url("http://localhost:11434/v1")) == "");
    CHECK(complaint(good().model("")) == "model");
    CHECK(complaint(good().model("a b")) == "model");
    CHECK(complaint(good().temperature(-0.1)) == "temperature");
    CHECK(complaint(good().temperature(2.1)) == "temperature");
    CHECK(complaint(good().temperature(nan)) == "temperature");
    CHECK(complaint(good().temperature(0)) == "");
    CHECK(complaint(good().timeout(0s)) == "timeout");
    CHECK(complaint(good().organization("org\r\nX: y")) == "organization");
    CHECK(complaint(good().project("p\n")) == "project");

    std::string what;
    CHECK(complaint(good().api_key(Secret("sk-very-secret\n")), &what) == "api_key");
    CHECK(what.find("sk-very-secret") == std::string::npos);
    for (auto const* url :
         {"api.openai.com",
          "ftp://secret-host/v1",
          "https://user:pw@secret-host/v1",
          "https://secret-host/v1?key=1",
          "https://secret-host:99999/v1",
          ""}) {
        CHECK(complaint(good().base_url(url), &what) == "base_url");
        CHECK(what.find("secret") == std::string::npos);
        CHECK(what.find("pw") == std::string::npos);
    }
}

TEST_CASE("openai config: hosts that speak the newest dialect") {
    using openai::host_kind;
    using openai::HostKind;
    CHECK(host_kind("api.openai.com") == HostKind::openai);
    CHECK(host_kind("eu.api.openai.com") == HostKind::openai);
    CHECK(host_kind("mtls.api.openai.com") == HostKind::openai);
    CHECK(host_kind("clinic.openai.azure.com") == HostKind::azure);
    CHECK(host_kind("clinic.cognitiveservices.azure.com") == HostKind::azure);
    CHECK(host_kind("clinic.services.ai.azure.com") == HostKind::azure);
    for (auto const* host :
         {"evilapi.openai.com", "api.openai.com.evil.example", "openai.com", "localhost", ""})
        CHECK(host_kind(host) == HostKind::other);
}
