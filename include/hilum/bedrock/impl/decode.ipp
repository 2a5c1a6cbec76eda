// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/bedrock/codec.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/json_document.hpp>

#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace hilum::inline HILUM_ABI::bedrock {

namespace detail {

using hilum::detail::find_array;
using hilum::detail::find_count;
using hilum::detail::find_member;
using hilum::detail::find_object;
using hilum::detail::find_string;
using hilum::detail::JsonDocument;

/// An error of a reply with a good status; `what` is a literal.
inline Error refuse(errc e, HttpResponse const& response, std::string_view what) {
    return Error(e, what)
        .with_status(response.status)
        .with_provider_request_id(response.find("x-amzn-requestid").value_or(std::string_view()));
}

inline Error malformed(HttpResponse const& response, std::string_view what) {
    return refuse(errc::malformed_reply, response, what);
}

inline Error unreadable(HttpResponse const& response, JsonDocument const& document) {
    if (document.status() == errc::limit_exceeded)
        return refuse(errc::limit_exceeded, response, "the reply is larger than the adapter reads");
    return malformed(response, "the reply is not JSON, or nested too deeply");
}

inline std::string_view view(json::string const& text) noexcept {
    return {text.data(), text.size()};
}

/// All that families of models say for why they stopped.
inline FinishReason finish_reason(json::string const* reason) {
    if (!reason)
        return FinishReason::unknown;

    struct Word {
        std::string_view said;
        FinishReason means;
    };

    constexpr Word words[] = {
        {"end_turn", FinishReason::stop},
        {"stop", FinishReason::stop},
        {"stop_sequence", FinishReason::stop},
        {"FINISH", FinishReason::stop},
        {"COMPLETE", FinishReason::stop},
        {"eos_token", FinishReason::stop},
        {"max_tokens", FinishReason::length},
        {"length", FinishReason::length},
        {"LENGTH", FinishReason::length},
        {"MAX_TOKENS", FinishReason::length},
        {"model_context_window_exceeded", FinishReason::length},
        {"tool_use", FinishReason::tool_calls},
        {"tool_calls", FinishReason::tool_calls},
        {"guardrail_intervened", FinishReason::content_filter},
        {"content_filtered", FinishReason::content_filter},
        {"content_filter", FinishReason::content_filter},
        {"CONTENT_FILTERED", FinishReason::content_filter},
        {"refusal", FinishReason::content_filter},
    };
    for (auto const& word : words)
        if (view(*reason) == word.said)
            return word.means;
    return FinishReason::unknown;
}

/// Appends the texts of a list of blocks; false when it isn't one.
inline bool append_blocks(std::string& out, json::array const& blocks) {
    for (auto const& block : blocks) {
        if (!block.is_object())
            return false;
        if (auto const* text = find_string(block, "text"))
            out.append(view(*text));
    }
    return true;
}

/// `{"output":{"message":{"content":[{"text":...}]}},"stopReason":...,"usage":{...}}`, Converse and
/// Nova; false for anything else.
inline bool read_converse(json::value const& root, TextReply& out) {
    auto const* output = find_member(root, "output");
    auto const* message = output ? find_member(*output, "message") : nullptr;
    auto const* content = message ? find_array(*message, "content") : nullptr;
    auto const* reason = find_string(root, "stopReason");
    if (!content || !reason || !append_blocks(out.text, *content))
        return false;
    out.finish_reason = finish_reason(reason);
    if (auto const* usage = find_member(root, "usage")) {
        out.usage.input_tokens = find_count(*usage, "inputTokens");
        out.usage.output_tokens = find_count(*usage, "outputTokens");
    }
    return true;
}

/// `{"content":[{"type":"text","text":...}],"stop_reason":...,"usage":{...}}`, Claude.
inline bool read_claude(json::value const& root, TextReply& out) {
    auto const* content = find_array(root, "content");
    auto const* reason = find_string(root, "stop_reason");
    if (!content || !reason || !append_blocks(out.text, *content))
        return false;
    out.finish_reason = finish_reason(reason);
    if (auto const* usage = find_member(root, "usage")) {
        out.usage.input_tokens = find_count(*usage, "input_tokens");
        out.usage.output_tokens = find_count(*usage, "output_tokens");
    }
    if (auto const* model = find_string(root, "model");
        model && hilum::detail::is_identifier(view(*model)))
        out.model.assign(model->data(), model->size());
    return true;
}

/// Where a custom model's answer may stand: the first of these members, or the first element.
inline json::value const* descend(
    json::value const& value, std::initializer_list<std::string_view> names
) {
    if (auto const* array = value.if_array())
        return array->empty() ? nullptr : &array->front();
    for (auto const name : names)
        if (auto const* member = find_member(value, name);
            member && (member->is_object() || member->is_array() || member->is_string()))
            return member;
    return nullptr;
}

inline constexpr int max_descent = 6;

inline bool read_generic(json::value const& root, TextReply& out) {
    if (read_converse(root, out) || (out.text.clear(), read_claude(root, out)))
        return true;
    out.text.clear();
    auto const* value = &root;
    for (int i = 0; value && i < max_descent; ++i) {
        for (auto const name : {"stop_reason", "finish_reason", "completionReason", "stopReason"})
            if (auto const* reason = find_string(*value, name))
                out.finish_reason = finish_reason(reason);
        if (auto const* text = value->if_string()) {
            out.text.assign(text->data(), text->size());
            out.usage.input_tokens =
                find_count(root, "prompt_token_count", find_count(root, "inputTextTokenCount"));
            out.usage.output_tokens = find_count(root, "generation_token_count");
            return true;
        }
        value = descend(
            *value,
            {"generated_text",
             "generation",
             "outputText",
             "completion",
             "output_text",
             "text",
             "outputs",
             "results",
             "generations",
             "choices",
             "message",
             "content",
             "output"}
        );
    }
    return false;
}

/// Token counts of `InvokeModel`, where the body has none.
inline void read_counts(HttpResponse const& response, Usage& usage) {
    auto const read = [&](std::string_view name, std::int64_t& out) {
        auto const text = response.find(name);
        std::int64_t count = 0;
        if (out == 0 && text &&
            std::from_chars(text->data(), text->data() + text->size(), count).ec == std::errc() &&
            count > 0)
            out = count;
    };
    read("x-amzn-bedrock-input-token-count", usage.input_tokens);
    read("x-amzn-bedrock-output-token-count", usage.output_tokens);
}

inline bool read_text(Api api, json::value const& root, TextReply& out) {
    switch (api) {
    case Api::converse:
        return read_converse(root, out);
    case Api::invoke_claude:
        return read_claude(root, out);
    default:
        return read_generic(root, out);
    }
}

/// What is left of a reply once a guardrail has said its word.
inline bool intervened(json::value const& root) {
    auto const* action = find_string(root, "amazon-bedrock-guardrailAction");
    return action && *action == "INTERVENED";
}

inline Result<TextReply> read_reply(
    Dialect const& dialect, HttpResponse const& response, JsonDocument const& document
) {
    if (document.status() != errc::ok)
        return unreadable(response, document);
    TextReply out;
    if (!read_text(dialect.api(), document.root(), out))
        return malformed(response, "the reply holds no answer in the form of this API");
    if (intervened(document.root()))
        out.finish_reason = FinishReason::content_filter;
    if (out.text.empty() && out.finish_reason == FinishReason::content_filter)
        return refuse(errc::content_filtered, response, "a filter or guardrail took the answer");
    return out;
}

/// The result, or what is wrong with it together with what the response says of itself.
inline Result<ModelResult> read_result(HttpResponse const& response, Result<ModelResult> result) {
    if (result)
        return result;
    Error const error = result.error();
    return malformed(response, error.text());
}

} // namespace detail

