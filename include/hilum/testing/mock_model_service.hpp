// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/testing/mock_answers.hpp>
#include <hilum/testing/mock_call.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace detail {

class MockScript;

} // namespace detail

/// A vector for a text that is the same for equal texts, everywhere, and of length 1.
std::vector<float> mock_embedding(std::string_view text, std::size_t dimensions);

/// A model service without a model: canned answers for tests of your own code.
///
/// @code
/// MockModelService mock;                              // or MockModelService("answers.json")
/// mock.fail_next(Error(errc::throttled)).answer_text("Hello.");
/// auto service = RetryPolicy{} | mock;                // copies share what was scripted
/// auto reply = co_await service.generate_text("Say hello.");
/// CHECK(mock.calls().size() == 2);
/// @endcode
///
/// A prediction is answered by its input's `type`; without one, or when nothing is canned for it,
/// by the type `default`; without that by 0.5 with confidence 0.8 and no features. Text is "This is
/// a mock reply.", streams the same word by word, embeddings `mock_embedding`, the model
/// `mock-model-123` of "Mock Provider", which can do "testing". `MockAnswers` says what a file may
/// hold.
///
/// Delays pass in the environment's clock and are cut by deadlines and cancellation. Thread safe.
/// Remembers the latest 1,000 calls, and of them what fits into 16 MiB.
class MockModelService : public ServiceFacade<MockModelService> {
public:
    static constexpr bool honours_deadline = true;

    explicit MockModelService(Environment environment = {});
    explicit MockModelService(MockAnswers answers, Environment environment = {});

    /// Throws `ConfigurationError` that names the file.
    explicit MockModelService(std::filesystem::path const& file, Environment environment = {})
        : MockModelService(MockAnswers::from_file(file), environment) {}

    // What is scripted takes the place of what the file says. Several answers are given in turn,
    // the last one for ever; each call of a setter adds one.

    MockModelService& answer_prediction(std::string type, ModelResult result);

    /// For the type `default`.
    MockModelService& answer_prediction(ModelResult result);
    MockModelService& answer_text(std::string text);
    MockModelService& answer_text(TextReply reply);

    /// The deltas, and then the end or an error.
    MockModelService& answer_stream(
        std::vector<std::string> deltas, std::optional<Error> then = std::nullopt
    );

    /// Any other answer, under its key: "$embed", "$generate_text", or a type.
    MockModelService& answer(std::string key, MockAnswer answer);

    /// The next calls, whatever they ask, get this error; before all answers.
    MockModelService& fail_next(Error error, int times = 1);

    /// From now on every call takes that much longer.
    MockModelService& delay(Clock::duration length);
    MockModelService& model_info(ModelInfo info);

    /// What was asked, in order.
    std::vector<MockCall> calls() const;
    /// How many calls there were, remembered or not; of one operation, or of all.
    std::size_t call_count(std::string_view operation = {}) const;

    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) const;
    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const;
    Task<Result<TextStream>> handle(CallContext& cx, StreamText const& op) const;
    Task<Result<Embeddings>> handle(CallContext& cx, Embed const& op) const;
    Task<Result<ModelInfo>> handle(CallContext& cx, GetModelInfo const& op) const;

    Environment environment() const;

    Destination destination() const { return Destination("mock", {}, {}, "mock-model-123"); }

private:
    std::shared_ptr<detail::MockScript> script_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/mock_model_service.ipp>
#endif
