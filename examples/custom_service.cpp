// SPDX-License-Identifier: BSL-1.0
//
// A service of your own behind hilum's guards: here a few rules that predict the risk of a fall,
// unavailable at first. Copy it and put your model in their place.
//
// test: -> 0 : 0.75

#include <hilum.hpp>

#include <iostream>
#include <memory>

using namespace hilum;
using namespace std::chrono_literals;

//[custom-service
// The named functions (predict, get_model_info) come from the facade, for whatever is handled.
class FallRisk : public ServiceFacade<FallRisk> {
public:
    explicit FallRisk(int failures) : failures_(std::make_shared<int>(failures)) {}

    // Borrows context and operation until its task ends. Failures are values, not exceptions.
    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) const {
        if (*failures_ > 0) {
            --*failures_;
            std::cout << "attempt " << cx.attempt << "  unavailable\n";
            co_return Error(errc::unavailable, "the rules are being loaded");
        }
        std::cout << "attempt " << cx.attempt << "  answered\n";
        json::value const& input = op.input.value();
        auto const* age = input.is_object() ? input.get_object().if_contains("age") : nullptr;
        if (!age || !age->is_int64())
            co_return Error(errc::invalid_request, "age must be a whole number");
        json::object features;
        features["age_over_80"] = age->get_int64() > 80;
        co_return ModelResult(age->get_int64() > 80 ? 0.75 : 0.25, 0.9, std::move(features));
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const {
        std::vector<std::string> capabilities{"fall-risk"};
        co_return ModelInfo("fall-rules-1", "this program", std::move(capabilities));
    }

    // Where it sends what it is given: for descriptions, audits and names of breakers.
    Destination destination() const { return Destination("rules", "here", "", "fall-rules-1"); }

private:
    std::shared_ptr<int> failures_; // a service is a handle: copies share its state
};

//]

Task<int> ask() {
    auto const service = RetryPolicy{.max_attempts = 3} | CircuitBreakerPolicy() |
                         TimeoutPolicy{.limit = 2s} | FallRisk(2);
    std::cout << describe(service).text() << "\n\n";
    json::object input;
    input["age"] = 84;
    auto made_up = release(json::value(std::move(input)), "demo", "a number that is nobody's");
    auto const result = co_await service.predict(std::move(made_up));
    if (!result) {
        std::cout << result.error().message() << '\n';
        co_return 2;
    }
    std::cout << "\nrisk of a fall  " << result->prediction << "\nconfidence      "
              << result->confidence << '\n';
    co_return 0;
}

int main() { return run(ask()); }
