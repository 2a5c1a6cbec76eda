// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/error.hpp>
#include <hilum/bedrock/codec.hpp>
#include <hilum/bedrock/config.hpp>
#include <hilum/bedrock/detail/prepared.hpp>
#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/detail/attempt_limit.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>

#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Models on AWS Bedrock: `Converse` for text models, `InvokeModel` for an account's own.
///
/// @code
/// BedrockService service(
///     http, BedrockConfig::from_environment().model("anthropic.claude-3-haiku-20240307-v1:0"));
/// auto reply = co_await service.generate_text("Say hello.");
/// @endcode
///
/// Offers `generate_text`, `predict` and `get_model_info` (answered without a call). Takes what may
/// leave and nothing else: put a `PhiFilterPolicy` in front of it. One attempt for each call:
/// retries, breakers and audit are policies. A repeated attempt is signed again, at its own time;
/// when `cx.refresh_credentials` is set, with new credentials.
///
/// Throws `ConfigurationError` when it is made from settings that can't work. Copies share their
/// settings, the signer and the client's connections; any thread may call. The configuration's
/// timeout lowers the deadline that the client is given, so the client has to honour it. Errors say
/// "bedrock" and the operation, and hold nothing that was sent.
template <HttpClient Client>
class BedrockService : public ServiceFacade<BedrockService<Client>> {
public:
    static constexpr bool honours_deadline = hilum::honours_deadline<Client>;

    BedrockService(Client http, BedrockConfig config)
        : http_(std::move(http)),
          prepared_(std::make_shared<bedrock::detail::Prepared const>(std::move(config))) {}

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const {
        return exchange(cx, op);
    }

    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) const {
        return exchange(cx, op);
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const {
        auto const& config = prepared_->config;
        co_return ModelInfo(
            config.model(), "AWS Bedrock", config.capabilities(), prepared_->region
        );
    }

    Environment environment() const { return http_.environment(); }

    Destination destination() const { return prepared_->destination; }

    BedrockConfig const& config() const noexcept { return prepared_->config; }

private:
    template <class Operation>
    Task<Result<response_t<Operation>>> exchange(CallContext& cx, Operation const& op) const {
        auto const& prepared = *prepared_;
        auto body = bedrock::detail::encode(prepared.dialect, op);
        if (!body)
            co_return body.error().with_service("bedrock", Operation::name);
        HttpRequest request = prepared.request;
        request.body = std::move(*body);
        hilum::detail::AttemptLimit const limit(cx, prepared.config.timeout());
        if (prepared.signs()) {
            auto const& provider = prepared.config.credentials();
            auto credentials = provider.ready(cx);
            if (!credentials) {
                auto fetched = co_await provider.get(cx);
                if (!fetched)
                    co_return fetched.error().with_service("bedrock", Operation::name);
                credentials = std::move(*fetched);
            }
            prepared.sign(request, *credentials, cx.clock().wall());
            cx.refresh_credentials = false;
        }
        auto const response = co_await http_.send(cx, request);
        if (!response)
            co_return response.error().with_service("bedrock", Operation::name);
        if (response->status < 200 || response->status > 299)
            co_return aws::decode_error(*response, cx.clock().wall())
                .with_service("bedrock", Operation::name);
        auto reply = bedrock::detail::decode(prepared.dialect, *response, op);
        if (!reply)
            co_return reply.error().with_service("bedrock", Operation::name);
        co_return reply;
    }

    mutable Client http_; // a handle, whose calls aren't const
    std::shared_ptr<bedrock::detail::Prepared const> prepared_;
};

} // namespace hilum::inline HILUM_ABI
