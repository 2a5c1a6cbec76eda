// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What is being let out, in words that hold no PHI: who cleared it, which fields, by which rules.
///
/// The filter fills it in, or the text gate does for an explicit release; `AuditPolicy` writes it
/// down.
class Disclosure {
public:
    Disclosure() = default;

    std::string policy;                          ///< "minimum_necessary", "release", "literal"
    std::vector<std::string> fields;             ///< names of the fields that go out
    std::vector<std::string> rules;              ///< what was done, "birthDate: age in years"
    std::map<std::string, std::uint64_t> counts; ///< "dropped.contained" -> 2
    std::string release_purpose;                 ///< of an explicit release
    std::string release_reason;
    std::string wire_request_id; ///< the random id in what is sent, where the call's own isn't sent
    bool recorded = false; ///< the audit has written it already
};

} // namespace hilum::inline HILUM_ABI
