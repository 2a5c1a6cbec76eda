// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/patient_fields.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/phi/unit.hpp>

#include <cmath>
#include <optional>

namespace hilum::inline HILUM_ABI::detail {

/// The code with its display, as far as that may leave.
inline json::object coding_field(Coding const& coding, Patient const& patient, FieldContext& cx) {
    json::object out;
    if (!is_well_formed_code(coding.system, coding.code) ||
        (patient.known && patient.known->occur_in(coding.code))) {
        cx.count("dropped.code");
        return out;
    }
    bool const plain = is_plausible_display(coding.display) &&
                       !(patient.known && patient.known->occur_in(coding.display));
    if (plain)
        out["display"] = coding.display;
    else if (!coding.display.empty())
        cx.count("dropped.display");
    out["system"] = to_string(coding.system);
    out["code"] = coding.code;
    return out;
}

/// A whole number where it is one: "120", not "1.2E2".
inline json::value number_field(double value) {
    if (std::trunc(value) == value && std::abs(value) < 1e15)
        return static_cast<std::int64_t>(value);
    return value;
}

/// False, and nothing is added, when the unit isn't one.
inline bool add_quantity(json::object& out, Quantity const& quantity) {
    if (!std::isfinite(quantity.value))
        return false;
    if (quantity.unit.empty()) {
        out["value"] = number_field(rounded_to_unit(quantity.value, {}));
        return true;
    }
    auto const unit = ucum_unit(quantity.unit);
    if (!unit)
        return false;
    out["value"] = number_field(rounded_to_unit(quantity.value, *unit));
    out["unit"] = *unit;
    return true;
}

inline json::value coding_list(
    std::vector<Coding> const& list,
    Patient const& patient,
    FieldContext& cx,
    std::string_view counted_as
) {
    json::array out;
    for (auto const& coding : list)
        if (auto field = coding_field(coding, patient, cx); !field.empty())
            out.emplace_back(std::move(field));
    cx.count(counted_as, out.size());
    return out;
}

inline std::optional<std::chrono::sys_days> first_reading(
    std::vector<BiometricReading> const& readings
) {
    std::optional<std::chrono::sys_days> first;
    for (auto const& reading : readings)
        if (reading.effective.has_day() && (!first || reading.effective.first_day() < *first))
            first = reading.effective.first_day();
    return first;
}

HILUM_DECL json::value patient_id(Patient const& patient, FieldContext& cx) {
    if (PhiAccess::open(patient.id).empty())
        return nullptr;
    cx.count("pseudonyms");
    return json::string(cx.pseudonym("ID", patient.id));
}

HILUM_DECL json::value patient_age(Patient const& patient, FieldContext& cx) {
    auto const& death = PhiAccess::open(patient.death_date);
    return age_field(PhiAccess::open(patient.birth_date), death.known() ? death : cx.today());
}

HILUM_DECL json::value patient_biometrics(Patient const& patient, FieldContext& cx) {
    // A span of ninety years gives away an age of ninety.
    constexpr auto longest = std::chrono::days(90 * 365);
    auto const& readings = PhiAccess::open(patient.biometrics);
    auto const first = first_reading(readings);
    json::array out;
    for (auto const& reading : readings) {
        auto entry = coding_field(reading.type, patient, cx);
        if (entry.empty())
            continue;
        json::array parts;
        for (auto const& part : reading.parts) {
            if (!reading.compound) {
                if (add_quantity(entry, part.value))
                    parts.emplace_back(nullptr);
                continue;
            }
            auto component = coding_field(part.type, patient, cx);
            if (!component.empty() && add_quantity(component, part.value))
                parts.emplace_back(std::move(component));
        }
        if (parts.empty()) {
            cx.count("dropped.quantity");
            continue;
        }
        if (reading.compound)
            entry["components"] = std::move(parts);
        if (first && reading.effective.has_day()) {
            auto const since = reading.effective.first_day() - *first;
            if (since < longest)
                entry["day"] = since.count();
            else
                cx.count("dropped.day");
        }
        out.emplace_back(std::move(entry));
    }
    cx.count("sent.biometrics", out.size());
    return out;
}

HILUM_DECL json::value patient_conditions(Patient const& patient, FieldContext& cx) {
    return coding_list(PhiAccess::open(patient.conditions), patient, cx, "sent.conditions");
}

HILUM_DECL json::value patient_medications(Patient const& patient, FieldContext& cx) {
    return coding_list(PhiAccess::open(patient.medications), patient, cx, "sent.medications");
}

} // namespace hilum::inline HILUM_ABI::detail
