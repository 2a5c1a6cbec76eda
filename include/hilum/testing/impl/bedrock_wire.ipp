// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/detail/bedrock_wire.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/testing/detail/openai_wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL WireReply
BedrockWire::error(unsigned status, std::string_view type, std::string_view quote) {
    auto const* const usual = status == 400   ? "ValidationException"
                              : status == 403 ? "AccessDeniedException"
                              : status == 404 ? "ResourceNotFoundException"
                              : status == 408 ? "ModelTimeoutException"
                              : status == 424 ? "ModelErrorException"
                              : status == 429 ? "ThrottlingException"
                              : status == 503 ? "ServiceUnavailableException"
                              : status >= 500 ? "InternalServerException"
                                              : "ValidationException";
    auto const name = std::string(type.empty() ? usual : type);
    auto message = "The simulator answers with " + name;
    if (!quote.empty())
        message.append(" (at: ").append(quote).append(")");
    json::object body;
    body["message"] = message;
    WireReply reply(status, json::serialize(body));
    reply.header(
        "x-amzn-errortype", name + ":http://internal.amazon.com/coral/com.amazon.bedrock/"
    );
    return reply;
}

HILUM_DECL WireReply BedrockWire::answer(WireRequest const& request, std::uint64_t number) const {
    auto reply = [&] {
        if (request.header("authorization") != "Bearer " + bearer_key_)
            if (auto const refusal = check_signature(request, keys_)) {
                auto out = error(refusal->status, refusal->type, "");
                json::object body;
                body["message"] = refusal->message;
                out.body = json::serialize(body);
                return out;
            }
        auto const path = request.path();
        auto const slash = path.rfind('/');
        constexpr std::string_view prefix = "/model/";
        auto const operation = path.substr(slash + 1);
        if (slash < prefix.size() || request.method != "POST" ||
            (operation != "converse" && operation != "invoke"))
            return error(404, "UnknownOperationException", "");
        auto const id = percent_decoded(path.substr(prefix.size(), slash - prefix.size()));
        if (id.empty() || id.size() > 2048)
            return error(400, "", "");
        if (id.starts_with("missing"))
            return error(404, "", "");
        boost::system::error_code ec;
        auto const body = json::parse(request.body, ec);
        if (ec || !body.is_object())
            return error(400, "", "");
        return operation == "converse" ? converse(body.get_object(), request.body)
                                       : invoke(body.get_object(), request.body);
    }();
    auto id = std::to_string(number);
    id.insert(0, 12 - std::min<std::size_t>(id.size(), 12), '0');
    reply.header("x-amzn-requestid", "51b0a1a5-0000-4000-8000-" + id);
    return reply;
}

HILUM_DECL std::string BedrockWire::answer_to(std::string_view all, std::string_view prompt) const {
    if (!asks_for_prediction(all))
        return model_.text(prompt);
    boost::system::error_code ec;
    json::value input = json::parse(json::string_view(prompt.data(), prompt.size()), ec);
    if (ec)
        input = SimulatedModel::first_object(prompt);
    return json::serialize(model_.prediction(input));
}

/// What a conversation says, as both Converse and Claude's body write it.
class Conversation {
public:
    /// None when it isn't one.
    static std::optional<Conversation> read(json::object const& body) {
        Conversation out;
        auto const* const messages = body.if_contains("messages");
        if (!messages || !messages->is_array() || messages->get_array().empty())
            return std::nullopt;
        out.all = text_of(body.if_contains("system")) + "\n";
        for (auto const& message : messages->get_array()) {
            auto const* const object = message.if_object();
            auto const* const role = object ? object->if_contains("role") : nullptr;
            if (!role || (*role != "user" && *role != "assistant"))
                return std::nullopt;
            auto const text = text_of(object->if_contains("content"));
            if (text.empty())
                return std::nullopt;
            out.all += text + "\n";
            if (*role == "user")
                out.prompt = text;
        }
        return out;
    }

    std::string all, prompt;
};

inline std::optional<std::size_t> positive(json::value const* value, std::size_t otherwise) {
    if (!value)
        return otherwise;
    if (!value->is_int64() || value->get_int64() < 1)
        return std::nullopt;
    return static_cast<std::size_t>(value->get_int64());
}

