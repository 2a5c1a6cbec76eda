// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Where a service sends what it is given: for audit records, breaker names and checks of
/// agreements.
///
/// @code
/// service.destination().host;       // "bedrock-runtime.us-east-1.amazonaws.com"
/// @endcode
class Destination {
public:
    Destination() = default;

    Destination(std::string provider_, std::string host_, std::string region_, std::string model_)
        : provider(std::move(provider_)), host(std::move(host_)), region(std::move(region_)),
          model(std::move(model_)) {}

    std::string provider; ///< "openai", "aws.bedrock", "mock"
    std::string host;     ///< host name, with the port where it isn't the scheme's own
    std::string region;   ///< empty where the provider has none
    std::string model;
};

} // namespace hilum::inline HILUM_ABI
