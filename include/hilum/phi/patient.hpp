// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/phi/coding.hpp>
#include <hilum/phi/date.hpp>
#include <hilum/phi/known_identifiers.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// A number that was measured, with its unit in UCUM (empty where the quantity has none).
class Quantity {
public:
    Quantity() = default;

    explicit Quantity(double v, std::string u = {}) : value(v), unit(std::move(u)) {}

    double value = 0;
    std::string unit;
};

/// One part of a reading: the systolic pressure of a blood pressure.
class ReadingPart {
public:
    ReadingPart(Coding t, Quantity v) : type(std::move(t)), value(std::move(v)) {}

    Coding type;
    Quantity value;
};

/// A biometric reading: what was measured, when, and the value, or several that belong together.
///
/// @code
/// BiometricReading weight(Coding(CodeSystem::loinc, "29463-7", "Body Weight"),
///                         Quantity(71.4, "kg"), Date(2026, 1, 2));
/// @endcode
class BiometricReading {
public:
    BiometricReading(Coding t, Quantity v, Date at = {}) : type(std::move(t)), effective(at) {
        parts.emplace_back(type, std::move(v));
    }

    BiometricReading(Coding t, std::vector<ReadingPart> p, Date at = {})
        : type(std::move(t)), effective(at), parts(std::move(p)), compound(true) {}

    Coding type;
    Date effective;
    std::vector<ReadingPart> parts; ///< one, of the same type, unless it is compound
    bool compound = false;
};

/// What hilum reads of a patient's record. All of it is `Phi`: it leaves only through
/// `PhiFilterPolicy`, field by field, as `about(patient).only("age", "conditions")` asks.
///
/// @code
/// auto bundle = read_fhir_bundle(text).value();
/// auto reply = co_await service.generate_text(
///     "Summarise the findings.", about(bundle.patients.front()).only("age", "biometrics"));
/// @endcode
///
/// The fields that can be asked for: `id`, `age`, `biometrics`, `conditions`, `medications`.
class Patient {
public:
    Patient() = default;

    explicit Patient(std::string i) : id(std::move(i)) {
        KnownIdentifiers own;
        own.add_value(PhiAccess::open(id));
        known = std::make_shared<KnownIdentifiers const>(std::move(own));
    }

    Phi<std::string> id;   ///< the record's own id; leaves as a random pseudonym only
    Phi<std::string> name; ///< for the host's own display; never leaves
    Phi<Date> birth_date;  ///< leaves as an age only
    Phi<Date> death_date;  ///< unknown for the living
    Phi<std::vector<BiometricReading>> biometrics;
    Phi<std::vector<Coding>> conditions;
    Phi<std::vector<Coding>> medications;

    /// Whatever identifies this person and those around them: nothing that leaves may hold it.
    std::shared_ptr<KnownIdentifiers const> known;

    /// What the record had and this value hasn't, by kind: "restricted" -> 2. No PHI.
    std::map<std::string, std::uint64_t, std::less<>> left_out;
};

} // namespace hilum::inline HILUM_ABI
