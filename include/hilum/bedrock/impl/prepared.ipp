// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/bedrock/detail/prepared.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/aws/endpoint.hpp>

#include <utility>

namespace hilum::inline HILUM_ABI::bedrock::detail {

HILUM_DECL Prepared::Prepared(BedrockConfig c)
    : config((c.validate(), std::move(c))), region(config.region()), dialect(config),
      request(prepare()),
      destination("aws.bedrock", request.origin->host_header(), region, config.model()) {
    if (config.bearer_token().empty())
        signer_.emplace(region, "bedrock");
}

HILUM_DECL HttpRequest Prepared::prepare() const {
    auto const url = config.endpoint().empty()
                         ? aws::endpoint_url(
                               "bedrock-runtime",
                               region,
                               aws::EndpointOptions{config.fips(), config.dual_stack()}
                           )
                         : config.endpoint();
    auto origin = std::make_shared<HttpOrigin const>(HttpOrigin::parse(url).value());
    auto target = origin->base_path + dialect.path();
    HttpRequest out(HttpMethod::post, std::move(origin), std::move(target));
    out.header("Content-Type", "application/json").header("Accept", "application/json");
    if (!config.bearer_token().empty())
        out.header("Authorization", "Bearer " + std::string(config.bearer_token().reveal()));
    return out;
}

} // namespace hilum::inline HILUM_ABI::bedrock::detail
