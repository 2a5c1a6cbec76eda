// SPDX-License-Identifier: BSL-1.0
// What a service without a filter takes as text: a literal, or what was released.
//
// error[string]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[const_string]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[view]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[pointer]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[array]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[with_options]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[system]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[guarded]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[stream]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[embed]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[embed_views]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[embed_phi]: run-time text may hold PHI and no PhiFilterPolicy stands in front
// error[phi]: this text is Phi and no PhiFilterPolicy stands in front
// error[stream_phi]: this text is Phi and no PhiFilterPolicy stands in front
// error[operation]: run-time text may hold PHI and no PhiFilterPolicy stands in front
#include "services.hpp"

using namespace hilum;

void ask(Model const& model, std::string text, Phi<std::string> name, char const* pointer) {
    auto const guarded = Guard() | model;
    char array[8] = "hello";
    (void)guarded;
    (void)array;
    (void)pointer;
    (void)name;
    (void)model.generate_text("a literal");
    (void)model.generate_text("a literal", 300, CallOptions{}.actor("dr.lee"));
    (void)model.generate_text("a literal", TextOptions{}.system("another"));
    (void)model.generate_text(release(text, "faq", "public text from the web site"));
    (void)model.stream_text("a literal");
    (void)guarded.stream_text(release(text, "faq", "public text from the web site"));
    (void)model.embed(std::vector<Outbound<std::string>>());
#ifdef CASE_string
    (void)model.generate_text(text);
#endif
#ifdef CASE_const_string
    std::string const constant = text;
    (void)model.generate_text(constant);
#endif
#ifdef CASE_view
    (void)model.generate_text(std::string_view(text));
#endif
#ifdef CASE_pointer
    (void)model.generate_text(pointer);
#endif
#ifdef CASE_array
    (void)model.generate_text(array);
#endif
#ifdef CASE_with_options
    (void)model.generate_text(text, 300, CallOptions{}.actor("dr.lee"));
#endif
#ifdef CASE_system
    (void)model.generate_text("a literal", TextOptions{}.system(text));
#endif
#ifdef CASE_guarded
    (void)guarded.generate_text(text);
#endif
#ifdef CASE_stream
    (void)model.stream_text(text);
#endif
#ifdef CASE_embed
    (void)model.embed({text});
#endif
#ifdef CASE_embed_views
    (void)model.embed(std::vector<std::string_view>{text});
#endif
#ifdef CASE_embed_phi
    (void)guarded.embed(std::vector<Phi<std::string>>{name});
#endif
#ifdef CASE_phi
    (void)model.generate_text(name);
#endif
#ifdef CASE_stream_phi
    (void)guarded.stream_text(name);
#endif
#ifdef CASE_operation
    GenerateText const operation{text};
#endif
}
