// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/phi/patient.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// How large a bundle may be. One that is larger is an error, not a part of it.
class FhirLimits {
public:
    std::size_t bytes = std::size_t(64) << 20;
    std::size_t entries = 200000;
    std::size_t depth = 64; ///< levels of JSON
};

/// What was read of a bundle: its patients, in the order of the bundle, and what was left out.
class FhirBundle {
public:
    FhirBundle() = default;

    std::vector<Patient> patients;

    /// By kind: "restricted" -> 2, "narrative" -> 40, "contained" -> 3. No PHI.
    std::map<std::string, std::uint64_t, std::less<>> left_out;
};

/// Reads a FHIR R4 bundle (transaction, batch, collection, searchset, document) as JSON.
///
/// @code
/// auto bundle = read_fhir_bundle(text);
/// if (!bundle)
///     return report(bundle.error());            // "the bundle isn't JSON: byte 1041"
/// for (Patient const& patient : bundle->patients) ...
/// @endcode
///
/// Read are Patient, Observation (a quantity, or components with one; not social history and
/// surveys), Condition, MedicationRequest, MedicationStatement, MedicationAdministration, and the
/// Medication that one of these names. Never read into a field: narrative, `text`, `note`,
/// `contained`, extensions, attachments; a resource with a `modifierExtension`, entered in error,
/// of nobody or of somebody who isn't in the bundle. All of it is counted.
///
/// A resource whose `meta.security` says restricted or very restricted (v3-Confidentiality R, V),
/// or names a sensitivity (v3-ActCode: psychiatry, substance use, HIV, ... ; 42 CFR part 2), is
/// left out and counted as `restricted`; so is what belongs to an encounter or a patient so
/// labelled, and the whole of a bundle so labelled.
///
/// Errors: `invalid_request` with a position, `limit_exceeded`; neither ever quotes the bundle.
/// Thread safety: pure.
Result<FhirBundle> read_fhir_bundle(std::string_view text, FhirLimits const& limits = {});

/// The same for JSON that is parsed already; `limits.bytes` and `limits.depth` were its parser's.
Result<FhirBundle> read_parsed_fhir_bundle(
    json::value const& bundle, FhirLimits const& limits = {}
);

/// The same for a bundle of exactly one patient; any other number is `invalid_request`.
Result<Patient> patient_from_bundle(std::string_view text, FhirLimits const& limits = {});

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/fhir/impl/bundle.ipp>
#endif