HILUM_DECL Result<TextReply> decode_text(Dialect const& dialect, HttpResponse const& response) {
    detail::JsonDocument const document(response.body);
    auto reply = detail::read_reply(dialect, response, document);
    if (!reply)
        return reply;
    if (reply->model.empty())
        reply->model = dialect.model();
    detail::read_counts(response, reply->usage);
    auto const id = response.find("x-amzn-requestid").value_or(std::string_view());
    if (hilum::detail::is_identifier(id))
        reply->request_id = id;
    return reply;
}

HILUM_DECL Result<ModelResult> decode_predict(
    Dialect const& dialect, HttpResponse const& response
) {
    detail::JsonDocument const document(response.body);
    if (dialect.api() == Api::invoke_model) {
        if (document.status() != errc::ok)
            return detail::unreadable(response, document);
        auto const* value = &document.root();
        for (int i = 0; value && i < detail::max_descent; ++i) {
            if (detail::find_member(*value, "prediction"))
                return detail::read_result(response, read_prediction(*value));
            if (auto const* text = value->if_string())
                return detail::read_result(response, read_prediction(detail::view(*text)));
            value = detail::descend(
                *value,
                {"outputs",
                 "output",
                 "predictions",
                 "results",
                 "result",
                 "generated_text",
                 "generation",
                 "completion"}
            );
        }
        if (detail::intervened(document.root()))
            return detail::refuse(
                errc::content_filtered, response, "a filter or guardrail took the answer"
            );
        // A text model behind a name of one's own.
        if (TextReply reply; detail::read_generic(document.root(), reply))
            return detail::read_result(response, read_prediction(std::string_view(reply.text)));
        return detail::malformed(response, "the reply has no number 'prediction'");
    }
    auto const reply = detail::read_reply(dialect, response, document);
    if (!reply)
        return reply.error();
    if (reply->finish_reason == FinishReason::content_filter)
        return detail::refuse(
            errc::content_filtered, response, "a filter or guardrail took the answer"
        );
    if (reply->finish_reason == FinishReason::length)
        return detail::malformed(response, "the model's answer was cut at its longest length");
    return detail::read_result(response, read_prediction(std::string_view(reply->text)));
}

} // namespace hilum::inline HILUM_ABI::bedrock
