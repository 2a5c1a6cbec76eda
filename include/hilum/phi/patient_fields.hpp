// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/phi/fields.hpp>
#include <hilum/phi/patient.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace hilum::inline HILUM_ABI {

namespace detail {

json::value patient_id(Patient const& patient, FieldContext& cx);
json::value patient_age(Patient const& patient, FieldContext& cx);
json::value patient_biometrics(Patient const& patient, FieldContext& cx);
json::value patient_conditions(Patient const& patient, FieldContext& cx);
json::value patient_medications(Patient const& patient, FieldContext& cx);

} // namespace detail

/// What may leave of a `Patient`, each only when it is asked for:
///
/// | field | goes out as |
/// | --- | --- |
/// | `id` | a random token, which turns back in the reply |
/// | `age` | completed years (at death for the deceased), "90 or older" above 89 |
/// | `biometrics` | code, display, value with its unit's digits, unit, days since the first one |
/// | `conditions`, `medications` | codes of known systems with their display |
///
/// A display that holds one of the patient's known identifiers, or looks like an address, a link, a
/// number or a date, stays behind; its code goes alone.
template <>
struct PhiFields<Patient> {
    static constexpr PhiField<Patient> fields[] = {
        {"id", "random token", &detail::patient_id},
        {"age", "birth date as age in years, 90 or older above 89", &detail::patient_age},
        {"biometrics",
         "value with the digits of its unit, time as days since the first reading",
         &detail::patient_biometrics},
        {"conditions", "codes of known systems with their display", &detail::patient_conditions},
        {"medications", "codes of known systems with their display", &detail::patient_medications}};

    static void note(Patient const& patient, FieldContext& cx) {
        for (auto const& [what, count] : patient.left_out)
            cx.count("left_out." + what, count);
    }

    // No known(): displays and codes are checked one by one, and the rest is hilum's own
    // vocabulary, in which a name ("Min", "Day") may well occur.
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/patient_fields.ipp>
#endif
