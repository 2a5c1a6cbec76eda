// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/fhir/bundle.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/phi/fhir/detail/identifiers.hpp>
#include <hilum/phi/fhir/detail/json_view.hpp>
#include <hilum/phi/fhir/detail/security.hpp>
#include <hilum/phi/unit.hpp>

#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Reads one bundle; lives as long as that takes.
class BundleReader {
    using Counts = std::map<std::string, std::uint64_t, std::less<>>;

public:
    explicit BundleReader(json::object const& bundle) : bundle_(bundle) {}

    FhirBundle read(json::value const& whole) {
        KnownIdentifiers known;
        collect_identifiers(whole, known);
        known_ = std::make_shared<KnownIdentifiers const>(std::move(known));
        each_object(bundle_, "entry", [this](json::object const& entry) {
            if (auto const* resource = object_in(entry, "resource"))
                add(*resource, text_in(entry, "fullUrl"));
        });
        if (is_restricted(bundle_)) {
            out_.left_out["restricted"] = resources_.size();
            return std::move(out_);
        }
        for (std::size_t i = 0; i < resources_.size(); ++i)
            if (type_of(i) == "Patient")
                read_patient(i);
        for (std::size_t i = 0; i < resources_.size(); ++i)
            if (type_of(i) != "Patient")
                read_resource(i);
        for (auto& patient : out_.patients)
            std::stable_sort(
                PhiAccess::open(patient.biometrics).begin(),
                PhiAccess::open(patient.biometrics).end(),
                [](auto const& a, auto const& b) { return order(a) < order(b); }
            );
        return std::move(out_);
    }

private:
    static constexpr std::size_t none = ~std::size_t(0);

    /// Undated readings come last.
    static std::chrono::sys_days order(BiometricReading const& reading) {
        return reading.effective.known() ? reading.effective.first_day()
                                         : std::chrono::sys_days::max();
    }

    void add(json::object const& resource, std::string_view full_url) {
        auto const index = resources_.size();
        resources_.push_back(&resource);
        if (!full_url.empty())
            by_reference_.emplace(full_url, index);
        if (auto const id = text_in(resource, "id"); !id.empty())
            by_reference_.emplace(
                std::string(text_in(resource, "resourceType")).append("/").append(id), index
            );
    }

    std::string_view type_of(std::size_t index) const {
        return text_in(*resources_[index], "resourceType");
    }

    /// The resource that a reference names; `none` where it isn't in the bundle.
    std::size_t resolve(json::object const& from, std::string_view key) const {
        auto const* holder = object_in(from, key);
        auto reference = holder ? text_in(*holder, "reference") : std::string_view();
        reference = reference.substr(0, reference.find("/_history/"));
        if (auto const it = by_reference_.find(std::string(reference)); it != by_reference_.end())
            return it->second;
        return none;
    }

    /// Counts what is never read into a field, for the resource's patient and for the bundle.
    void count(std::string_view what, Patient* patient, std::uint64_t n = 1) {
        if (n == 0)
            return;
        out_.left_out[std::string(what)] += n;
        if (patient)
            patient->left_out[std::string(what)] += n;
    }

    void count_unread(json::object const& resource, Patient* patient) {
        auto const size = [&](std::string_view key) -> std::uint64_t {
            auto const* value = member(resource, key);
            if (!value)
                return 0;
            return value->is_array() ? value->get_array().size() : 1;
        };
        count("narrative", patient, size("text"));
        count("contained", patient, size("contained"));
        count("extension", patient, size("extension"));
        count("note", patient, size("note"));
        count("attachment", patient, size("photo") + size("presentedForm"));
    }

    void read_patient(std::size_t index) {
        auto const& resource = *resources_[index];
        if (is_restricted(resource)) {
            restricted_.insert(index);
            return count("restricted", nullptr);
        }
        if (resource.contains("modifierExtension"))
            return count("modified", nullptr);
        Patient patient;
        patient.id = Phi<std::string>(std::string(text_in(resource, "id")));
        patient.known = known_;
        each_object(resource, "name", [&](json::object const& name) {
            auto& shown = PhiAccess::open(patient.name);
            if (!shown.empty() && text_in(name, "use") != "official")
                return;
            shown.clear();
            if (auto const* given = member(name, "given"))
                each_text(*given, [&](std::string_view part) { shown.append(part).append(" "); });
            shown.append(text_in(name, "family"));
        });
        if (auto const birth = Date::parse(text_in(resource, "birthDate")))
            patient.birth_date = Phi<Date>(*birth);
        if (auto const death = Date::parse(text_in(resource, "deceasedDateTime")))
            patient.death_date = Phi<Date>(*death);
        patient_of_.emplace(index, out_.patients.size());
        out_.patients.push_back(std::move(patient));
        count_unread(resource, &out_.patients.back());
    }

