// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/env_vars.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("environment variables: a map answers for itself alone") {
    EnvironmentVariables const variables({{"A", "1"}, {"EMPTY", ""}});
    CHECK(variables.find("A") == "1");
    CHECK(!variables.find("EMPTY"));
    CHECK(!variables.find("PATH"));
    CHECK(variables.find("NONE", "A") == "1");
    CHECK(variables.find("EMPTY", "A") == "1");
    CHECK(!variables.find("NONE", "EMPTY"));
}

TEST_CASE("environment variables: the process's own by default") {
    EnvironmentVariables const variables;
    CHECK(variables.find("PATH"));
    CHECK(!variables.find("HILUM_SURELY_NOT_SET"));
}
