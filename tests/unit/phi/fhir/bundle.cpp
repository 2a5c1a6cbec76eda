// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/fhir/bundle.hpp>

#include <string>

#include "catch.hpp"
#include "unit/phi/support.hpp"

using namespace hilum_test;

namespace {

/// A bundle of one patient and these resources, each of which is about her.
std::string bundle_of(std::string const& resources, std::string const& more = {}) {
    return R"({"resourceType":"Bundle","type":"collection",)" + more + R"("entry":[)" +
           R"({"fullUrl":"urn:uuid:p-0001","resource":{"resourceType":"Patient","id":"p-0001",
              "birthDate":"1961-05-17","name":[{"family":"Quillfeather","given":["Ada"]}]}})" +
           (resources.empty() ? "" : ",") + resources + "]}";
}

std::string observation(std::string const& members) {
    return R"({"resource":{"resourceType":"Observation","status":"final",
        "subject":{"reference":"urn:uuid:p-0001"},
        "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body Weight"}]},
        )" +
           members + "}}";
}

std::string diagnosis(std::string const& members) {
    return R"({"resource":{"resourceType":"Condition","subject":{"reference":"Patient/p-0001"},
        "code":{"text":"narrative of Ada","coding":[
            {"system":"http://hospital.example/local","code":"Quillfeather"},
            {"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension"}]})" +
           members + "}}";
}

constexpr char const* weight =
    R"("effectiveDateTime":"2025-11-03T08:00:00Z",
       "valueQuantity":{"value":71.4,"unit":"kg","code":"kg",
                        "system":"http://unitsofmeasure.org"})";

Patient read_one(std::string const& text) {
    auto patient = patient_from_bundle(text);
    if (!patient.has_value())
        FAIL(patient.error().message());
    return std::move(*patient);
}

std::uint64_t left_out(Patient const& patient, std::string_view what) {
    auto const it = patient.left_out.find(what);
    return it == patient.left_out.end() ? 0 : it->second;
}

} // namespace

TEST_CASE("a patient is read with what is asked for later") {
    auto const patient = read_one(bundle_of(observation(weight) + "," + diagnosis("")));
    CHECK(open(patient.id) == "p-0001");
    CHECK(open(patient.name) == "Ada Quillfeather");
    CHECK(open(patient.birth_date).year() == 1961);
    REQUIRE(open(patient.biometrics).size() == 1);
    auto const& reading = open(patient.biometrics)[0];
    CHECK(reading.type.code == "29463-7");
    CHECK(reading.parts[0].value.value == 71.4);
    CHECK(reading.effective.day() == 3);
    REQUIRE(open(patient.conditions).size() == 1);
    CHECK(open(patient.conditions)[0].system == CodeSystem::snomed);
    CHECK(patient.known->occur_in("ada quillfeather"));
    CHECK(patient.known->occur_in("P0001"));
}

TEST_CASE("a restricted resource is left out and counted") {
    struct Label {
        std::string system, code;
        bool restricted;
    };

    std::string const terms = "http://terminology.hl7.org/CodeSystem/";
    for (auto const& label :
         {Label{terms + "v3-Confidentiality", "R", true},
          Label{terms + "v3-Confidentiality", "V", true},
          Label{terms + "v3-Confidentiality", "N", false},
          Label{"urn:oid:2.16.840.1.113883.5.25", "R", true},
          Label{terms + "v3-ActCode", "ETH", true},
          Label{terms + "v3-ActCode", "PSY", true},
          Label{terms + "v3-ActCode", "42CFRPart2", true},
          Label{"http://hospital.example/labels", "HIV", true},
          Label{"http://hospital.example/labels", "HTEST", false},
          Label{"", "R", true}}) {
        INFO(label.system + " " + label.code);
        auto const patient = read_one(bundle_of(diagnosis(
            R"(,"meta":{"security":[{"system":")" + label.system + R"(","code":")" + label.code +
            R"("}]})"
        )));
        CHECK(open(patient.conditions).empty() == label.restricted);
        CHECK(left_out(patient, "restricted") == (label.restricted ? 1 : 0));
    }
}

TEST_CASE("what belongs to a restricted encounter, patient or bundle is left out too") {
    std::string const label =
        R"("meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
           "code":"R"}]})";
    auto const patient = read_one(bundle_of(
        R"({"fullUrl":"urn:uuid:e-1","resource":{"resourceType":"Encounter","id":"e-1",
            "subject":{"reference":"urn:uuid:p-0001"},)" +
        label + "}}," + diagnosis(R"(,"encounter":{"reference":"urn:uuid:e-1"})")
    ));
    CHECK(open(patient.conditions).empty());
    CHECK(left_out(patient, "restricted") == 2);

    auto const bundle = read_fhir_bundle(bundle_of(diagnosis(""), label + ","));
    REQUIRE(bundle.has_value());
    CHECK(bundle->patients.empty());
    CHECK(bundle->left_out.at("restricted") == 2);

    auto text = bundle_of(diagnosis(""));
    text.replace(text.find(R"("birthDate")"), 0, label + ",");
    auto const nobody = read_fhir_bundle(text);
    REQUIRE(nobody.has_value());
    CHECK(nobody->patients.empty());
    CHECK(nobody->left_out.at("restricted") == 2);
    CHECK(patient_from_bundle(text).error() == errc::invalid_request);
}

