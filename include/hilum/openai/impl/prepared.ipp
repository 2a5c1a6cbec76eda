// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/openai/detail/prepared.hpp, which includes this file or leaves it to
// hilum/src.hpp.

namespace hilum::inline HILUM_ABI::openai::detail {

HILUM_DECL Prepared::Prepared(OpenAiConfig c)
    : config((c.validate(), std::move(c))), dialect(config),
      origin_(std::make_shared<HttpOrigin const>(HttpOrigin::parse(config.base_url()).value())),
      chat_(prepare("/chat/completions")), embeddings_(prepare("/embeddings")) {
    destination = Destination("openai", origin_->host_header(), {}, config.model());
}

HILUM_DECL HttpRequest Prepared::prepare(std::string_view path) const {
    HttpRequest request(HttpMethod::post, origin_, origin_->base_path + std::string(path));
    request.header("Content-Type", "application/json").header("Accept", "application/json");
    if (!config.api_key().empty())
        request.header("Authorization", "Bearer " + std::string(config.api_key().reveal()));
    if (!config.organization().empty())
        request.header("OpenAI-Organization", config.organization());
    if (!config.project().empty())
        request.header("OpenAI-Project", config.project());
    return request;
}

} // namespace hilum::inline HILUM_ABI::openai::detail
