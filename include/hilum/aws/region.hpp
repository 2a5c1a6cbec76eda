// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/env_vars.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws {

/// `AWS_REGION`, else `AWS_DEFAULT_REGION`; nothing when neither is set. What they hold isn't
/// checked.
std::optional<std::string> region_from_environment(EnvironmentVariables const& variables = {});

/// Throws `ConfigurationError` for "region" unless it is one label of a host name, lower case: it
/// becomes part of the host that is sent to.
void check_region(std::string_view region);

/// The region in a host of AWS, "bedrock-runtime.eu-west-1.amazonaws.com"; nothing for other hosts.
std::optional<std::string> region_of_host(std::string_view host);

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/region.ipp>
#endif
