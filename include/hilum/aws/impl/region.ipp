// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/region.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/exceptions.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI::aws {

HILUM_DECL std::optional<std::string> region_from_environment(EnvironmentVariables const& variables
) {
    return variables.find("AWS_REGION", "AWS_DEFAULT_REGION");
}

HILUM_DECL void check_region(std::string_view region) {
    auto const allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (region.empty())
        throw ConfigurationError("region", "must be given, as AWS_REGION or in code");
    if (region.size() > 63 || region.front() == '-' || region.back() == '-' ||
        !std::all_of(region.begin(), region.end(), allowed))
        throw ConfigurationError(
            "region", "must be a region's name in lower case, like \"us-east-1\""
        );
}

HILUM_DECL std::optional<std::string> region_of_host(std::string_view host) {
    auto const dot = host.find('.');
    if (dot == host.npos)
        return std::nullopt;
    auto const rest = host.substr(dot + 1);
    auto const end = rest.find('.');
    if (end == rest.npos)
        return std::nullopt;
    auto const domain = rest.substr(end + 1);
    for (std::string_view const known :
         {"amazonaws.com",
          "api.aws",
          "amazonaws.com.cn",
          "api.amazonwebservices.com.cn",
          "amazonaws.eu",
          "api.amazonwebservices.eu",
          "c2s.ic.gov",
          "sc2s.sgov.gov",
          "cloud.adc-e.uk",
          "csp.hci.ic.gov"})
        if (domain == known)
            return std::string(rest.substr(0, end));
    return std::nullopt;
}

} // namespace hilum::inline HILUM_ABI::aws
