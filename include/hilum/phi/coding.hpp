// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// The code systems whose codes may leave: published vocabularies, the same for everyone.
enum class CodeSystem : std::uint8_t { loinc, snomed, icd10, icd10cm, icd9cm, rxnorm, atc, ndc };

/// The short name that goes out, "LOINC".
char const* to_string(CodeSystem system) noexcept;

/// The system that a FHIR `system` URI (or OID) names; nothing for any other.
std::optional<CodeSystem> known_code_system(std::string_view uri) noexcept;

/// Whether the code has the form of its system, with a right check digit where it has one (LOINC:
/// Luhn; SNOMED CT: Verhoeff). A record number in the place of a code hasn't.
bool is_well_formed_code(CodeSystem system, std::string_view code) noexcept;

/// A code of a known system, with what the record calls it.
///
/// The display is the record's own text. The filter lets it out only if it doesn't hold what
/// identifies the patient; the code stands by itself.
class Coding {
public:
    Coding() = default;

    Coding(CodeSystem s, std::string c, std::string d = {})
        : system(s), code(std::move(c)), display(std::move(d)) {}

    CodeSystem system = CodeSystem::loinc;
    std::string code;
    std::string display;
};

/// Whether a text can be the display of a code: at most 200 bytes of UTF-8 without control
/// characters, and nothing in it that looks like an address, a link, a number of seven digits or a
/// full date.
bool is_plausible_display(std::string_view text) noexcept;

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/coding.ipp>
#endif
