// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/phi/fhir/detail/json_view.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

/// Whether a label of `meta.security` asks for more than the ordinary care.
inline bool is_restricted_label(json::object const& label) {
    auto const system = text_in(label, "system");
    auto const code = text_in(label, "code");
    bool const confidentiality = system.find("v3-Confidentiality") != system.npos ||
                                 system.find("2.16.840.1.113883.5.25") != system.npos;
    if (confidentiality || system.empty()) { // unrestricted, low, moderate, normal; the rest isn't
        static constexpr std::array<std::string_view, 4> ordinary{"U", "L", "M", "N"};
        return std::find(ordinary.begin(), ordinary.end(), code) == ordinary.end();
    }
    // In v3-ActCode a label is a sensitivity, an obligation or a refrain: each asks for care.
    if (system.find("v3-ActCode") != system.npos ||
        system.find("2.16.840.1.113883.5.4") != system.npos)
        return true;
    static constexpr std::array<std::string_view, 16> sensitive{
        "R",
        "V",
        "ETH",
        "ETHUD",
        "OPIOIDUD",
        "PSY",
        "PSYTHPN",
        "MH",
        "BH",
        "HIV",
        "SUD",
        "STD",
        "SDV",
        "SEX",
        "GDIS",
        "42CFRPart2"};
    return std::find(sensitive.begin(), sensitive.end(), code) != sensitive.end();
}

inline bool is_restricted(json::object const& resource) {
    auto const* meta = object_in(resource, "meta");
    bool found = false;
    if (meta)
        each_object(*meta, "security", [&](json::object const& label) {
            found = found || is_restricted_label(label);
        });
    return found;
}

} // namespace hilum::inline HILUM_ABI::detail
