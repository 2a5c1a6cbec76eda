// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/bedrock/config.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/endpoint.hpp>
#include <hilum/aws/region.hpp>
#include <hilum/core/detail/json_writer.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/http/message.hpp>

#include <algorithm>
#include <string_view>

namespace hilum::inline HILUM_ABI {

namespace bedrock::detail {

inline bool is_visible(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Whether an id is that of a model which Bedrock itself offers, perhaps through an inference
/// profile ("us.anthropic.claude-...").
inline bool is_foundation_model(std::string_view id) noexcept {
    if (id.starts_with("arn:")) {
        for (std::string_view const kind :
             {":foundation-model/",
              ":inference-profile/",
              ":application-inference-profile/",
              ":prompt/",
              ":default-prompt-router/",
              ":prompt-router/"})
            if (id.find(kind) != id.npos)
                return true;
        return false;
    }
    for (std::string_view const region :
         {"us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "sa.", "me.", "af.", "global."})
        if (id.starts_with(region)) {
            id.remove_prefix(region.size());
            break;
        }
    for (std::string_view const vendor :
         {"ai21.",
          "amazon.nova",
          "amazon.titan-text",
          "anthropic.",
          "cohere.command",
          "deepseek.",
          "google.",
          "meta.",
          "minimax.",
          "mistral.",
          "moonshot",
          "nvidia.",
          "openai.",
          "qwen.",
          "writer.",
          "zai."})
        if (id.starts_with(vendor))
            return true;
    return false;
}

} // namespace bedrock::detail

HILUM_DECL BedrockConfig BedrockConfig::from_environment(EnvironmentVariables const& variables) {
    BedrockConfig out;
    out.region_ = aws::region_from_environment(variables).value_or("");
    out.endpoint_ = aws::endpoint_url_from_environment("BEDROCK_RUNTIME", variables).value_or("");
    auto const options = aws::endpoint_options_from_environment(variables);
    out.fips_ = options.fips;
    out.dual_stack_ = options.dual_stack;
    out.bearer_token_ = aws::bearer_token_from_environment("BEDROCK", variables);
    if (out.bearer_token_.empty() && aws::EnvironmentCredentials::read(variables))
        out.credentials_ = aws::EnvironmentCredentials(variables);
    return out;
}

HILUM_DECL std::string BedrockConfig::region() const {
    if (!region_.empty() || endpoint_.empty())
        return region_;
    auto const origin = HttpOrigin::parse(endpoint_);
    return origin ? aws::region_of_host(origin->host).value_or("") : std::string();
}

HILUM_DECL bedrock::Api BedrockConfig::api() const {
    if (api_ != bedrock::Api::automatic)
        return api_;
    return bedrock::detail::is_foundation_model(model_) ? bedrock::Api::converse
                                                        : bedrock::Api::invoke_model;
}

HILUM_DECL void BedrockConfig::validate() const {
    if (model_.empty())
        throw ConfigurationError("model", "must be given: a model id, a profile's id or an ARN");
    if (model_.size() > 2048 || !bedrock::detail::is_visible(model_) || model_ == "." ||
        model_ == "..")
        throw ConfigurationError("model", "must be printable ASCII of at most 2048 characters");
    if (!endpoint_.empty()) {
        if (auto const origin = HttpOrigin::parse(endpoint_); !origin)
            throw ConfigurationError("endpoint", std::string(origin.error().text()));
        if (fips_ || dual_stack_)
            throw ConfigurationError(
                fips_ ? "fips" : "dual_stack", "can't be had together with an endpoint of one's own"
            );
    }
    if (bearer_token_.empty() && credentials_.empty())
        throw ConfigurationError(
            "credentials",
            "must be given in code, or as AWS_BEARER_TOKEN_BEDROCK or as AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        );
    if (!bedrock::detail::is_visible(bearer_token_.reveal()))
        throw ConfigurationError("bearer_token", "must be printable ASCII without spaces");
    // With a bearer token and an endpoint nothing depends on the region.
    if (auto const name = region(); !name.empty() || endpoint_.empty() || bearer_token_.empty())
        aws::check_region(name);
    if (timeout_ <= Clock::duration::zero())
        throw ConfigurationError("timeout", "must be longer than nothing");
    if (max_retries_ < 0 || max_retries_ > 100)
        throw ConfigurationError("max_retries", "must be from 0 to 100");
    std::string text;
    if (!hilum::detail::append_json(text, model_parameters_))
        throw ConfigurationError(
            "model_parameters", "must hold finite numbers and UTF-8, and at most 64 levels"
        );
    if (auto const* temperature = model_parameters_.if_contains("temperature");
        temperature && !temperature->is_number())
        throw ConfigurationError("model_parameters", "\"temperature\" must be a number");
    if (api() == bedrock::Api::invoke_model)
        return;
    for (std::string_view const own : {"messages", "system", "inferenceConfig"})
        if (model_parameters_.contains(own))
            throw ConfigurationError(
                "model_parameters",
                "must not hold \"" + std::string(own) + "\", which is written for each request"
            );
    for (std::string_view const limit : {"maxTokens", "max_tokens"})
        if (auto const* value = model_parameters_.if_contains(limit)) {
            boost::system::error_code ec;
            if (auto const count = value->to_number<int>(ec); ec || count < 1)
                throw ConfigurationError(
                    "model_parameters", "\"" + std::string(limit) + "\" must be a whole number > 0"
                );
        }
}

} // namespace hilum::inline HILUM_ABI
