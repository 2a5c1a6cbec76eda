// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/mock_model_service.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/core/random.hpp>
#include <hilum/testing/detail/mock_script.hpp>
#include <hilum/testing/detail/pause.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

inline constexpr std::string_view mock_text = "This is a mock reply.";

template <class Operation>
MockCall mock_call(CallContext const& cx) {
    MockCall call;
    call.operation = Operation::name;
    call.request_id = cx.request_id();
    call.attempt = cx.attempt;
    call.options = cx.options;
    return call;
}

template <class Operation>
MockCall mock_text_call(CallContext const& cx, Operation const& op) {
    auto call = mock_call<Operation>(cx);
    call.prompt = op.prompt.value();
    call.system = op.options.system().value();
    call.max_tokens = op.options.max_tokens();
    return call;
}

inline Error mock_error(Error error, std::string_view operation) {
    return std::move(error).with_service("mock", operation);
}

/// As providers count, roughly: four bytes a token.
inline std::int64_t mock_tokens(std::string_view text) {
    return static_cast<std::int64_t>((text.size() + 3) / 4);
}

/// The reply of an answer, with what it leaves open filled in.
inline TextReply mock_reply(MockAnswer const& answer, MockCall const& call) {
    TextReply reply = answer.text.value_or(TextReply());
    if (!answer.text) {
        reply.text = mock_text;
        reply.finish_reason = FinishReason::stop;
    }
    if (!answer.deltas.empty()) {
        reply.text.clear();
        for (auto const& delta : answer.deltas)
            reply.text += delta;
    }
    if (reply.model.empty())
        reply.model = "mock-model-123";
    if (reply.request_id.empty())
        reply.request_id = "mock-" + call.request_id;
    if (reply.usage.input_tokens == 0)
        reply.usage.input_tokens = mock_tokens(call.system) + mock_tokens(call.prompt);
    if (reply.usage.output_tokens == 0)
        reply.usage.output_tokens = mock_tokens(reply.text);
    return reply;
}

inline std::vector<std::string> mock_words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        auto const end = std::min(text.find(' '), text.size() - 1) + 1;
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

class MockTextSource final : public TextSource {
public:
    MockTextSource(MockAnswer answer, TextReply reply)
        : answer_(std::move(answer)), reply_(std::move(reply)) {}

    Task<Result<std::optional<TextDelta>>> next(CallContext& cx) override {
        if (next_ == answer_.deltas.size()) {
            if (answer_.error)
                co_return *answer_.error;
            co_return std::optional<TextDelta>();
        }
        if (auto const interrupted = co_await pause(cx, answer_.delta_delay))
            co_return mock_error(*interrupted, StreamText::name);
        std::optional<TextDelta> delta(TextDelta(answer_.deltas[next_++]));
        co_return delta;
    }

    TextSummary summary() const override {
        TextSummary out;
        out.finish_reason = reply_.finish_reason;
        out.usage = reply_.usage;
        out.model = reply_.model;
        out.request_id = reply_.request_id;
        return out;
    }

    bool honours_deadline() const noexcept override { return true; }

private:
    MockAnswer answer_;
    TextReply reply_;
    std::size_t next_ = 0;
};

} // namespace detail

HILUM_DECL std::vector<float> mock_embedding(std::string_view text, std::size_t dimensions) {
    std::uint64_t seed = 0xcbf29ce484222325ULL; // FNV-1a
    for (char const c : text)
        seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    SeededRandom random(seed);
    std::vector<double> raw(dimensions);
    double length = 0;
    for (auto& x : raw) {
        x = static_cast<double>(random.next() >> 11) * 0x1.0p-52 - 1;
        length += x * x;
    }
    length = length > 0 ? std::sqrt(length) : 1;
    std::vector<float> out;
    out.reserve(dimensions);
    for (auto const x : raw)
        out.push_back(static_cast<float>(x / length));
    return out;
}

HILUM_DECL MockModelService::MockModelService(Environment environment)
    : MockModelService(MockAnswers(), environment) {}

HILUM_DECL MockModelService::MockModelService(MockAnswers answers, Environment environment)
    : script_(std::make_shared<detail::MockScript>(std::move(answers), environment)) {}

HILUM_DECL MockModelService& MockModelService::answer_prediction(
    std::string type, ModelResult result
) {
    MockAnswer canned;
    canned.prediction = std::move(result);
    return answer(std::move(type), std::move(canned));
}

HILUM_DECL MockModelService& MockModelService::answer_prediction(ModelResult result) {
    return answer_prediction("default", std::move(result));
}

HILUM_DECL MockModelService& MockModelService::answer_text(std::string text) {
    TextReply reply(std::move(text));
    reply.finish_reason = FinishReason::stop;
    return answer_text(std::move(reply));
}

HILUM_DECL MockModelService& MockModelService::answer_text(TextReply reply) {
    MockAnswer canned;
    canned.text = std::move(reply);
    return answer("$generate_text", std::move(canned));
}