    /// The patient that a resource speaks of; null, and counted, when it can't be told.
    Patient* subject_of(json::object const& resource) {
        auto index = resolve(resource, "subject");
        if (index == none)
            index = resolve(resource, "patient");
        if (restricted_.contains(index)) {
            count("restricted", nullptr);
            return nullptr;
        }
        auto const it = patient_of_.find(index);
        if (it == patient_of_.end()) {
            count("of_nobody_here", nullptr);
            return nullptr;
        }
        return &out_.patients[it->second];
    }

    /// Restricted itself, or part of an encounter that is.
    bool restricted_here(json::object const& resource) const {
        if (is_restricted(resource))
            return true;
        for (auto const* key : {"encounter", "context"}) {
            auto const index = resolve(resource, key);
            if (index != none && is_restricted(*resources_[index]))
                return true;
        }
        return false;
    }

    void read_resource(std::size_t index) {
        auto const& resource = *resources_[index];
        auto const type = type_of(index);
        if (type == "Medication") // read where it is named
            return;
        auto* const patient = subject_of(resource);
        if (!patient)
            return;
        if (restricted_here(resource))
            return count("restricted", patient);
        if (resource.contains("modifierExtension"))
            return count("modified", patient);
        count_unread(resource, patient);
        if (type == "Observation")
            read_observation(resource, *patient);
        else if (type == "Condition")
            read_condition(resource, *patient);
        else if (is_medication(type))
            read_medication(resource, *patient);
        else
            count("resource_of_another_type", patient);
    }

    static bool is_medication(std::string_view type) {
        return type == "MedicationRequest" || type == "MedicationStatement" ||
               type == "MedicationAdministration";
    }

    static bool withdrawn(json::object const& resource) {
        auto const status = text_in(resource, "status");
        return status == "entered-in-error" || status == "cancelled" || status == "not-taken" ||
               status == "not-done";
    }

    static bool has_code(
        json::object const& resource, std::string_view key, std::string_view code
    ) {
        bool found = false;
        each_object(resource, key, [&](json::object const& concept_) {
            each_object(concept_, "coding", [&](json::object const& coding) {
                found = found || text_in(coding, "code") == code;
            });
        });
        return found;
    }

    /// The first code of a known system in a concept.
    std::optional<Coding> coding_of(json::object const& holder, std::string_view key) const {
        std::optional<Coding> out;
        each_object(holder, key, [&](json::object const& concept_) {
            each_object(concept_, "coding", [&](json::object const& coding) {
                auto const system = known_code_system(text_in(coding, "system"));
                auto const code = text_in(coding, "code");
                if (!out && system && is_well_formed_code(*system, code) && !known_->occur_in(code))
                    out.emplace(
                        *system, std::string(code), std::string(text_in(coding, "display"))
                    );
            });
        });
        return out;
    }

    static std::optional<Quantity> quantity_of(json::object const& holder) {
        auto const* quantity = object_in(holder, "valueQuantity");
        auto const* number = quantity ? member(*quantity, "value") : nullptr;
        if (!number || !number->is_number() || quantity->contains("comparator"))
            return std::nullopt;
        double const value = number->to_number<double>();
        if (!std::isfinite(value))
            return std::nullopt;
        auto unit = text_in(*quantity, "code");
        if (text_in(*quantity, "system") != "http://unitsofmeasure.org" || unit.empty())
            unit = text_in(*quantity, "unit");
        if (unit.empty())
            return Quantity(value);
        // A number whose unit isn't known says nothing: it is left out, not sent without.
        auto ucum = ucum_unit(unit);
        if (!ucum)
            return std::nullopt;
        return Quantity(value, std::move(*ucum));
    }

