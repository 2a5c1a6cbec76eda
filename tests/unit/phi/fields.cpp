// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/fields.hpp>
#include <hilum/phi/phi_filter_policy.hpp>

#include "catch.hpp"
#include "unit/phi/support.hpp"

using namespace hilum_test;

namespace {

/// A host's own record.
class Stay {
public:
    Phi<std::string> number{"W-2209"};
    int nights = 0;
    std::string remark;
};

} // namespace

template <>
struct hilum::PhiFields<Stay> {
    static constexpr PhiField<Stay> fields[] = {
        {"number",
         "random token",
         [](Stay const& s, FieldContext& cx) -> json::value {
             return json::string(cx.pseudonym("ID", s.number));
         }},
        {"nights",
         "as it is",
         [](Stay const& s, FieldContext&) -> json::value { return s.nights; }},
        {"remark", "as it is", [](Stay const& s, FieldContext&) -> json::value {
             return json::array{json::object{{"text", s.remark}}};
         }}};

    static KnownIdentifiers const* known(Stay const&) {
        static KnownIdentifiers const quill = [] {
            KnownIdentifiers out;
            out.add_name("Ada Quillfeather");
            return out;
        }();
        return &quill;
    }
};

static_assert(HasPhiFields<Stay>);
static_assert(!HasPhiFields<int>);

TEST_CASE("a host's own record leaves field by field") {
    auto seen = std::make_shared<Recording>();
    auto service = PhiFilterPolicy{} | Recorder(seen);
    Stay stay;
    stay.nights = 3;
    auto reply = run(service.predict(about(stay).only("nights", "number").type("stay")));
    REQUIRE(reply.has_value());
    auto const& sent = seen->inputs.at(0).as_object();
    CHECK(sent.at("type") == "stay");
    CHECK(sent.at("nights") == 3);
    CHECK(sent.at("number").as_string().starts_with("ZID001"));
    CHECK_FALSE(sent.contains("remark"));
    // In the order of the record, and turned back in the reply.
    CHECK(seen->disclosures.at(0)->fields == std::vector<std::string>{"number", "nights"});
    CHECK(open(*reply).features.at("echo").at("number") == "W-2209");
}

TEST_CASE("a field that holds what identifies stops the request") {
    auto seen = std::make_shared<Recording>();
    auto service = PhiFilterPolicy{} | Recorder(seen);
    Stay stay;
    stay.remark = "seen with Mrs. QUILLFEATHER";
    auto reply = run(service.predict(about(stay).only("remark")));
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error() == errc::phi_blocked);
    CHECK(reply.error().text() == "the field remark holds what identifies its subject");
    CHECK(seen->inputs.empty());
    stay.remark = "seen at noon";
    CHECK(run(service.predict(about(stay).only("remark"))).has_value());
    auto kind = run(service.predict(about(stay).only("nights").type("Quillfeather")));
    CHECK(kind.error() == errc::phi_blocked);
    auto sentence = run(service.predict(about(stay).only("nights").type("two words")));
    CHECK(sentence.error() == errc::invalid_request);
}

TEST_CASE("ages above 89 are one category") {
    Date const at(2026, 1, 2);
    CHECK(age_field(Date(1936, 1, 3), at) == 89);
    CHECK(age_field(Date(1936, 1, 2), at) == "90 or older");
    CHECK(age_field(Date(1899), at) == "90 or older");
    CHECK(age_field(Date(), at).is_null());
    CHECK(age_field(Date(2030, 1, 1), at).is_null());
}
