// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/endpoint.hpp>
#include <hilum/core/exceptions.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("the endpoint follows from the region's partition", "[endpoint]") {
    auto const url = [](std::string_view region, bool fips = false, bool dual_stack = false) {
        return aws::endpoint_url("bedrock-runtime", region, aws::EndpointOptions{fips, dual_stack});
    };
    CHECK(url("us-east-1") == "https://bedrock-runtime.us-east-1.amazonaws.com");
    CHECK(url("us-east-1", true) == "https://bedrock-runtime-fips.us-east-1.amazonaws.com");
    CHECK(url("us-east-1", true, true) == "https://bedrock-runtime-fips.us-east-1.api.aws");
    CHECK(
        url("cn-north-1", false, true) ==
        "https://bedrock-runtime.cn-north-1.api.amazonwebservices.com.cn"
    );
    CHECK(url("us-gov-west-1") == "https://bedrock-runtime.us-gov-west-1.amazonaws.com");
    CHECK(url("us-iso-east-1") == "https://bedrock-runtime.us-iso-east-1.c2s.ic.gov");
    CHECK(url("us-isob-east-1") == "https://bedrock-runtime.us-isob-east-1.sc2s.sgov.gov");
    CHECK(url("us-isof-east-1") == "https://bedrock-runtime.us-isof-east-1.csp.hci.ic.gov");
    CHECK(url("eu-isoe-west-1") == "https://bedrock-runtime.eu-isoe-west-1.cloud.adc-e.uk");
    CHECK(url("eusc-de-east-1") == "https://bedrock-runtime.eusc-de-east-1.amazonaws.eu");
    CHECK(url("mars-north-1") == "https://bedrock-runtime.mars-north-1.amazonaws.com");
    CHECK_THROWS_AS(url("evil.com/"), ConfigurationError);
}

TEST_CASE("endpoints from the environment", "[endpoint]") {
    using Map = EnvironmentVariables::Map;
    EnvironmentVariables const none(Map{});
    CHECK(aws::endpoint_url_from_environment("BEDROCK_RUNTIME", none) == std::nullopt);
    EnvironmentVariables const both(Map{
        {"AWS_ENDPOINT_URL", "http://a"}, {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://b"}});
    CHECK(aws::endpoint_url_from_environment("BEDROCK_RUNTIME", both) == "http://b");
    CHECK(aws::endpoint_url_from_environment("STS", both) == "http://a");
    EnvironmentVariables const ignored(Map{
        {"AWS_ENDPOINT_URL", "http://a"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE"}});
    CHECK(aws::endpoint_url_from_environment("STS", ignored) == std::nullopt);
    EnvironmentVariables const flags(Map{
        {"AWS_USE_FIPS_ENDPOINT", "true"}, {"AWS_USE_DUALSTACK_ENDPOINT", "false"}});
    CHECK(aws::endpoint_options_from_environment(flags).fips);
    CHECK_FALSE(aws::endpoint_options_from_environment(flags).dual_stack);
}
