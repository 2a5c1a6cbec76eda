// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/openai/circuit_breaker.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>
#include <hilum/openai/detail/prepared.hpp>
#include <hilum/openai/errors.hpp>

#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// OpenAI, and whatever else speaks its protocol: chat completions and embeddings.
///
/// @code
/// OpenAiService service(http, OpenAiConfig(key, "gpt-4.1-mini"));
/// auto reply = co_await service.generate_text("Say hello.");
/// @endcode
///
/// Offers `generate_text`, `predict` (asks the model for a JSON object), `embed` and
/// `get_model_info` (answered without a call). Takes what may leave and nothing else: put a
/// `PhiFilterPolicy` in front of it. One attempt for each call: retries, breakers and audit are
/// policies.
///
/// Throws `ConfigurationError` when it is made from settings that can't work. Copies share their
/// settings and the client's connections; any thread may call. The configuration's timeout lowers
/// the deadline that the client is given, so the client has to honour it. Errors say "openai" and
/// the operation, and hold nothing that was sent.
template <HttpClient Client>
class OpenAiService : public ServiceFacade<OpenAiService<Client>> {
public:
    static constexpr bool honours_deadline = hilum::honours_deadline<Client>;

    OpenAiService(Client http, OpenAiConfig config)
        : http_(std::move(http)),
          prepared_(std::make_shared<openai::detail::Prepared const>(std::move(config))) {}

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const {
        return exchange(cx, op);
    }

    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) const {
        return exchange(cx, op);
    }

    Task<Result<Embeddings>> handle(CallContext& cx, Embed const& op) const {
        return exchange(cx, op);
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const {
        auto const& config = prepared_->config;
        co_return ModelInfo(config.model(), "OpenAI", config.capabilities());
    }

    Environment environment() const { return http_.environment(); }

    Destination destination() const { return prepared_->destination; }

    /// What `standard` uses unless told otherwise.
    CircuitBreakerPolicy recommended_circuit_breaker() const { return openai::circuit_breaker(); }

    OpenAiConfig const& config() const noexcept { return prepared_->config; }

private:
    template <class Operation>
    static Error named(Error error) {
        return std::move(error).with_service("openai", Operation::name);
    }

    template <class Operation>
    Task<Result<response_t<Operation>>> exchange(CallContext& cx, Operation const& op) const {
        auto const& prepared = *prepared_;
        auto const request = prepared.template request<Operation>();
        auto const encoded = openai::detail::encode(request->body, prepared.dialect, op);
        if (!encoded)
            co_return named<Operation>(encoded.error());
        openai::detail::AttemptLimit const limit(cx, prepared.config.timeout());
        auto const response = co_await http_.send(cx, *request);
        if (!response)
            co_return named<Operation>(response.error());
        if (response->status < 200 || response->status > 299)
            co_return named<Operation>(openai::decode_error(*response, cx.clock().wall()));
        auto reply = openai::detail::decode(*response, op);
        if (!reply)
            co_return named<Operation>(reply.error());
        co_return reply;
    }

    mutable Client http_; // a handle, whose calls aren't const
    std::shared_ptr<openai::detail::Prepared const> prepared_;
};

} // namespace hilum::inline HILUM_ABI
