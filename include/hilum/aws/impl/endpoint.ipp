// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/endpoint.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/region.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI::aws {

namespace detail {

struct Partition {
    std::string_view region_prefix, domain, dual_stack_domain;
};

/// botocore's partitions.json: the first whose prefix fits.
inline constexpr Partition partitions[] = {
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"", "amazonaws.com", "api.aws"},
};

inline bool is_true(std::optional<std::string> const& text) {
    constexpr std::string_view yes = "true";
    return text && text->size() == yes.size() &&
           std::equal(yes.begin(), yes.end(), text->begin(), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? b + 32 : b);
           });
}

} // namespace detail

HILUM_DECL EndpointOptions endpoint_options_from_environment(EnvironmentVariables const& variables
) {
    return {
        detail::is_true(variables.find("AWS_USE_FIPS_ENDPOINT")),
        detail::is_true(variables.find("AWS_USE_DUALSTACK_ENDPOINT"))};
}

HILUM_DECL std::optional<std::string> endpoint_url_from_environment(
    std::string_view service, EnvironmentVariables const& variables
) {
    if (detail::is_true(variables.find("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")))
        return std::nullopt;
    return variables.find("AWS_ENDPOINT_URL_" + std::string(service), "AWS_ENDPOINT_URL");
}

HILUM_DECL std::string endpoint_url(
    std::string_view service, std::string_view region, EndpointOptions const& options
) {
    check_region(region);
    auto const& partition = *std::find_if(
        std::begin(detail::partitions),
        std::end(detail::partitions) - 1,
        [&](detail::Partition const& p) { return region.starts_with(p.region_prefix); }
    );
    std::string out = "https://";
    out.append(service).append(options.fips ? "-fips." : ".").append(region).append(1, '.');
    out.append(options.dual_stack ? partition.dual_stack_domain : partition.domain);
    return out;
}

} // namespace hilum::inline HILUM_ABI::aws