    void read_observation(json::object const& resource, Patient& patient) {
        if (withdrawn(resource))
            return count("withdrawn", &patient);
        if (has_code(resource, "category", "social-history") ||
            has_code(resource, "category", "survey"))
            return count("not_biometric", &patient);
        auto type = coding_of(resource, "code");
        if (!type)
            return count("code_of_unknown_system", &patient);
        auto when = text_in(resource, "effectiveDateTime");
        if (when.empty())
            when = text_in(resource, "effectiveInstant");
        if (auto const* period = object_in(resource, "effectivePeriod"); when.empty() && period)
            when = text_in(*period, "start");
        auto const at = Date::parse(when).value_or(Date());
        auto& readings = PhiAccess::open(patient.biometrics);
        if (auto value = quantity_of(resource))
            readings.emplace_back(*type, std::move(*value), at);
        std::vector<ReadingPart> parts;
        std::size_t components = 0;
        each_object(resource, "component", [&](json::object const& component) {
            ++components;
            auto part = coding_of(component, "code");
            auto value = quantity_of(component);
            if (part && value)
                parts.emplace_back(std::move(*part), std::move(*value));
        });
        count("component_without_quantity", &patient, components - parts.size());
        if (!parts.empty())
            readings.emplace_back(std::move(*type), std::move(parts), at);
        else if (components == 0 && !object_in(resource, "valueQuantity"))
            count("no_quantity", &patient);
        else if (components == 0 && !quantity_of(resource))
            count("quantity_of_unknown_unit", &patient);
    }

    static void add_once(std::vector<Coding>& list, Coding coding) {
        for (auto const& known : list)
            if (known.system == coding.system && known.code == coding.code)
                return;
        list.push_back(std::move(coding));
    }

    void read_condition(json::object const& resource, Patient& patient) {
        if (has_code(resource, "verificationStatus", "entered-in-error") ||
            has_code(resource, "verificationStatus", "refuted"))
            return count("withdrawn", &patient);
        if (auto code = coding_of(resource, "code"))
            add_once(PhiAccess::open(patient.conditions), std::move(*code));
        else
            count("code_of_unknown_system", &patient);
    }

    void read_medication(json::object const& resource, Patient& patient) {
        auto const* no = member(resource, "doNotPerform");
        if (withdrawn(resource) || (no && no->is_bool() && no->get_bool()))
            return count("withdrawn", &patient);
        auto code = coding_of(resource, "medicationCodeableConcept");
        if (auto const index = resolve(resource, "medicationReference"); index != none) {
            if (is_restricted(*resources_[index]))
                return count("restricted", &patient);
            if (type_of(index) == "Medication")
                code = coding_of(*resources_[index], "code");
        }
        if (code)
            add_once(PhiAccess::open(patient.medications), std::move(*code));
        else
            count("code_of_unknown_system", &patient);
    }

    json::object const& bundle_;
    FhirBundle out_;
    std::shared_ptr<KnownIdentifiers const> known_;
    std::vector<json::object const*> resources_;
    std::unordered_map<std::string, std::size_t> by_reference_;
    std::unordered_map<std::size_t, std::size_t> patient_of_;
    std::unordered_set<std::size_t> restricted_;
};

} // namespace detail

HILUM_DECL Result<FhirBundle> read_parsed_fhir_bundle(
    json::value const& bundle, FhirLimits const& limits
) {
    auto const* object = bundle.if_object();
    if (!object || detail::text_in(*object, "resourceType") != "Bundle")
        return Error(errc::invalid_request, "not a FHIR bundle: resourceType isn't \"Bundle\"");
    auto const* entries = object->if_contains("entry");
    if (entries && !entries->is_array())
        return Error(errc::invalid_request, "not a FHIR bundle: entry isn't an array");
    if (entries && entries->get_array().size() > limits.entries)
        return Error(errc::limit_exceeded, "the bundle has more entries than the limit");
    return detail::BundleReader(*object).read(bundle);
}

HILUM_DECL Result<FhirBundle> read_fhir_bundle(std::string_view text, FhirLimits const& limits) {
    if (text.size() > limits.bytes)
        return Error(errc::limit_exceeded, "the bundle is larger than the limit");
    json::parse_options options;
    options.max_depth = limits.depth;
    json::stream_parser parser({}, options);
    boost::system::error_code ec;
    auto const read = parser.write_some(text.data(), text.size(), ec);
    auto rest = text.substr(ec ? text.size() : read);
    bool const garbage = rest.find_first_not_of(" \t\r\n") != rest.npos;
    if (!ec && !garbage)
        parser.finish(ec);
    if (ec || garbage)
        return Error(errc::invalid_request, "the bundle isn't JSON: byte " + std::to_string(read));
    return read_parsed_fhir_bundle(parser.release(), limits);
}

HILUM_DECL Result<Patient> patient_from_bundle(std::string_view text, FhirLimits const& limits) {
    auto bundle = read_fhir_bundle(text, limits);
    if (!bundle)
        return bundle.error();
    if (bundle->patients.size() != 1)
        return Error(
            errc::invalid_request,
            "the bundle has " + std::to_string(bundle->patients.size()) +
                " patients that may be read, not one"
        );
    return std::move(bundle->patients.front());
}

} // namespace hilum::inline HILUM_ABI