HILUM_DECL MockModelService& MockModelService::answer_stream(
    std::vector<std::string> deltas, std::optional<Error> then
) {
    MockAnswer canned;
    canned.deltas = std::move(deltas);
    canned.error = std::move(then);
    return answer("$stream_text", std::move(canned));
}

HILUM_DECL MockModelService& MockModelService::answer(std::string key, MockAnswer answer) {
    script_->add(std::move(key), std::move(answer));
    return *this;
}

HILUM_DECL MockModelService& MockModelService::fail_next(Error error, int times) {
    script_->fail(error, times);
    return *this;
}

HILUM_DECL MockModelService& MockModelService::delay(Clock::duration length) {
    script_->delay(length);
    return *this;
}

HILUM_DECL MockModelService& MockModelService::model_info(ModelInfo info) {
    MockAnswer canned;
    canned.info = std::move(info);
    return answer("$get_model_info", std::move(canned));
}

HILUM_DECL std::vector<MockCall> MockModelService::calls() const { return script_->calls(); }

HILUM_DECL std::size_t MockModelService::call_count(std::string_view operation) const {
    return script_->count(operation);
}

HILUM_DECL Environment MockModelService::environment() const { return script_->environment; }

HILUM_DECL Task<Result<ModelResult>> MockModelService::handle(CallContext& cx, Predict<> const& op)
    const {
    auto const script = script_;
    auto call = detail::mock_call<Predict<>>(cx);
    call.input = op.input.value();
    std::string type = "default";
    if (auto const* input = call.input.if_object())
        if (auto const* named = input->if_contains("type"); named && named->is_string())
            type.assign(named->get_string().data(), named->get_string().size());
    auto const answer = script->take(std::move(call), type);
    if (auto const interrupted = co_await detail::pause(cx, answer.delay))
        co_return detail::mock_error(*interrupted, Predict<>::name);
    if (answer.error)
        co_return detail::mock_error(*answer.error, Predict<>::name);
    co_return answer.prediction;
}

HILUM_DECL Task<Result<TextReply>> MockModelService::handle(CallContext& cx, GenerateText const& op)
    const {
    auto const script = script_;
    auto const call = detail::mock_text_call(cx, op);
    auto const answer = script->take(call);
    if (auto const interrupted = co_await detail::pause(cx, answer.delay))
        co_return detail::mock_error(*interrupted, GenerateText::name);
    if (answer.error)
        co_return detail::mock_error(*answer.error, GenerateText::name);
    co_return detail::mock_reply(answer, call);
}

HILUM_DECL Task<Result<TextStream>> MockModelService::handle(CallContext& cx, StreamText const& op)
    const {
    auto const script = script_;
    auto const call = detail::mock_text_call(cx, op);
    auto answer = script->take(call);
    if (auto const interrupted = co_await detail::pause(cx, answer.delay))
        co_return detail::mock_error(*interrupted, StreamText::name);
    if (answer.error)
        answer.error = detail::mock_error(*answer.error, StreamText::name);
    // Without a word of text, an error is the call's own and not the stream's.
    if (answer.error && answer.deltas.empty() && !answer.text)
        co_return *answer.error;
    auto reply = detail::mock_reply(answer, call);
    if (answer.deltas.empty())
        answer.deltas = detail::mock_words(reply.text);
    auto source = std::make_unique<detail::MockTextSource>(std::move(answer), std::move(reply));
    co_return TextStream(cx, std::move(source));
}

HILUM_DECL Task<Result<Embeddings>> MockModelService::handle(CallContext& cx, Embed const& op)
    const {
    auto const script = script_;
    auto call = detail::mock_call<Embed>(cx);
    for (auto const& input : op.inputs)
        call.inputs.push_back(input.value());
    auto const answer = script->take(call);
    if (auto const interrupted = co_await detail::pause(cx, answer.delay))
        co_return detail::mock_error(*interrupted, Embed::name);
    if (answer.error)
        co_return detail::mock_error(*answer.error, Embed::name);
    Embeddings out;
    out.model = "mock-model-123";
    for (auto const& input : call.inputs) {
        out.vectors.push_back(mock_embedding(input, answer.dimensions));
        out.usage.input_tokens += detail::mock_tokens(input);
    }
    co_return out;
}

HILUM_DECL Task<Result<ModelInfo>> MockModelService::handle(CallContext& cx, GetModelInfo const&)
    const {
    auto const script = script_;
    auto const answer = script->take(detail::mock_call<GetModelInfo>(cx));
    if (auto const interrupted = co_await detail::pause(cx, answer.delay))
        co_return detail::mock_error(*interrupted, GetModelInfo::name);
    if (answer.error)
        co_return detail::mock_error(*answer.error, GetModelInfo::name);
    co_return answer.info.value_or(ModelInfo("mock-model-123", "Mock Provider", {"testing"}));
}

} // namespace hilum::inline HILUM_ABI