HILUM_DECL WireReply BedrockWire::converse(json::object const& body, std::string_view raw) const {
    auto const conversation = Conversation::read(body);
    if (!conversation)
        return error(400, "", quote_of(raw));
    for (auto const& [key, value] : body)
        if (key != "messages" && key != "system" && key != "inferenceConfig" &&
            key != "toolConfig" && key != "guardrailConfig" && key != "requestMetadata" &&
            key != "performanceConfig" && key != "serviceTier" && key != "outputConfig" &&
            !key.starts_with("additionalModel") && key != "promptVariables")
            return error(400, "", "unknown member");
    json::value const* limit = nullptr;
    if (auto const* config = body.if_contains("inferenceConfig"); config && config->is_object())
        limit = config->get_object().if_contains("maxTokens");
    auto const most = positive(limit, std::size_t(1) << 20);
    if (!most)
        return error(400, "", "");
    auto const text = answer_to(conversation->all, conversation->prompt);
    auto const cut = SimulatedModel::first_tokens(text, *most);
    json::object part;
    part["text"] = cut;
    json::object message;
    message["role"] = "assistant";
    message["content"] = json::array{std::move(part)};
    json::object output;
    output["message"] = std::move(message);
    json::object usage;
    usage["inputTokens"] = SimulatedModel::tokens(conversation->all);
    usage["outputTokens"] = SimulatedModel::tokens(cut);
    usage["totalTokens"] = SimulatedModel::tokens(conversation->all) + SimulatedModel::tokens(cut);
    json::object metrics;
    metrics["latencyMs"] = 1;
    json::object out;
    out["output"] = std::move(output);
    out["stopReason"] = cut.size() < text.size() ? "max_tokens" : "end_turn";
    out["usage"] = std::move(usage);
    out["metrics"] = std::move(metrics);
    return WireReply(200, json::serialize(out));
}

HILUM_DECL WireReply BedrockWire::invoke(json::object const& body, std::string_view raw) const {
    auto const counted = [](WireReply reply, std::size_t in, std::size_t out) {
        reply.header("x-amzn-bedrock-input-token-count", std::to_string(in));
        reply.header("x-amzn-bedrock-output-token-count", std::to_string(out));
        reply.header("x-amzn-bedrock-invocation-latency", "1");
        return reply;
    };
    json::object out;
    if (auto const* inputs = body.if_contains("inputs")) {
        if (inputs->is_string()) {
            auto const text = model_.text(std::string_view(inputs->get_string()));
            out["generated_text"] = text;
        } else
            out = model_.prediction(*inputs);
        auto const written = json::serialize(out);
        return counted(
            WireReply(200, written), SimulatedModel::tokens(raw), SimulatedModel::tokens(written)
        );
    }
    if (auto const* text = body.if_contains("inputText"); text && text->is_string()) {
        auto const asked = positive(body.if_contains("dimensions"), 16);
        if (!asked || *asked > 4096)
            return error(400, "", "");
        auto const vector = model_.embedding(std::string_view(text->get_string()), *asked);
        out["embedding"] = json::array(vector.begin(), vector.end());
        out["inputTextTokenCount"] = SimulatedModel::tokens(std::string_view(text->get_string()));
        return counted(WireReply(200, json::serialize(out)), SimulatedModel::tokens(raw), 0);
    }
    auto const conversation = Conversation::read(body);
    auto const* const version = body.if_contains("anthropic_version");
    auto const most = positive(body.if_contains("max_tokens"), 0);
    if (!conversation || !version || *version != "bedrock-2023-05-31" || !most || *most == 0)
        return error(400, "", quote_of(raw));
    auto const text = answer_to(conversation->all, conversation->prompt);
    auto const cut = SimulatedModel::first_tokens(text, *most);
    json::object part;
    part["type"] = "text";
    part["text"] = cut;
    json::object usage;
    usage["input_tokens"] = SimulatedModel::tokens(conversation->all);
    usage["output_tokens"] = SimulatedModel::tokens(cut);
    out["id"] = "msg_bdrk_simulated";
    out["type"] = "message";
    out["role"] = "assistant";
    out["model"] = "claude-simulated";
    out["content"] = json::array{std::move(part)};
    out["stop_reason"] = cut.size() < text.size() ? "max_tokens" : "end_turn";
    out["stop_sequence"] = nullptr;
    out["usage"] = std::move(usage);
    return counted(
        WireReply(200, json::serialize(out)),
        SimulatedModel::tokens(conversation->all),
        SimulatedModel::tokens(cut)
    );
}

} // namespace hilum::inline HILUM_ABI::detail
