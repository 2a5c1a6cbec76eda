// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/outbound.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Why a reply ended, in one vocabulary for all providers.
enum class FinishReason : std::uint8_t {
    unknown,
    stop,           ///< the model had no more to say, or met a stop sequence
    length,         ///< `max_tokens` or the context's end
    tool_calls,     ///< it asks for a tool
    content_filter, ///< a content filter or guardrail cut it
};

inline char const* to_string(FinishReason reason) noexcept {
    switch (reason) {
    case FinishReason::unknown:
        return "unknown";
    case FinishReason::stop:
        return "stop";
    case FinishReason::length:
        return "length";
    case FinishReason::tool_calls:
        return "tool_calls";
    case FinishReason::content_filter:
        return "content_filter";
    }
    return "unknown";
}

/// Tokens that a call cost, as the provider counted them; 0 where it didn't say.
class Usage {
public:
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
};

/// How text is to be generated. What isn't set isn't sent.
///
/// @code
/// TextOptions{}.max_tokens(300).temperature(0.2).system("Answer in one sentence.")
/// @endcode
class TextOptions {
public:
    TextOptions(int max_tokens = 1000)
        : max_tokens_(max_tokens) {} // NOLINT: a bare number reads well

    /// Longest reply in tokens; the provider counts.
    TextOptions&& max_tokens(int n) && {
        max_tokens_ = n;
        return std::move(*this);
    }

    /// 0 to 2 with most providers; not sent unless set.
    TextOptions&& temperature(double t) && {
        temperature_ = t;
        return std::move(*this);
    }

    /// Instructions that stand before the prompt. A literal, or text that was released.
    TextOptions&& system(TextWrittenInSourceOrReleased text) && {
        system_ = std::move(text).take();
        return std::move(*this);
    }

    int max_tokens() const& noexcept { return max_tokens_; }

    std::optional<double> temperature() const& noexcept { return temperature_; }

    /// Empty when there is none.
    Outbound<std::string> const& system() const& noexcept { return system_; }

private:
    Outbound<std::string> system_;
    std::optional<double> temperature_;
    int max_tokens_;
};

/// A model's answer in text.
class TextReply {
public:
    TextReply() = default;

    explicit TextReply(std::string t) : text(std::move(t)) {}

    std::string text;
    FinishReason finish_reason = FinishReason::unknown;
    Usage usage;
    std::string model;      ///< as the provider names what answered
    std::string request_id; ///< the provider's, for a support case
};

/// Asks for text. The wire form: what it holds may leave.
class GenerateText {
public:
    using response_type = TextReply;
    static constexpr std::string_view name = "generate_text";

    explicit GenerateText(Outbound<std::string> p, TextOptions o = {})
        : prompt(std::move(p)), options(std::move(o)) {}

    explicit GenerateText(TextWrittenInSourceOrReleased p, TextOptions o = {})
        : prompt(std::move(p).take()), options(std::move(o)) {}

    std::shared_ptr<Release const> release() const noexcept {
        return prompt.release() ? prompt.release() : options.system().release();
    }

    Outbound<std::string> prompt;
    TextOptions options;
};

class TextStream;

/// Asks for text in pieces, as they are made. The wire form.
class StreamText {
public:
    using response_type = TextStream;
    static constexpr std::string_view name = "stream_text";

    explicit StreamText(Outbound<std::string> p, TextOptions o = {})
        : prompt(std::move(p)), options(std::move(o)) {}

    explicit StreamText(TextWrittenInSourceOrReleased p, TextOptions o = {})
        : prompt(std::move(p).take()), options(std::move(o)) {}

    std::shared_ptr<Release const> release() const noexcept {
        return prompt.release() ? prompt.release() : options.system().release();
    }

    Outbound<std::string> prompt;
    TextOptions options;
};

} // namespace hilum::inline HILUM_ABI
