// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/region.hpp>
#include <hilum/core/exceptions.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("the region comes from AWS_REGION, then AWS_DEFAULT_REGION", "[region]") {
    using Map = EnvironmentVariables::Map;
    CHECK(aws::region_from_environment(EnvironmentVariables(Map{})) == std::nullopt);
    EnvironmentVariables const both(Map{{"AWS_REGION", "a"}, {"AWS_DEFAULT_REGION", "b"}});
    CHECK(aws::region_from_environment(both) == "a");
    EnvironmentVariables const blank(Map{{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "b"}});
    CHECK(aws::region_from_environment(blank) == "b");
}

TEST_CASE("a region is one label of a host", "[region]") {
    CHECK_NOTHROW(aws::check_region("us-gov-west-1"));
    for (std::string const bad :
         {"",
          "US-EAST-1",
          "us-east-1.evil.com",
          "us-east-1/",
          "us east",
          "-us",
          "us-",
          "a\r\nb",
          "x@y"})
        CHECK_THROWS_AS(aws::check_region(bad), ConfigurationError);
    CHECK_THROWS_AS(aws::check_region(std::string(64, 'a')), ConfigurationError);
    try {
        aws::check_region("us-east-1.evil.com");
    } catch (ConfigurationError const& e) {
        CHECK(e.field() == "region");
        CHECK(std::string(e.what()).find("evil") == std::string::npos);
    }
}

TEST_CASE("AWS hosts name their region", "[region]") {
    CHECK(aws::region_of_host("bedrock-runtime.eu-west-1.amazonaws.com") == "eu-west-1");
    CHECK(aws::region_of_host("bedrock-runtime-fips.us-east-1.api.aws") == "us-east-1");
    CHECK(aws::region_of_host("bedrock-runtime.cn-north-1.amazonaws.com.cn") == "cn-north-1");
    CHECK(aws::region_of_host("localhost") == std::nullopt);
    CHECK(aws::region_of_host("127.0.0.1") == std::nullopt);
    CHECK(aws::region_of_host("a.b.example.com") == std::nullopt);
}