TEST_CASE("what isn't read is counted by kind") {
    auto const patient = read_one(bundle_of(
        observation(std::string(weight) + R"(,"text":{"div":"Ada"},"note":[{"text":"Ada"}],
            "contained":[{"resourceType":"Patient","id":"x1"}],"extension":[{"url":"u"}])") +
        "," + observation(R"("valueString":"Ada")") + "," +
        observation(R"("valueQuantity":{"value":3,"unit":"Ada"})") + "," +
        observation(std::string(weight) + R"(,"category":[{"coding":[{"code":"survey"}]}])") + "," +
        observation(std::string(weight) + R"(,"modifierExtension":[{"url":"u"}])") + "," +
        R"({"resource":{"resourceType":"Condition","code":{}}},)" +
        R"({"resource":{"resourceType":"Claim","patient":{"reference":"Patient/p-0001"}}})"
    ));
    CHECK(open(patient.biometrics).size() == 1);
    for (auto const* kind :
         {"narrative",
          "note",
          "contained",
          "extension",
          "no_quantity",
          "quantity_of_unknown_unit",
          "not_biometric",
          "modified",
          "resource_of_another_type"}) {
        INFO(kind);
        CHECK(left_out(patient, kind) == 1);
    }
    auto const bundle = read_fhir_bundle(bundle_of(R"({"resource":{"resourceType":"Condition"}})"));
    CHECK(bundle->left_out.at("of_nobody_here") == 1);
}

TEST_CASE("what was withdrawn isn't read") {
    auto text = bundle_of(observation(weight));
    text.replace(text.find("final"), 5, "entered-in-error");
    CHECK(open(read_one(text).biometrics).empty());
    CHECK(open(read_one(
                   bundle_of(diagnosis(R"(,"verificationStatus":{"coding":[{"code":"refuted"}]})"))
               )
                   .conditions)
              .empty());
}

TEST_CASE("a medication is read by code or by reference, once") {
    std::string const request =
        R"({"resource":{"resourceType":"MedicationRequest","status":"active",
            "subject":{"reference":"urn:uuid:p-0001"},)";
    std::string const codes =
        R"({"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"310798"}]})";
    auto const patient = read_one(bundle_of(
        request + R"("medicationCodeableConcept":)" + codes + "}}," + request +
        R"("medicationReference":{"reference":"Medication/m-1"}}},)" +
        R"({"resource":{"resourceType":"Medication","id":"m-1","code":)" + codes + "}}," + request +
        R"("contained":[{"resourceType":"Medication","id":"c1"}],
            "medicationReference":{"reference":"#c1"}}})"
    ));
    CHECK(open(patient.medications).size() == 1);
    CHECK(left_out(patient, "contained") == 1);
    CHECK(left_out(patient, "code_of_unknown_system") == 1);
}

TEST_CASE("several patients don't mix") {
    auto const bundle = read_fhir_bundle(R"({"resourceType":"Bundle","entry":[
        {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/b"},
          "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"I10"}]}}},
        {"resource":{"resourceType":"Patient","id":"a"}},
        {"resource":{"resourceType":"Patient","id":"b"}}]})");
    REQUIRE(bundle.has_value());
    REQUIRE(bundle->patients.size() == 2);
    CHECK(open(bundle->patients[0].conditions).empty());
    CHECK(open(bundle->patients[1].conditions).size() == 1);
}

TEST_CASE("what isn't a bundle is an error with a position and without the text") {
    auto const error = [](std::string const& text) { return read_fhir_bundle(text).error(); };
    CHECK(error("").message() == "invalid_request: the bundle isn't JSON: byte 0");
    CHECK(error(R"({"resourceType":"Bundle",Quillfeather)") == errc::invalid_request);
    CHECK(error(R"({"resourceType":"Bundle"} x)") == errc::invalid_request);
    CHECK(error("[]") == errc::invalid_request);
    CHECK(error(R"({"resourceType":"Patient","id":"Quillfeather"})") == errc::invalid_request);
    CHECK(error(R"({"resourceType":"Bundle","entry":{}})") == errc::invalid_request);
    CHECK(error(std::string(1000, '[')) == errc::invalid_request);
    for (auto const* text :
         {R"({"resourceType":"Bundle",Quillfeather)", R"({"id":"Quillfeather"})"})
        CHECK(error(text).message().find("Quill") == std::string::npos);
    FhirLimits limits;
    limits.bytes = 10;
    CHECK(read_fhir_bundle(bundle_of(""), limits).error() == errc::limit_exceeded);
    limits = {};
    limits.entries = 0;
    CHECK(read_fhir_bundle(bundle_of(""), limits).error() == errc::limit_exceeded);
}

TEST_CASE("any shape of JSON is survived") {
    // Every member of a real bundle replaced by values of other kinds, one at a time.
    auto const whole = json::parse(bundle_of(
        observation(std::string(weight) + R"(,"component":[{"code":{"coding":[{}]}}])") + "," +
        diagnosis(R"(,"meta":{"security":[{"code":"N"}]})")
    ));
    std::size_t places = 0;
    std::function<void(json::value&, json::value&)> const replace = [&](json::value& root,
                                                                        json::value& at) {
        for (auto const& other :
             {json::value(nullptr),
              json::value(7),
              json::value("Ada"),
              json::value(json::array{1, "x"}),
              json::value(json::object())}) {
            auto const kept = at;
            at = other;
            (void)read_parsed_fhir_bundle(root);
            at = kept;
            ++places;
        }
        if (auto* many = at.if_array())
            for (auto& element : *many)
                replace(root, element);
        if (auto* object = at.if_object())
            for (auto& member : *object)
                replace(root, member.value());
    };
    auto root = whole;
    replace(root, root);
    CHECK(places > 200);
}
