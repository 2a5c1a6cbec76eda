// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/fhir/detail/identifiers.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/phi/fhir/detail/json_view.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

/// The members of a reference that speak of a person, an organisation or a place, so that its
/// display is a name.
inline bool refers_to_somebody(std::string_view key, std::string_view reference) {
    static constexpr std::array<std::string_view, 34> keys{
        "subject",         "patient",        "performer",     "requester",
        "asserter",        "recorder",       "individual",    "serviceProvider",
        "location",        "author",         "provider",      "insurer",
        "beneficiary",     "subscriber",     "policyHolder",  "actor",
        "agent",           "who",            "onBehalfOf",    "enterer",
        "managingOrganization",              "generalPractitioner",
        "informationSource",                 "responsible",   "organization",
        "custodian",       "member",         "careTeam",      "facility",
        "manufacturer",    "assigner",       "other",         "sender",
        "receiver"};
    static constexpr std::array<std::string_view, 8> types{
        "Patient/", "Practitioner/", "PractitionerRole/", "Organization/",
        "Location/", "RelatedPerson/", "Person/", "CareTeam/"};
    return std::find(keys.begin(), keys.end(), key) != keys.end() ||
           std::any_of(types.begin(), types.end(), [&](std::string_view type) {
               return reference.find(type) != std::string_view::npos;
           });
}

inline void collect_reference(std::string_view reference, KnownIdentifiers& out) {
    if (reference.starts_with('#'))
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

/// The parts that have their own meaning wherever they stand.
inline void collect_parts(json::object const& part, std::string_view key, KnownIdentifiers& out) {
    auto const add_names = [&](std::string_view k) {
        if (auto const* value = member(part, k))
            each_text(*value, [&](std::string_view text) { out.add_name(text); });
    };
    if (part.contains("family") || part.contains("given") || key == "valueHumanName") {
        add_names("family");
        add_names("given");
        add_names("text");
    } else if (part.contains("postalCode") || part.contains("line") || part.contains("city") ||
               key == "address" || key == "valueAddress") {
        for (auto const* k : {"line", "city", "district", "postalCode", "text"})
            collect_texts(part, k, out);
    } else if (key == "telecom" || key == "identifier" || key == "valueIdentifier" ||
               key == "valueContactPoint" || key == "masterIdentifier") {
        collect_texts(part, "value", out);
    } else if (key == "type" || key == "code" || key == "coding") {
        return; // "display" of a concept
    }
    if (auto const reference = text_in(part, "reference"); !reference.empty())
        collect_reference(reference, out);
    if (refers_to_somebody(key, text_in(part, "reference")) && !part.contains("system")) {
        auto const display = text_in(part, "display");
        // A title or a given name says that it is a person; the rest is a place or a firm.
        out.add_value(display);
        if (key != "serviceProvider" && key != "location" && key != "managingOrganization" &&
            key != "organization" && key != "insurer" && key != "facility" &&
            text_in(part, "reference").find("Organization") == std::string_view::npos &&
            text_in(part, "reference").find("Location") == std::string_view::npos)
            out.add_name(display);
    }
    if (text_in(part, "url").find("MaidenName") != std::string_view::npos)
        out.add_name(text_in(part, "valueString"));
    auto const type = text_in(part, "resourceType");
    if (type == "Organization" || type == "Location" || type == "HealthcareService")
        for (auto const* k : {"name", "alias"})
            collect_texts(part, k, out);
    auto const* name = member(part, "name");
    if (name && name->is_string() && (key == "contact" || key == "contributor"))
        add_names("name");
    for (auto const* k : {"birthDate", "deceasedDateTime", "fullUrl"})
        if (auto const text = text_in(part, k); !text.empty())
            collect_reference(text, out);
    // The ids of contained resources and elements are labels of the sender's own, "coverage".
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
