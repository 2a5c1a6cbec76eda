// SPDX-License-Identifier: BSL-1.0
// Records and run-time JSON need a filter.
//
// error[json]: this record may hold PHI and no PhiFilterPolicy stands in front of the service
// error[record]: this record may hold PHI and no PhiFilterPolicy stands in front of the service
// error[about]: this record may hold PHI and no PhiFilterPolicy stands in front of the service
// error[guarded]: this record may hold PHI and no PhiFilterPolicy stands in front of the service
// error[text_about]: this record may hold PHI and no PhiFilterPolicy stands in front of the service
// error[stream_about]: this record may hold PHI and no PhiFilterPolicy stands in front of the
// service
#include "services.hpp"

using namespace hilum;

struct Person {
    std::string name;
};

void ask(Model const& model, json::value value, Person person) {
    auto const guarded = Guard() | model;
    (void)person;
    (void)guarded;
    (void)model.predict(release(value, "demo", "made up for the demonstration"));
#ifdef CASE_json
    (void)model.predict(value);
#endif
#ifdef CASE_record
    (void)model.predict(person);
#endif
#ifdef CASE_about
    (void)model.predict(about(person).only("age"));
#endif
#ifdef CASE_guarded
    (void)guarded.predict(person, CallOptions{}.actor("dr.lee"));
#endif
#ifdef CASE_text_about
    (void)guarded.generate_text("Summarise.", about(person).only("age"));
#endif
#ifdef CASE_stream_about
    (void)model.stream_text("Summarise.", about(person).only("age"));
#endif
}
