// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/coding.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/json_writer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace hilum::inline HILUM_ABI {

namespace detail {

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

inline bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

/// Whether `text` follows a pattern of classes: `9` a digit, `A` an upper-case letter, `*` either;
/// other characters stand for themselves. The pattern's tail behind `?` may be missing from there
/// on.
inline bool follows(std::string_view text, std::string_view pattern) noexcept {
    bool optional = false;
    for (char const p : pattern) {
        if (p == '?') {
            optional = true;
            continue;
        }
        if (text.empty())
            return optional;
        char const c = text.front();
        bool const fits = p == '9'   ? is_digit(c)
                          : p == 'A' ? is_upper(c)
                          : p == '*' ? is_digit(c) || is_upper(c)
                                     : p == c;
        if (!fits)
            return false;
        text.remove_prefix(1);
    }
    return text.empty();
}

inline bool all_digits(std::string_view text, std::size_t least, std::size_t most) noexcept {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), is_digit);
}

/// ISO/IEC 7812-1, annex B; the last digit is the check.
inline bool passes_luhn(std::string_view digits) noexcept {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int d = digits[digits.size() - 1 - i] - '0';
        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

/// The check of SNOMED CT identifiers (SNOMED CT TIG, "Verhoeff check").
inline bool passes_verhoeff(std::string_view digits) noexcept {
    constexpr int turn[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    int check = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int d = digits[digits.size() - 1 - i] - '0';
        for (std::size_t k = 0; k < i % 8; ++k)
            d = turn[d];
        // The product in the dihedral group of order 10.
        bool const a = check >= 5;
        bool const b = d >= 5;
        int const x = check % 5;
        int const y = d % 5;
        int const rotation = a ? (x - y + 5) % 5 : (x + y) % 5;
        check = rotation + (a != b ? 5 : 0);
    }
    return check == 0;
}

} // namespace detail

HILUM_DECL char const* to_string(CodeSystem system) noexcept {
    switch (system) {
    case CodeSystem::loinc:
        return "LOINC";
    case CodeSystem::snomed:
        return "SNOMED CT";
    case CodeSystem::icd10:
        return "ICD-10";
    case CodeSystem::icd10cm:
        return "ICD-10-CM";
    case CodeSystem::icd9cm:
        return "ICD-9-CM";
    case CodeSystem::rxnorm:
        return "RxNorm";
    case CodeSystem::atc:
        return "ATC";
    case CodeSystem::ndc:
        return "NDC";
    }
    return "";
}

HILUM_DECL std::optional<CodeSystem> known_code_system(std::string_view uri) noexcept {
    using enum CodeSystem;
    using Entry = std::pair<std::string_view, CodeSystem>;
    static constexpr std::array table{
        Entry{"http://loinc.org", loinc},
        Entry{"urn:oid:2.16.840.1.113883.6.1", loinc},
        Entry{"http://snomed.info/sct", snomed},
        Entry{"urn:oid:2.16.840.1.113883.6.96", snomed},
        Entry{"http://hl7.org/fhir/sid/icd-10", icd10},
        Entry{"urn:oid:2.16.840.1.113883.6.3", icd10},
        Entry{"http://hl7.org/fhir/sid/icd-10-cm", icd10cm},
        Entry{"urn:oid:2.16.840.1.113883.6.90", icd10cm},
        Entry{"http://hl7.org/fhir/sid/icd-9-cm", icd9cm},
        Entry{"urn:oid:2.16.840.1.113883.6.103", icd9cm},
        Entry{"http://www.nlm.nih.gov/research/umls/rxnorm", rxnorm},
        Entry{"urn:oid:2.16.840.1.113883.6.88", rxnorm},
        Entry{"http://www.whocc.no/atc", atc},
        Entry{"urn:oid:2.16.840.1.113883.6.73", atc},
        Entry{"http://hl7.org/fhir/sid/ndc", ndc},
        Entry{"urn:oid:2.16.840.1.113883.6.69", ndc}};
    for (auto const& [name, system] : table)
        if (uri == name)
            return system;
    return std::nullopt;
}

HILUM_DECL bool is_well_formed_code(CodeSystem system, std::string_view code) noexcept {
    using detail::follows;
    switch (system) {
    case CodeSystem::loinc: {
        if (code.size() < 3 || code.size() > 9 || code[code.size() - 2] != '-')
            return false;
        char digits[8] = {};
        auto const body = code.substr(0, code.size() - 2);
        auto const end = std::copy(body.begin(), body.end(), digits);
        *end = code.back();
        std::string_view const all(digits, body.size() + 1);
        return detail::all_digits(all, 2, 8) && detail::passes_luhn(all);
    }
    case CodeSystem::snomed:
        return detail::all_digits(code, 6, 18) && code[0] != '0' && detail::passes_verhoeff(code);
    case CodeSystem::icd10:
    case CodeSystem::icd10cm:
        return follows(code, "A9*?.****") || follows(code, "A9*?****");
    case CodeSystem::icd9cm:
        return follows(code, "999?.99") || follows(code, "V99?.99") || follows(code, "E999?.9") ||
               follows(code, "99999") || follows(code, "9999");
    case CodeSystem::rxnorm:
        return detail::all_digits(code, 1, 8);
    case CodeSystem::atc:
        return follows(code, "A") || follows(code, "A99") || follows(code, "A99A") ||
               follows(code, "A99AA") || follows(code, "A99AA99");
    case CodeSystem::ndc:
        return follows(code, "99999999999") || follows(code, "9999-9999-99") ||
               follows(code, "99999-999-99") || follows(code, "99999-9999-9") ||
               follows(code, "99999-9999-99") || follows(code, "99999-999") ||
               follows(code, "99999-9999") || follows(code, "9999-9999");
    }
    return false;
}

HILUM_DECL bool is_plausible_display(std::string_view text) noexcept {
    if (text.empty() || text.size() > 200 || !detail::is_utf8(text))
        return false;
    std::size_t digits = 0; // of a run that '-', '.' and '/' don't interrupt
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f || c == '@' || c == '\\')
            return false;
        if (detail::is_digit(text[i]))
            ++digits;
        else if (c != '-' && c != '.' && c != '/')
            digits = 0;
        if (digits >= 7)
            return false;
    }
    return text.find("://") == std::string_view::npos &&
           text.find("www.") == std::string_view::npos;
}

} // namespace hilum::inline HILUM_ABI
