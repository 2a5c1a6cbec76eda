// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/testing/detail/wire_message.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// Why AWS would refuse a request.
class AwsRefusal {
public:
    AwsRefusal(unsigned s, std::string t, std::string m)
        : status(s), type(std::move(t)), message(std::move(m)) {}

    unsigned status;
    std::string type; ///< "InvalidSignatureException"
    std::string message;
};

using AwsKeys = std::vector<std::pair<std::string, std::string>>;

/// Computes the signature (Version 4, service "bedrock") anew from what arrived, apart from aws/
/// and from any clock, so that a mistake there is no mistake here; none when it is right.
std::optional<AwsRefusal> check_signature(WireRequest const& request, AwsKeys const& keys);

/// "a%3Ab" -> "a:b"; what isn't an escape stays.
std::string percent_decoded(std::string_view text);

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/signature_check.ipp>
#endif
