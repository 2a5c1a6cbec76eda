// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/env_vars.hpp>
#include <hilum/core/secret.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace openai {

/// Who answers at a base URL: that decides which optional fields it understands.
enum class HostKind : std::uint8_t {
    openai, ///< api.openai.com and its residency hosts, `*.api.openai.com`
    azure,  ///< a resource on Azure
    other,  ///< whatever else speaks the protocol: vLLM, Ollama, LiteLLM, a simulator
};

HILUM_DECL HostKind host_kind(std::string_view host) noexcept;

/// The name under which the longest reply is asked for. Reasoning models of OpenAI refuse
/// `max_tokens`; many other servers know nothing else.
enum class TokenParameter : std::uint8_t {
    automatic, ///< `max_completion_tokens` for OpenAI and Azure, `max_tokens` for others
    max_completion_tokens,
    max_tokens,
};

} // namespace openai

/// What `OpenAiService` needs to know: key, model and where.
///
/// @code
/// auto config = OpenAiConfig(Secret(key), "gpt-4.1-mini").temperature(0.2).timeout(20s);
/// auto same = OpenAiConfig::from_environment().model("gpt-4.1-mini");
/// auto local = OpenAiConfig(Secret(), "llama3.2").base_url("http://127.0.0.1:11434/v1");
/// @endcode
///
/// Setters only keep what they are given; `validate`, which the service calls when it is made,
/// throws `ConfigurationError` with the name of the field and never with its value. The key is
/// sent to `base_url` and nowhere else.
class OpenAiConfig {
public:
    static constexpr std::string_view default_base_url = "https://api.openai.com/v1";

    OpenAiConfig() = default;

    OpenAiConfig(Secret api_key, std::string model)
        : api_key_(std::move(api_key)), model_(std::move(model)) {}

    /// Reads `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`, as the
    /// official clients do. The model is the program's own choice. Throws nothing: what is missing
    /// is found by `validate`.
    static OpenAiConfig from_environment(EnvironmentVariables const& variables = {});

    /// Required for hosts of OpenAI and Azure; without one, no `Authorization` is sent.
    OpenAiConfig& api_key(Secret key) {
        api_key_ = std::move(key);
        return *this;
    }

    /// The model's id; for Azure the deployment's name.
    OpenAiConfig& model(std::string id) {
        model_ = std::move(id);
        return *this;
    }

    /// 0 to 2; for calls that don't set their own. Not sent unless set: reasoning models refuse it.
    OpenAiConfig& temperature(double t) {
        temperature_ = t;
        return *this;
    }

    /// Where the API begins, "https://api.openai.com/v1".
    OpenAiConfig& base_url(std::string url) {
        base_url_ = std::move(url);
        return *this;
    }

    /// Sent as `OpenAI-Organization`.
    OpenAiConfig& organization(std::string id) {
        organization_ = std::move(id);
        return *this;
    }

    /// Sent as `OpenAI-Project`.
    OpenAiConfig& project(std::string id) {
        project_ = std::move(id);
        return *this;
    }

    /// Longest time of one attempt; the sooner of this and the call's deadline holds. 30 s.
    OpenAiConfig& timeout(Clock::duration limit) {
        timeout_ = limit;
        return *this;
    }

    OpenAiConfig& token_parameter(openai::TokenParameter choice) {
        token_parameter_ = choice;
        return *this;
    }

    /// Whether `predict` asks for `response_format` `json_object`. Hosts of OpenAI and Azure are
    /// asked unless told otherwise, others only when told.
    OpenAiConfig& json_mode(bool on) {
        json_mode_ = on;
        return *this;
    }

    /// What `get_model_info` answers; `{"text-generation", "prediction"}` unless told otherwise.
    OpenAiConfig& capabilities(std::vector<std::string> names) {
        capabilities_ = std::move(names);
        return *this;
    }

    Secret const& api_key() const noexcept { return api_key_; }

    std::string const& model() const noexcept { return model_; }

    std::optional<double> temperature() const noexcept { return temperature_; }

    std::string const& base_url() const noexcept { return base_url_; }

    std::string const& organization() const noexcept { return organization_; }

    std::string const& project() const noexcept { return project_; }

    Clock::duration timeout() const noexcept { return timeout_; }

    openai::TokenParameter token_parameter() const noexcept { return token_parameter_; }

    std::optional<bool> json_mode() const noexcept { return json_mode_; }

    std::vector<std::string> const& capabilities() const noexcept { return capabilities_; }

    /// Throws `ConfigurationError` for the first field that can't work.
    void validate() const;

private:
    Secret api_key_;
    std::string model_;
    std::string base_url_{default_base_url};
    std::string organization_, project_;
    std::vector<std::string> capabilities_{"text-generation", "prediction"};
    std::optional<double> temperature_;
    Clock::duration timeout_ = std::chrono::seconds(30);
    std::optional<bool> json_mode_;
    openai::TokenParameter token_parameter_ = openai::TokenParameter::automatic;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/openai/impl/config.ipp>
#endif
