// SPDX-License-Identifier: BSL-1.0
#include <hilum/audit/audit_policy.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/phi/fhir/bundle.hpp>
#include <hilum/phi/phi_filter_policy.hpp>

#include <boost/json/serialize.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "shared_data.hpp"
#include "unit/phi/support.hpp"

// The outside view of the filter: what identifies somebody in a bundle is collected here anew, by
// other means than the filter's own, and must occur in nothing that leaves.

using namespace hilum_test;

namespace {

std::string read_file(std::filesystem::path const& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Every string of the bundle under a key that identifies, at any depth, and its telling parts.
void collect(json::value const& value, std::string const& key, std::set<std::string>& out) {
    static std::set<std::string> const identifying{
        "id",
        "reference",
        "fullUrl",
        "family",
        "given",
        "line",
        "city",
        "postalCode",
        "birthDate",
        "value",
        "district",
        "deceasedDateTime",
        "valueString",
        "div",
        "effectiveDateTime",
        "issued",
        "start",
        "end",
        "recordedDate",
        "onsetDateTime",
        "authoredOn",
        "created",
        "abatementDateTime",
        "occurrenceDateTime",
        "date",
        "text"};
    if (auto const* text = value.if_string()) {
        if (!identifying.contains(key))
            return;
        std::string const whole(text->data(), text->size());
        out.insert(whole);
        if (auto const colon = whole.rfind(':'); whole.starts_with("urn:") && colon != whole.npos)
            out.insert(whole.substr(colon + 1));
        if (auto const slash = whole.rfind('/'); key == "reference" && slash != whole.npos)
            out.insert(whole.substr(slash + 1));
        if (whole.size() > 10 && whole[4] == '-' && whole[10] == 'T')
            out.insert(whole.substr(0, 10));
    } else if (auto const* many = value.if_array()) {
        for (auto const& element : *many)
            collect(element, key, out);
    } else if (auto const* object = value.if_object()) {
        for (auto const& member : *object)
            collect(member.value(), std::string(member.key()), out);
    }
}

/// What could be anything says nothing: short strings, texts of codes, and URLs of the standard.
std::set<std::string> identifiers_of(
    json::value const& bundle, std::set<std::string> const& codes
) {
    std::set<std::string> all, out;
    collect(bundle, {}, all);
    for (auto const& text : all)
        if (text.size() > 3 && !codes.contains(text) && !text.starts_with("http"))
            out.insert(text);
    return out;
}

/// The texts and displays that go with a code anywhere: the same words for everyone.
void collect_codes(json::value const& value, std::set<std::string>& out) {
    if (auto const* many = value.if_array())
        for (auto const& element : *many)
            collect_codes(element, out);
    if (auto const* object = value.if_object()) {
        if (object->contains("code") && object->contains("display"))
            out.insert(std::string(object->at("display").as_string()));
        for (auto const& member : *object)
            collect_codes(member.value(), out);
    }
}

struct Sent {
    std::string text;       // all that left, and all that was written down
    std::size_t blocks = 0; // how much of it
};

Sent send_everything(Patient const& patient) {
    // Neither time nor chance: a random id may hold any five digits once in a while.
    ManualClock time;
    SeededRandom seeded(1);
    auto seen = std::make_shared<Recording>();
    seen->environment = Environment(Clock(time), Random(seeded));
    auto journal = std::make_shared<MemoryJournal>();
    auto service = PhiFilterPolicy{} | AuditPolicy{journal} | Recorder(seen);
    auto const all = [&] {
        return about(patient).only("id", "age", "biometrics", "conditions", "medications");
    };
    auto reply = run(service.generate_text("Summarise the findings.", all()));
    REQUIRE(reply.has_value());
    auto stream = run(service.stream_text("Summarise the findings.", all()));
    REQUIRE(stream.has_value());
    (void)run(drain(std::move(*stream)));
    REQUIRE(run(service.predict(all().type("risk"))).has_value());
    auto refused = run(service.predict(about(patient).only(open(patient.name))));
    Sent sent;
    for (auto const& prompt : seen->prompts)
        sent.text += prompt + "\n";
    for (auto const& input : seen->inputs)
        sent.text += json::serialize(input) + "\n";
    sent.blocks = seen->prompts.size() + seen->inputs.size();
    sent.text += journal->text() + refused.error().message();
    return sent;
}

bool occurs(std::string_view in, std::string_view what) {
    auto const it = std::search(in.begin(), in.end(), what.begin(), what.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
    return it != in.end();
}

} // namespace

namespace {

/// Sends all that may be asked for of the one patient of a bundle; what was sent and written down.
std::string check_bundle(std::filesystem::path const& path) {
    INFO(path.filename().string());
    auto const text = read_file(path);
    auto const bundle = json::parse(text);
    std::set<std::string> codes;
    collect_codes(bundle, codes);
    auto const identifiers = identifiers_of(bundle, codes);
    CHECK(identifiers.size() > 30);
    auto patient = patient_from_bundle(text);
    REQUIRE(patient.has_value());
    auto const sent = send_everything(*patient);
    CHECK(sent.blocks == 3);
    std::vector<std::string> found;
    for (auto const& identifier : identifiers)
        if (occurs(sent.text, identifier))
            found.push_back(identifier);
    CHECK(found == std::vector<std::string>{});
    return sent.text;
}

} // namespace

TEST_CASE("of the Synthea bundles no identifier leaves") {
    auto const folder = shared_data("synthea-r4");
    if (!folder) {
        WARN("no shared data: the Synthea bundles are not read");
        return;
    }
    std::size_t bundles = 0;
    for (auto const& file : std::filesystem::directory_iterator(*folder)) {
        auto const sent = check_bundle(file.path());
        // And what may leave does: the test would pass on nothing as well.
        CHECK(occurs(sent, "Body Height"));
        CHECK(sent.size() > 3000);
        ++bundles;
    }
    CHECK(bundles >= 10);
}

TEST_CASE("of the examples' bundles no identifier leaves, and nothing restricted") {
    std::filesystem::path const folder(HILUM_SOURCE_DIR "/examples/data");
    auto const ada = check_bundle(folder / "ada_quillfeather.json");
    CHECK(occurs(ada, R"("value":79.1,"unit":"kg","day":181)"));
    CHECK(occurs(ada, "metformin"));
    CHECK_FALSE(occurs(ada, "Depressive"));
    CHECK(occurs(ada, R"("left_out.restricted":1)"));
    auto const hjalmar = check_bundle(folder / "hjalmar_ferreira.json");
    CHECK(occurs(hjalmar, "90 or older"));
    CHECK(occurs(hjalmar, "Atrial fibrillation"));
    CHECK(occurs(hjalmar, "warfarin"));
    CHECK_FALSE(occurs(hjalmar, "7200002"));
}

TEST_CASE("identifiers planted anywhere in a bundle don't leave") {
    // PLANT is, in turn, each of what identifies this person, in each of these places.
    std::vector<std::string> const values{
        "Quillfeather",
        "quillfeather",
        "Tamsin",
        "Ada Tamsin Quillfeather",
        "QUILLFEATHER, Ada",
        "999-12-3456",
        "999 12 3456",
        "999123456",
        "mrn-4711-0815",
        "MRN47110815",
        "12 Elm Street",
        "Farthingale",
        "02139",
        "617-555-0142",
        "(617) 555 0142",
        "ada@quill.example",
        "1961-05-17",
        "19610517",
        "b7d1c0de-0000-4000-8000-000000000001",
        "Dr. Odo Marchbanks",
        "Marchbanks",
        "St. Crispin Hospital"};
    std::string const frame = R"J({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:b7d1c0de-0000-4000-8000-000000000001",
       "request":{"method":"POST","url":"Patient"},
       "resource":{"resourceType":"Patient","id":"b7d1c0de-0000-4000-8000-000000000001",
        "text":{"status":"generated","div":"<div>PLANT</div>"},
        "extension":[{"url":"http://hospital.example/x","valueString":"PLANT"}],
        "contained":[{"resourceType":"Organization","id":"o1","name":"PLANT"}],
        "identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"999-12-3456"},
                      {"system":"urn:mrn","value":"mrn-4711-0815"}],
        "name":[{"use":"official","family":"Quillfeather","given":["Ada","Tamsin"]}],
        "telecom":[{"system":"phone","value":"617-555-0142"},
                   {"system":"email","value":"ada@quill.example"}],
        "address":[{"line":["12 Elm Street"],"city":"Farthingale","postalCode":"02139"}],
        "birthDate":"1961-05-17","gender":"female",
        "photo":[{"contentType":"image/png","data":"PLANT"}],
        "generalPractitioner":[{"display":"Dr. Odo Marchbanks"}]}},
      {"resource":{"resourceType":"Organization","id":"org-77","name":"St. Crispin Hospital"}},
      {"resource":{"resourceType":"Observation","id":"PLANT","status":"final",
        "subject":{"reference":"urn:uuid:b7d1c0de-0000-4000-8000-000000000001","display":"PLANT"},
        "code":{"text":"PLANT","coding":[
          {"system":"http://loinc.org","code":"PLANT","display":"PLANT"},
          {"system":"PLANT","code":"PLANT","display":"PLANT"},
          {"system":"http://loinc.org","code":"29463-7","display":"weight of PLANT"}]},
        "effectiveDateTime":"2025-11-03","note":[{"text":"PLANT"}],
        "interpretation":[{"text":"PLANT"}],"bodySite":{"text":"PLANT"},
        "valueQuantity":{"value":71.4,"unit":"PLANT","system":"http://unitsofmeasure.org",
                         "code":"kg{PLANT}"},
        "component":[
          {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"PLANT"}]},
           "valueQuantity":{"value":120,"unit":"PLANT"}},
          {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4","display":"PLANT sys"}]},
           "valueQuantity":{"value":80,"unit":"mm[Hg]"}}]}},
      {"resource":{"resourceType":"Condition","id":"c1",
        "subject":{"reference":"Patient/b7d1c0de-0000-4000-8000-000000000001"},
        "code":{"text":"PLANT","coding":[
          {"system":"http://snomed.info/sct","code":"PLANT","display":"PLANT"},
          {"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension PLANT's",
           "version":"PLANT","extension":[{"valueString":"PLANT"}]}]},
        "bodySite":[{"coding":[{"display":"PLANT"}]}]}},
      {"resource":{"resourceType":"MedicationRequest","id":"m1","status":"active",
        "subject":{"reference":"urn:uuid:b7d1c0de-0000-4000-8000-000000000001"},
        "medicationCodeableConcept":{"text":"PLANT","coding":[
          {"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"310798",
           "display":"25 MG for:PLANT."}]},
        "dosageInstruction":[{"text":"PLANT","patientInstruction":"PLANT"}]}},
      {"resource":{"resourceType":"DocumentReference","id":"d1",
        "subject":{"reference":"urn:uuid:b7d1c0de-0000-4000-8000-000000000001"},
        "content":[{"attachment":{"data":"PLANT","title":"PLANT"}}]}}]})J";
    for (auto const& value : values) {
        INFO(value);
        std::string text = frame;
        for (std::size_t at = 0; (at = text.find("PLANT", at)) != std::string::npos;)
            text.replace(at, 5, value);
        auto patient = patient_from_bundle(text);
        REQUIRE(patient.has_value());
        auto const sent = send_everything(*patient);
        for (auto const& never : values) {
            INFO(never);
            CHECK_FALSE(occurs(sent.text, never));
        }
        CHECK(occurs(sent.text, R"("code":"38341003")"));
        CHECK(occurs(sent.text, R"("code":"310798")"));
        if (value.size() < 20) // longer ones are no annotation of a unit any more
            CHECK(occurs(sent.text, R"("code":"29463-7","value":71.4)"));
    }
}

