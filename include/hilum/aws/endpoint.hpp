// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/env_vars.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws {

/// Which of a region's addresses.
struct EndpointOptions {
    bool fips = false;       ///< cryptographic modules validated after FIPS 140
    bool dual_stack = false; ///< IPv4 and IPv6
};

/// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`, "true" in any case.
EndpointOptions endpoint_options_from_environment(EnvironmentVariables const& variables = {});

/// `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL`; nothing when neither is set, or when
/// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is "true".
///
/// @code
/// endpoint_url_from_environment("BEDROCK_RUNTIME", variables);
/// @endcode
std::optional<std::string> endpoint_url_from_environment(
    std::string_view service, EnvironmentVariables const& variables = {}
);

/// The base URL of a service in a region: "https://bedrock-runtime.eu-west-1.amazonaws.com". The
/// partition, and with it the domain, follows from the region's name (botocore's partitions.json).
///
/// Throws `ConfigurationError` for a region that can't be one.
std::string endpoint_url(
    std::string_view service, std::string_view region, EndpointOptions const& options = {}
);

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/endpoint.ipp>
#endif
