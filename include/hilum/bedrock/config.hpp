// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/credentials.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/env_vars.hpp>
#include <hilum/core/secret.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace bedrock {

/// How a model is spoken to.
enum class Api : std::uint8_t {
    /// `converse` for foundation models and inference profiles; `invoke_model` for what an account
    /// has of its own (custom, imported and provisioned models, SageMaker endpoints) and for names
    /// that aren't known.
    automatic,
    /// `Converse`: one form for all text models.
    converse,
    /// `InvokeModel` with `{"inputs": ..., "parameters": model_parameters}`.
    invoke_model,
    /// `InvokeModel` with the body of Anthropic's Messages API.
    invoke_claude,
};

} // namespace bedrock

/// What `BedrockService` needs to know: model, region, credentials.
///
/// @code
/// auto config = BedrockConfig("anthropic.claude-3-haiku-20240307-v1:0", "eu-west-1")
///                   .credentials(aws::StaticCredentials(keys))
///                   .timeout(20s);
/// auto same = BedrockConfig::from_environment().model("anthropic.claude-3-haiku-20240307-v1:0");
/// @endcode
///
/// Setters only keep what they are given; `validate`, which the service calls when it is made,
/// throws `ConfigurationError` with the name of the field and never with its value.
class BedrockConfig {
public:
    BedrockConfig() = default;

    explicit BedrockConfig(std::string model, std::string region = {})
        : model_(std::move(model)), region_(std::move(region)) {}

    /// Reads what the official clients read: `AWS_REGION`, `AWS_DEFAULT_REGION`;
    /// `AWS_BEARER_TOKEN_BEDROCK`, else `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN`; `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, else `AWS_ENDPOINT_URL`;
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`. The model is the program's own
    /// choice. Throws nothing: what is missing is found by `validate`.
    static BedrockConfig from_environment(EnvironmentVariables const& variables = {});

    /// A model id, an inference profile's id or an ARN.
    BedrockConfig& model(std::string id) {
        model_ = std::move(id);
        return *this;
    }

    /// "us-east-1". Not needed where the endpoint's host names it.
    BedrockConfig& region(std::string name) {
        region_ = std::move(name);
        return *this;
    }

    /// Whoever gives the credentials to sign with. Takes the place of a bearer token.
    BedrockConfig& credentials(aws::AnyCredentialsProvider provider) {
        credentials_ = std::move(provider);
        bearer_token_ = Secret();
        return *this;
    }

    /// A Bedrock API key, sent instead of a signature. Takes the place of credentials.
    BedrockConfig& bearer_token(Secret token) {
        bearer_token_ = std::move(token);
        credentials_ = aws::AnyCredentialsProvider();
        return *this;
    }

    /// A base URL instead of the region's own: a VPC endpoint, a proxy, a simulator.
    BedrockConfig& endpoint(std::string url) {
        endpoint_ = std::move(url);
        return *this;
    }

    /// The region's addresses with FIPS 140 validated modules. Not together with `endpoint`.
    BedrockConfig& fips(bool on) {
        fips_ = on;
        return *this;
    }

    /// The region's addresses for IPv4 and IPv6. Not together with `endpoint`.
    BedrockConfig& dual_stack(bool on) {
        dual_stack_ = on;
        return *this;
    }

    BedrockConfig& api(bedrock::Api choice) {
        api_ = choice;
        return *this;
    }

    /// What the model is given besides the input. With `invoke_model` it is the body's
    /// `parameters` as it stands; with `invoke_claude` its members stand beside `messages`; with
    /// `converse` those of `inferenceConfig` go there, those of the request into the request and
    /// the rest into `additionalModelRequestFields`.
    BedrockConfig& model_parameters(json::object parameters) {
        model_parameters_ = std::move(parameters);
        return *this;
    }

    /// What `get_model_info` answers; `{"text-generation", "prediction"}` unless told otherwise.
    BedrockConfig& capabilities(std::vector<std::string> names) {
        capabilities_ = std::move(names);
        return *this;
    }

    /// Longest time of one attempt; the sooner of this and the call's deadline holds. 30 s.
    BedrockConfig& timeout(Clock::duration limit) {
        timeout_ = limit;
        return *this;
    }

    /// How often a call may be made again: 3. The service itself makes one attempt; whoever puts a
    /// `RetryPolicy` in front of it asks for `max_retries() + 1` attempts.
    BedrockConfig& max_retries(int count) {
        max_retries_ = count;
        return *this;
    }

    std::string const& model() const noexcept { return model_; }

    /// The region that was set, else the one that the endpoint's host names; may be empty.
    std::string region() const;

    aws::AnyCredentialsProvider const& credentials() const noexcept { return credentials_; }

    Secret const& bearer_token() const noexcept { return bearer_token_; }

    std::string const& endpoint() const noexcept { return endpoint_; }

    bool fips() const noexcept { return fips_; }

    bool dual_stack() const noexcept { return dual_stack_; }

    /// Never `automatic`: what it comes to for this model.
    bedrock::Api api() const;

    json::object const& model_parameters() const noexcept { return model_parameters_; }

    std::vector<std::string> const& capabilities() const noexcept { return capabilities_; }

    Clock::duration timeout() const noexcept { return timeout_; }

    int max_retries() const noexcept { return max_retries_; }

    /// Throws `ConfigurationError` for the first field that can't work.
    void validate() const;

private:
    std::string model_, region_, endpoint_;
    aws::AnyCredentialsProvider credentials_;
    Secret bearer_token_;
    json::object model_parameters_;
    std::vector<std::string> capabilities_{"text-generation", "prediction"};
    Clock::duration timeout_ = std::chrono::seconds(30);
    int max_retries_ = 3;
    bedrock::Api api_ = bedrock::Api::automatic;
    bool fips_ = false, dual_stack_ = false;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/bedrock/impl/config.ipp>
#endif