TEST_CASE("codes that are somebody's numbers don't leave") {
    // Numbers that pass every check of their system, but are known to be the patient's.
    auto patient = patient_from_bundle(R"J({"resourceType":"Bundle","entry":[
      {"resource":{"resourceType":"Patient","id":"p1","identifier":[{"value":"38341003"}]}},
      {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/p1"},
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}}}]})J");
    REQUIRE(patient.has_value());
    CHECK(open(patient->conditions).empty());
    // A host's own record is no safer.
    std::vector<Coding> conditions;
    conditions.emplace_back(CodeSystem::snomed, "38341003", "x");
    conditions.emplace_back(CodeSystem::rxnorm, "Quillfeather", "x");
    patient->conditions = Phi<std::vector<Coding>>(std::move(conditions));
    CHECK_FALSE(occurs(send_everything(*patient).text, "38341003"));
    CHECK_FALSE(occurs(send_everything(*patient).text, "Quillfeather"));
}

TEST_CASE("readings over ninety years don't say so") {
    Patient patient("p-9");
    std::vector<BiometricReading> readings;
    for (int const year : {1925, 1990, 2020})
        readings.emplace_back(
            Coding(CodeSystem::loinc, "8302-2"), Quantity(168, "cm"), Date(year, 1, 1)
        );
    patient.biometrics = Phi<std::vector<BiometricReading>>(std::move(readings));
    patient.birth_date = Phi<Date>(Date(1925, 1, 1));
    auto const text = send_everything(patient).text;
    CHECK(occurs(text, R"("age":"90 or older")"));
    CHECK(occurs(text, R"("day":23741)"));
    CHECK_FALSE(occurs(text, R"("day":34)"));
}
