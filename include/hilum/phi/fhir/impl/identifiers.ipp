// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/fhir/detail/identifiers.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/phi/fhir/detail/json_view.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

// clang-format off
/// The members that refer to a person, an organisation or a place, so that their display is a name.
inline constexpr std::array<std::string_view, 34> keys_of_somebody{
    "subject", "patient", "performer", "requester", "asserter", "recorder", "individual",
    "serviceProvider", "location", "author", "provider", "insurer", "beneficiary", "subscriber",
    "policyHolder", "actor", "agent", "who", "onBehalfOf", "enterer", "managingOrganization",
    "generalPractitioner", "informationSource", "responsible", "organization", "custodian",
    "member", "careTeam", "facility", "manufacturer", "assigner", "other", "sender", "receiver"};
/// Those of them whose display is no person's.
inline constexpr std::array<std::string_view, 7> keys_of_places{
    "serviceProvider", "location", "managingOrganization", "organization", "insurer", "facility",
    "custodian"};
inline constexpr std::array<std::string_view, 8> types_of_somebody{
    "Patient/", "Practitioner/", "PractitionerRole/", "Organization/", "Location/",
    "RelatedPerson/", "Person/", "CareTeam/"};
inline constexpr std::array<std::string_view, 5> keys_of_identifiers{
    "telecom", "identifier", "valueIdentifier", "valueContactPoint", "masterIdentifier"};
inline constexpr std::array<std::string_view, 5> parts_of_addresses{
    "line", "city", "district", "postalCode", "text"};
/// Members that identify wherever they stand.
inline constexpr std::array<std::string_view, 6> always_identifying{
    "serialNumber", "lotNumber", "deviceIdentifier", "carrierHRF", "distinctIdentifier", "fullUrl"};

// clang-format on

template <std::size_t N>
bool among(std::string_view key, std::array<std::string_view, N> const& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Whether the display of a reference is a name.
inline bool refers_to_somebody(std::string_view key, std::string_view reference) {
    return among(key, keys_of_somebody) ||
           std::any_of(
               types_of_somebody.begin(),
               types_of_somebody.end(),
               [&](std::string_view type) { return reference.find(type) != reference.npos; }
           );
}

inline bool refers_to_a_place(std::string_view key, std::string_view reference) {
    return among(key, keys_of_places) || reference.find("Organization") != reference.npos ||
           reference.find("Location") != reference.npos;
}

inline bool is_address(json::object const& part, std::string_view key) {
    return part.contains("postalCode") || part.contains("line") || part.contains("city") ||
           key == "address" || key == "valueAddress";
}

inline bool is_human_name(json::object const& part, std::string_view key) {
    return part.contains("family") || part.contains("given") || key == "valueHumanName";
}

inline void collect_reference(std::string_view reference, KnownIdentifiers& out) {
    if (reference.empty() || reference.starts_with('#'))
        return;
    if (auto const bar = reference.rfind('|'); bar != std::string_view::npos)
        return out.add_value(reference.substr(bar + 1)); // conditional: "?identifier=system|value"
    auto const history = reference.find("/_history/");
    reference = reference.substr(0, history);
    auto const at = reference.find_last_of("/:=");
    out.add_value(at == std::string_view::npos ? reference : reference.substr(at + 1));
}

inline void collect_texts(json::object const& from, std::string_view key, KnownIdentifiers& out) {
    if (auto const* value = member(from, key))
        each_text(*value, [&](std::string_view text) { out.add_value(text); });
}

inline void collect_names(json::object const& from, std::string_view key, KnownIdentifiers& out) {
    if (auto const* value = member(from, key))
        each_text(*value, [&](std::string_view text) { out.add_name(text); });
}

inline void collect_display(json::object const& part, std::string_view key, KnownIdentifiers& out) {
    auto const reference = text_in(part, "reference");
    if (!refers_to_somebody(key, reference) || part.contains("system"))
        return;
    out.add_value(text_in(part, "display"));
    if (!refers_to_a_place(key, reference))
        out.add_name(text_in(part, "display"));
}

/// The parts that have their own meaning wherever they stand.
inline void collect_parts(json::object const& part, std::string_view key, KnownIdentifiers& out) {
    if (is_human_name(part, key))
        for (auto const* k : {"family", "given", "text"})
            collect_names(part, k, out);
    else if (is_address(part, key))
        for (auto const k : parts_of_addresses)
            collect_texts(part, k, out);
    else if (among(key, keys_of_identifiers))
        collect_texts(part, "value", out);
    collect_reference(text_in(part, "reference"), out);
    if (key == "request") // "Patient/4711", "identifier=system|value"; a bare type is nobody's
        for (auto const* k : {"url", "ifNoneExist"})
            if (auto const url = text_in(part, k); url.find_first_of("/=|") != url.npos)
                collect_reference(url, out);
    collect_display(part, key, out);
    if (text_in(part, "url").find("MaidenName") != std::string_view::npos)
        out.add_name(text_in(part, "valueString"));
    auto const type = text_in(part, "resourceType");
    if (type == "Organization" || type == "Location" || type == "HealthcareService")
        for (auto const* k : {"name", "alias"})
            collect_texts(part, k, out);
    if (key == "contact" || key == "contributor") // elsewhere an object, or a term's name
        collect_names(part, "name", out);
    for (auto const* k : {"birthDate", "deceasedDateTime"})
        out.add_value(text_in(part, k).substr(0, 10));
    for (auto const k : always_identifying)
        collect_reference(text_in(part, k), out);
    // The ids of contained resources are labels of the sender's own, "coverage".
    auto const id = text_in(part, "id");
    if (!type.empty() && (key != "contained" || id.find_first_of("0123456789") != id.npos))
        out.add_value(id);
}

inline void walk(json::value const& value, std::string_view key, int depth, KnownIdentifiers& out) {
    if (depth == 0)
        return;
    if (auto const* many = value.if_array())
        for (auto const& element : *many)
            walk(element, key, depth - 1, out);
    if (auto const* object = value.if_object()) {
        collect_parts(*object, key, out);
        for (auto const& [name, child] : *object)
            if (child.is_structured())
                walk(child, name, depth - 1, out);
    }
}

HILUM_DECL void collect_identifiers(json::value const& bundle, KnownIdentifiers& out) {
    walk(bundle, {}, 200, out);
}

} // namespace hilum::inline HILUM_ABI::detail
