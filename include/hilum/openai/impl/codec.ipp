// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/openai/codec.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/json_document.hpp>
#include <hilum/core/detail/json_writer.hpp>
#include <hilum/openai/errors.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::openai {

namespace detail {

using namespace hilum::detail;

inline constexpr std::size_t max_embeddings_size = std::size_t(64) << 20;

inline bool append_message(std::string& out, std::string_view role, std::string_view text) {
    out.append("{\"role\":\"").append(role).append("\",\"content\":");
    bool const valid = append_json_string(out, text);
    out.push_back('}');
    return valid;
}

inline std::string_view request_id_of(HttpResponse const& response) {
    return response.find("x-request-id").value_or(std::string_view());
}

/// What hosts log must not be a sentence of the provider's.
inline std::string identifier(std::string_view text) {
    return std::string(is_identifier(text) ? text : std::string_view());
}

/// An error of a reply with a good status; `what` is a literal.
inline Error refuse(errc e, HttpResponse const& response, std::string_view what) {
    return Error(e, what)
        .with_status(response.status)
        .with_provider_request_id(request_id_of(response));
}

/// A reply that isn't what the protocol says.
inline Error malformed(HttpResponse const& response, std::string_view what) {
    return refuse(errc::malformed_reply, response, what);
}

inline std::optional<Error> refuse_document(
    HttpResponse const& response, JsonDocument const& document
) {
    if (document.status() == errc::limit_exceeded)
        return refuse(errc::limit_exceeded, response, "the reply is larger than the adapter reads");
    if (document.status() != errc::ok)
        return malformed(response, "the reply is not JSON, or nested too deeply");
    if (auto const* error = find_member(document.root(), "error"); error && !error->is_null())
        return decode_error(response);
    return std::nullopt;
}

inline FinishReason finish_reason(json::value const& choice) {
    auto const* reason = find_string(choice, "finish_reason");
    if (!reason)
        return FinishReason::unknown;
    if (*reason == "stop")
        return FinishReason::stop;
    if (*reason == "length")
        return FinishReason::length;
    if (*reason == "tool_calls" || *reason == "function_call")
        return FinishReason::tool_calls;
    if (*reason == "content_filter")
        return FinishReason::content_filter;
    return FinishReason::unknown;
}

inline Usage usage_of(json::value const& root) {
    Usage usage;
    if (auto const* counts = find_member(root, "usage")) {
        usage.input_tokens = find_count(*counts, "prompt_tokens");
        usage.output_tokens = find_count(*counts, "completion_tokens");
    }
    return usage;
}

inline std::string_view view_of(json::string const* text) {
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

/// What counts of a chat's reply; valid as long as its document.
struct Choice {
    json::string const* content;
    FinishReason finish_reason;
};

inline Result<Choice> first_choice(HttpResponse const& response, JsonDocument const& document) {
    if (auto error = refuse_document(response, document))
        return *std::move(error);
    auto const* choices = find_array(document.root(), "choices");
    if (!choices || choices->empty())
        return malformed(response, "the reply has no choices");
    auto const* message = find_member(choices->front(), "message");
    if (!message || !message->is_object())
        return malformed(response, "the reply's choice has no message");
    Choice const choice{find_string(*message, "content"), finish_reason(choices->front())};
    if (choice.content && !choice.content->empty())
        return choice;
    if (auto const* refusal = find_string(*message, "refusal"); refusal && !refusal->empty())
        return refuse(errc::content_filtered, response, "the model refused to answer")
            .with_provider_message(view_of(refusal));
    if (choice.finish_reason == FinishReason::content_filter)
        return refuse(errc::content_filtered, response, "the provider's content filter took all");
    // Nothing said before the limit, or a tool asked for instead: told by the reason.
    if (!choice.content && choice.finish_reason != FinishReason::length &&
        choice.finish_reason != FinishReason::tool_calls)
        return malformed(response, "the reply's message has no content");
    return choice;
}

/// Reads one vector; false when it isn't an array of numbers that a `float` holds.
inline bool read_vector(json::array const& numbers, std::vector<float>& out) {
    out.reserve(numbers.size());
    for (auto const& number : numbers) {
        if (!number.is_number())
            return false;
        auto const value = static_cast<float>(number.to_number<double>());
        if (!std::isfinite(value))
            return false;
        out.push_back(value);
    }
    return !out.empty();
}

} // namespace detail

HILUM_DECL Dialect::Dialect(OpenAiConfig const& config) : temperature_(config.temperature()) {
    auto const origin = HttpOrigin::parse(config.base_url());
    auto const kind = origin ? host_kind(origin->host) : HostKind::other;
    bool completion = config.token_parameter() == TokenParameter::max_completion_tokens;
    if (config.token_parameter() == TokenParameter::automatic)
        completion = kind != HostKind::other;
    token_parameter_ = completion ? "max_completion_tokens" : "max_tokens";
    json_mode_ = config.json_mode().value_or(kind != HostKind::other);
    std::string head = "{\"model\":";
    [[maybe_unused]] bool const valid = detail::append_json_string(head, config.model());
    embeddings_head_ = head + ",\"encoding_format\":\"float\",\"input\":[";
    chat_head_ = std::move(head);
    if (kind == HostKind::openai)
        chat_head_ += ",\"store\":false";
}

HILUM_DECL Result<std::string> encode_chat(Dialect const& dialect, GenerateText const& op) {
    std::string out;
    if (auto const encoded = encode_chat(out, dialect, op); !encoded)
        return encoded.error();
    return out;
}

HILUM_DECL Result<void> encode_chat(
    std::string& out, Dialect const& dialect, GenerateText const& op
) {
    auto const& options = op.options;
    auto const temperature = options.temperature() ? options.temperature() : dialect.temperature();
    if (options.max_tokens() < 1)
        return Error(errc::invalid_request, "max_tokens is less than 1");
    auto const& system = options.system().value();
    out.clear();
    out.reserve(
        dialect.chat_head().size() + system.size() + op.prompt.value().size() +
        op.prompt.value().size() / 8 + 192
    );
    out.append(dialect.chat_head()).append(",\"").append(dialect.token_parameter()).append("\":");
    detail::append_json_number(out, options.max_tokens());
    if (temperature) {
        out.append(",\"temperature\":");
        if (!detail::append_json_number(out, *temperature))
            return Error(errc::invalid_request, "the temperature is not a finite number");
    }
    out.append(",\"messages\":[");
    bool valid = true;
    if (!system.empty()) {
        valid = detail::append_message(out, "system", system);
        out.push_back(',');
    }
    valid = detail::append_message(out, "user", op.prompt.value()) && valid;
    out.append("]}");
    if (!valid)
        return Error(errc::invalid_request, "the text is not valid UTF-8");
    return {};
}

HILUM_DECL Result<std::string> encode_predict(Dialect const& dialect, Predict<> const& op) {
    std::string input;
    if (!detail::append_json(input, op.input.value()))
        return Error(
            errc::invalid_request,
            "the input is nested too deeply, or holds a string that is not UTF-8 or a number that "
            "is not finite"
        );
    std::string out;
    out.reserve(dialect.chat_head().size() + input.size() + input.size() / 4 + 640);
    out.append(dialect.chat_head());
    if (dialect.temperature()) {
        out.append(",\"temperature\":");
        if (!detail::append_json_number(out, *dialect.temperature()))
            return Error(errc::invalid_request, "the temperature is not a finite number");
    }
    if (dialect.json_mode())
        out.append(",\"response_format\":{\"type\":\"json_object\"}");
    out.append(",\"messages\":[");
    bool valid = detail::append_message(out, "system", prediction_instruction);
    out.push_back(',');
    valid = detail::append_message(out, "user", input) && valid;
    out.append("]}");
    if (!valid)
        return Error(errc::invalid_request, "the input is not valid UTF-8");
    return out;
}

HILUM_DECL Result<std::string> encode_embed(Dialect const& dialect, Embed const& op) {
    if (op.inputs.empty())
        return Error(errc::invalid_request, "there is no text to embed");
    std::string out = dialect.embeddings_head();
    for (auto const& input : op.inputs) {
        if (!detail::append_json_string(out, input.value()))
            return Error(errc::invalid_request, "a text is not valid UTF-8");
        out.push_back(',');
    }
    out.back() = ']';
    out.push_back('}');
    return out;
}

HILUM_DECL Result<TextReply> decode_chat(HttpResponse const& response) {
    detail::JsonDocument const document(response.body);
    auto const choice = detail::first_choice(response, document);
    if (!choice)
        return choice.error();
    TextReply reply(std::string(detail::view_of(choice->content)));
    reply.finish_reason = choice->finish_reason;
    reply.usage = detail::usage_of(document.root());
    reply.model =
        detail::identifier(detail::view_of(detail::find_string(document.root(), "model")));
    reply.request_id = detail::identifier(detail::request_id_of(response));
    return reply;
}

HILUM_DECL Result<ModelResult> decode_predict(HttpResponse const& response) {
    detail::JsonDocument const document(response.body);
    auto const choice = detail::first_choice(response, document);
    if (!choice)
        return choice.error();
    if (choice->finish_reason == FinishReason::length)
        return detail::malformed(response, "the model's answer was cut at its longest length");
    if (!choice->content)
        return detail::malformed(response, "the model's answer is empty");
    auto result = read_prediction(detail::view_of(choice->content));
    if (result)
        return result;
    Error const error = result.error();
    return detail::malformed(response, error.text());
}

HILUM_DECL Result<Embeddings> decode_embed(HttpResponse const& response, std::size_t expected) {
    detail::JsonDocument const document(response.body, detail::max_embeddings_size);
    if (auto error = detail::refuse_document(response, document))
        return *std::move(error);
    auto const* data = detail::find_array(document.root(), "data");
    if (!data || data->size() != expected)
        return detail::malformed(response, "the reply has not one vector for each text");
    Embeddings out;
    out.vectors.resize(expected);
    for (auto const& entry : *data) {
        auto const index = detail::find_count(entry, "index", -1);
        auto const* numbers = detail::find_array(entry, "embedding");
        if (index < 0 || static_cast<std::size_t>(index) >= expected || !numbers)
            return detail::malformed(response, "a vector of the reply has no place or no numbers");
        auto& vector = out.vectors[static_cast<std::size_t>(index)];
        if (!vector.empty())
            return detail::malformed(response, "two vectors of the reply have one place");
        if (!detail::read_vector(*numbers, vector))
            return detail::malformed(response, "a vector of the reply holds no finite numbers");
        if (numbers->size() != data->front().at("embedding").as_array().size())
            return detail::malformed(response, "the vectors of the reply differ in length");
    }
    out.usage = detail::usage_of(document.root());
    out.model = detail::identifier(detail::view_of(detail::find_string(document.root(), "model")));
    return out;
}

} // namespace hilum::inline HILUM_ABI::openai
