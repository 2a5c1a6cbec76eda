// SPDX-License-Identifier: BSL-1.0
// A service that lacks a function says so.
//
// error[generate_text]: this service can't generate_text: it has no handle(CallContext&
// error[stream_text]: this service can't stream_text: it has no handle(CallContext&
// error[embed]: this service can't embed: it has no handle(CallContext&
// error[predict]: this service can't predict: it has no handle(CallContext&
// error[get_model_info]: this service can't get_model_info: it has no handle(CallContext&
// error[guarded]: this service can't stream_text: it has no handle(CallContext&
#include "services.hpp"

using namespace hilum;

class TextOnly : public ServiceFacade<TextOnly> {
public:
    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const;
};

class InfoOnly : public ServiceFacade<InfoOnly> {
public:
    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const;
};

void ask(TextOnly const& text, InfoOnly const& info, json::value value) {
    (void)text.generate_text("a literal");
    (void)info.get_model_info(CallOptions{}.actor("dr.lee"));
    (void)(Guard() | info).get_model_info();
    (void)value;
#ifdef CASE_generate_text
    (void)info.generate_text("a literal", 300);
#endif
#ifdef CASE_stream_text
    (void)text.stream_text("a literal", CallOptions{}.actor("dr.lee"));
#endif
#ifdef CASE_embed
    (void)text.embed(std::vector<std::string>());
#endif
#ifdef CASE_predict
    (void)text.predict(release(value, "demo", "made up for the demonstration"));
#endif
#ifdef CASE_get_model_info
    (void)text.get_model_info();
#endif
#ifdef CASE_guarded
    (void)(Guard() | text).stream_text("a literal");
#endif
}
