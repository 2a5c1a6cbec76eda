// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/disclosure.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/core/result.hpp>
#include <hilum/phi/date.hpp>
#include <hilum/phi/known_identifiers.hpp>
#include <hilum/phi/pseudonyms.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What a field's renderer may use: the reference time, pseudonyms, and a place to say what it did.
class FieldContext {
public:
    FieldContext(Clock::wall_time now, PseudonymVault& vault, Disclosure& disclosure)
        : now_(now), vault_(vault), disclosure_(disclosure) {}

    /// The day on which the record is looked at, UTC.
    Date today() const { return Date::from(now_); }

    /// A random token in the place of an identifier, which turns back in the reply. `label`: two
    /// letters from A to Y.
    std::string pseudonym(std::string_view label, Phi<std::string> const& value) {
        return vault_.token(label, value);
    }

    /// Adds to a count of the audit's transformation record: "sent.biometrics".
    void count(std::string_view what, std::uint64_t n = 1) {
        if (n != 0)
            disclosure_.counts[std::string(what)] += n;
    }

private:
    Clock::wall_time now_;
    PseudonymVault& vault_;
    Disclosure& disclosure_;
};

/// The age as it may leave: completed years, "90 or older" above 89 (45 CFR 164.514(b)(2)(i)(C)),
/// null where the date of birth isn't known. An unknown month or day counts as passed.
json::value age_field(Date birth, Date at);

/// One field of a record: what it is asked for by, what is done to it, and how.
template <class Record>
class PhiField {
public:
    using Render = json::value (*)(Record const&, FieldContext&);

    constexpr PhiField(std::string_view n, std::string_view r, Render f)
        : name(n), rule(r), render(f) {}

    std::string_view name; ///< "age"
    std::string_view rule; ///< for the audit: "birth date as age in years"
    Render render;
};

/// The fields of a record type that a filter may let out. Specialise it for a record of your own:
///
/// @code
/// class Stay { public: Phi<std::string> ward_patient_number; int nights = 0; };
///
/// template <>
/// struct hilum::PhiFields<Stay> {
///     static constexpr PhiField<Stay> fields[] = {
///         {"number", "random token", [](Stay const& s, FieldContext& cx) -> json::value {
///              return json::string(cx.pseudonym("ID", s.ward_patient_number)); }},
///         {"nights", "as it is", [](Stay const& s, FieldContext&) -> json::value {
///              return s.nights; }},
///     };
///     // Optional: what must not occur in anything that leaves; null for none.
///     static KnownIdentifiers const* known(Stay const&) { return nullptr; }
///     // Optional: counts of what was left out before, for the audit: "left_out.restricted" -> 2.
///     static void note(Stay const&, FieldContext& cx) { cx.count("left_out.visits", 1); }
/// };
///
/// co_await service.predict(about(stay).only("nights"));
/// @endcode
///
/// A renderer gives JSON that may leave; it is the host's own code and is reviewed as such. A
/// string in it that holds one of the known identifiers stops the request with `phi_blocked`.
template <class Record>
struct PhiFields;

template <class Record>
concept HasPhiFields = requires {
    std::span<PhiField<Record> const>(PhiFields<Record>::fields);
};

namespace detail {

/// "unknown field; the record has: id, age, ..."; never repeats what was asked for.
Error unknown_field(std::span<std::string_view const> known);
Error no_field(std::span<std::string_view const> known);

/// Refuses a value with a string, or a key, that holds a known identifier; pseudonyms pass.
Result<void> check_known(
    json::value const& value,
    std::string_view field,
    KnownIdentifiers const& known,
    PseudonymVault const& vault
);

template <class Record>
KnownIdentifiers const* known_of(Record const& record) {
    if constexpr (requires {
                      {
                          PhiFields<Record>::known(record)
                          } -> std::convertible_to<KnownIdentifiers const*>;
                  })
        return PhiFields<Record>::known(record);
    else
        return nullptr;
}

/// Renders the fields that were asked for, in the order of the record.
template <HasPhiFields Record>
Result<json::object> render_fields(
    Record const& record,
    std::vector<std::string> const& asked,
    FieldContext& cx,
    PseudonymVault const& vault,
    Disclosure& disclosure
) {
    std::span<PhiField<Record> const> const fields(PhiFields<Record>::fields);
    std::vector<std::string_view> names;
    for (auto const& field : fields)
        names.push_back(field.name);
    if (asked.empty())
        return no_field(names);
    for (auto const& name : asked)
        if (std::find(names.begin(), names.end(), name) == names.end())
            return unknown_field(names);
    auto const* known = known_of(record);
    if constexpr (requires { PhiFields<Record>::note(record, cx); })
        PhiFields<Record>::note(record, cx);
    json::object out;
    for (auto const& field : fields) {
        if (std::find(asked.begin(), asked.end(), field.name) == asked.end())
            continue;
        auto value = field.render(record, cx);
        if (known)
            if (auto checked = check_known(value, field.name, *known, vault); !checked)
                return checked.error();
        disclosure.fields.emplace_back(field.name);
        disclosure.rules.push_back(std::string(field.name).append(": ").append(field.rule));
        out.emplace(field.name, std::move(value));
    }
    return out;
}

} // namespace detail

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/fields.ipp>
#endif
