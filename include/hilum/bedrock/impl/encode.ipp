// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/bedrock/codec.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/uri.hpp>
#include <hilum/core/detail/json_writer.hpp>

#include <algorithm>
#include <initializer_list>

namespace hilum::inline HILUM_ABI::bedrock {

namespace detail {

using hilum::detail::append_json;
using hilum::detail::append_json_number;
using hilum::detail::append_json_string;

inline bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// `,"name":value`; `validate` has seen to it that the value can be written.
inline void append_member(std::string& out, std::string_view name, json::value const& value) {
    out.push_back(',');
    [[maybe_unused]] bool const named = append_json_string(out, name);
    out.push_back(':');
    [[maybe_unused]] bool const valued = append_json(out, value);
}

inline std::optional<double> number_of(json::value const& value) {
    return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

inline std::optional<std::int64_t> count_of(json::value const& value) {
    boost::system::error_code ec;
    auto const count = value.to_number<std::int64_t>(ec);
    return ec ? std::nullopt : std::optional(count);
}

/// `,"name":number`; false when it isn't finite.
inline bool append_number(std::string& out, std::string_view name, std::optional<double> number) {
    if (!number)
        return true;
    out.append(",\"").append(name).append("\":");
    return append_json_number(out, *number);
}

/// What a text model is asked: everything that differs between an operation and a prediction.
struct Question {
    std::string_view system, prompt;
    std::optional<std::int64_t> max_tokens;
    std::optional<double> temperature;
};

inline Error not_utf8() { return Error(errc::invalid_request, "the text is not valid UTF-8"); }

inline Error not_finite() {
    return Error(errc::invalid_request, "the temperature is not a finite number");
}

/// Room for what is quoted once, and some of it escaped.
inline std::size_t room(Question const& question, std::size_t parameters) {
    auto const text = question.system.size() + question.prompt.size();
    return text + text / 8 + parameters + 256;
}

inline Result<std::string> converse_body(
    Question const& question, std::string const& inner, std::string const& outer
) {
    std::string out;
    out.reserve(room(question, inner.size() + outer.size()));
    out.append("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":");
    if (!append_json_string(out, question.prompt))
        return not_utf8();
    out.append("}]}]");
    if (!question.system.empty()) {
        out.append(",\"system\":[{\"text\":");
        if (!append_json_string(out, question.system))
            return not_utf8();
        out.append("}]");
    }
    auto const begin = out.size();
    if (question.max_tokens) {
        out.append(",\"maxTokens\":");
        append_json_number(out, *question.max_tokens);
    }
    if (!append_number(out, "temperature", question.temperature))
        return not_finite();
    out.append(inner);
    if (out.size() != begin) {
        out.replace(begin, 1, ",\"inferenceConfig\":{");
        out.push_back('}');
    }
    out.append(outer).push_back('}');
    return out;
}

inline Result<std::string> claude_body(Question const& question, std::string const& inner) {
    std::string out;
    out.reserve(room(question, inner.size()));
    out.append("{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":");
    append_json_number(out, question.max_tokens.value_or(1000)); // it won't do without one
    if (!append_number(out, "temperature", question.temperature))
        return not_finite();
    out.append(inner);
    if (!question.system.empty()) {
        out.append(",\"system\":");
        if (!append_json_string(out, question.system))
            return not_utf8();
    }
    out.append(",\"messages\":[{\"role\":\"user\",\"content\":");
    if (!append_json_string(out, question.prompt))
        return not_utf8();
    out.append("}]}");
    return out;
}

/// Closes `{"inputs": ...`. `members` begin with a comma.
inline void append_parameters(std::string& out, std::string_view members) {
    out.append(",\"parameters\":{");
    out.append(members.substr(std::min<std::size_t>(1, members.size()))).append("}}");
}

} // namespace detail

HILUM_DECL Dialect::Dialect(BedrockConfig const& config)
    : api_(config.api()), model_(config.model()), path_("/model/") {
    aws::append_percent_encoded(path_, model_);
    path_.append(api_ == Api::converse ? "/converse" : "/invoke");
    switch (api_) {
    case Api::converse:
        take_converse_parameters(config.model_parameters());
        break;
    case Api::invoke_claude:
        take_claude_parameters(config.model_parameters());
        break;
    default:
        take_generic_parameters(config.model_parameters());
    }
}

HILUM_DECL void Dialect::take_converse_parameters(json::object const& parameters) {
    std::string additional;
    for (auto const& [key, value] : parameters) {
        std::string_view const name = key;
        if (detail::one_of(name, {"maxTokens", "max_tokens"}))
            max_tokens_ = detail::count_of(value);
        else if (name == "temperature")
            temperature_ = detail::number_of(value);
        else if (detail::one_of(name, {"topP", "top_p"}))
            detail::append_member(inner_, "topP", value);
        else if (detail::one_of(name, {"stopSequences", "stop_sequences"}))
            detail::append_member(inner_, "stopSequences", value);
        else if (name == "additionalModelRequestFields" && value.is_object())
            for (auto const& [inner_key, inner_value] : value.get_object())
                detail::append_member(additional, inner_key, inner_value);
        else if (detail::one_of(
                     name,
                     {"guardrailConfig",
                      "additionalModelResponseFieldPaths",
                      "promptVariables",
                      "requestMetadata",
                      "performanceConfig",
                      "serviceTier",
                      "outputConfig"}
                 ))
            detail::append_member(outer_, name, value);
        else
            detail::append_member(additional, name, value);
    }
    if (!additional.empty())
        outer_.append(",\"additionalModelRequestFields\":{").append(additional, 1).append("}");
}

HILUM_DECL void Dialect::take_claude_parameters(json::object const& parameters) {
    for (auto const& [key, value] : parameters) {
        if (key == "max_tokens")
            max_tokens_ = detail::count_of(value);
        else if (key == "temperature")
            temperature_ = detail::number_of(value);
        else if (key != "anthropic_version")
            detail::append_member(inner_, key, value);
    }
}

HILUM_DECL void Dialect::take_generic_parameters(json::object const& parameters) {
    for (auto const& [key, value] : parameters) {
        std::string_view const name = key;
        generic_limit_ = generic_limit_ || detail::one_of(
                                               name,
                                               {"max_new_tokens",
                                                "max_tokens",
                                                "max_gen_len",
                                                "maxTokens",
                                                "maxTokenCount",
                                                "max_length",
                                                "max_tokens_to_sample"}
                                           );
        // Last, so that an operation's own can take its place.
        if (name == "temperature")
            temperature_ = detail::number_of(value);
        else
            detail::append_member(inner_, name, value);
    }
}

HILUM_DECL Result<std::string> encode_text(Dialect const& dialect, GenerateText const& op) {
    auto const& options = op.options;
    if (options.max_tokens() < 1)
        return Error(errc::invalid_request, "max_tokens is less than 1");
    // A limit of the configuration goes before the default of an operation, not before its choice.
    bool const by_default = options.max_tokens() == TextOptions().max_tokens();
    detail::Question question{
        options.system().value(),
        op.prompt.value(),
        by_default && dialect.max_tokens_ ? *dialect.max_tokens_ : options.max_tokens(),
        options.temperature() ? options.temperature() : dialect.temperature_};
    if (dialect.api_ == Api::converse)
        return detail::converse_body(question, dialect.inner_, dialect.outer_);
    if (dialect.api_ == Api::invoke_claude)
        return detail::claude_body(question, dialect.inner_);

    std::string whole;
    if (!question.system.empty()) {
        whole.append(question.system).append("\n\n").append(question.prompt);
        question.prompt = whole;
    }
    std::string out;
    out.reserve(detail::room(question, dialect.inner_.size()));
    out.append("{\"inputs\":");
    if (!detail::append_json_string(out, question.prompt))
        return detail::not_utf8();
    std::string members = dialect.inner_;
    if (!dialect.generic_limit_) {
        members.append(",\"max_new_tokens\":");
        detail::append_json_number(members, *question.max_tokens);
    }
    if (!detail::append_number(members, "temperature", question.temperature))
        return detail::not_finite();
    detail::append_parameters(out, members);
    return out;
}

HILUM_DECL Result<std::string> encode_predict(Dialect const& dialect, Predict<> const& op) {
    std::string input;
    if (dialect.api_ == Api::invoke_model)
        input = "{\"inputs\":";
    if (!detail::append_json(input, op.input.value()))
        return Error(
            errc::invalid_request,
            "the input is nested too deeply, or holds a string that is not UTF-8 or a number that "
            "is not finite"
        );
    if (dialect.api_ == Api::invoke_model) {
        std::string members = dialect.inner_;
        [[maybe_unused]] bool const finite =
            detail::append_number(members, "temperature", dialect.temperature_);
        detail::append_parameters(input, members);
        return input;
    }
    detail::Question const question{
        prediction_instruction, input, dialect.max_tokens_, dialect.temperature_};
    return dialect.api_ == Api::converse
               ? detail::converse_body(question, dialect.inner_, dialect.outer_)
               : detail::claude_body(question, dialect.inner_);
}

} // namespace hilum::inline HILUM_ABI::bedrock
