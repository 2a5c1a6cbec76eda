// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/openai/config.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/exceptions.hpp>
#include <hilum/http/message.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI {

HILUM_DECL openai::HostKind openai::host_kind(std::string_view host) noexcept {
    if (host == "api.openai.com" || host.ends_with(".api.openai.com"))
        return HostKind::openai;
    for (std::string_view const domain :
         {".openai.azure.com",
          ".openai.azure.us",
          ".cognitiveservices.azure.com",
          ".services.ai.azure.com"})
        if (host.ends_with(domain))
            return HostKind::azure;
    return HostKind::other;
}

HILUM_DECL OpenAiConfig OpenAiConfig::from_environment(EnvironmentVariables const& variables) {
    OpenAiConfig config;
    if (auto const key = variables.find("OPENAI_API_KEY"))
        config.api_key(Secret(*key));
    if (auto url = variables.find("OPENAI_BASE_URL"))
        config.base_url(*std::move(url));
    if (auto id = variables.find("OPENAI_ORG_ID"))
        config.organization(*std::move(id));
    if (auto id = variables.find("OPENAI_PROJECT_ID"))
        config.project(*std::move(id));
    return config;
}

HILUM_DECL void OpenAiConfig::validate() const {
    // A stray newline at the end of a key is the usual accident; it must not end a header line.
    auto const sendable = [](std::string_view text) {
        return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    };
    auto const must_be_sendable = [&](char const* field, std::string_view text) {
        if (!sendable(text))
            throw ConfigurationError(
                field, "holds a space, a line end or another character that no header can carry"
            );
    };
    auto const origin = HttpOrigin::parse(base_url_);
    if (!origin) {
        auto const why = origin.error();
        throw ConfigurationError("base_url", std::string(why.text()));
    }
    if (api_key_.empty() && openai::host_kind(origin->host) != openai::HostKind::other)
        throw ConfigurationError("api_key", "is not set (OPENAI_API_KEY)");
    must_be_sendable("api_key", api_key_.reveal());
    must_be_sendable("organization", organization_);
    must_be_sendable("project", project_);
    if (model_.empty())
        throw ConfigurationError("model", "is not set");
    must_be_sendable("model", model_);
    if (temperature_ && !(*temperature_ >= 0 && *temperature_ <= 2))
        throw ConfigurationError("temperature", "is a number from 0 to 2");
    if (timeout_ <= Clock::duration::zero())
        throw ConfigurationError("timeout", "is longer than zero");
}

} // namespace hilum::inline HILUM_ABI
