// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/adapt.hpp>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

/// A class that knows nothing of hilum but `Task`.
class Rules {
public:
    explicit Rules(std::string id) : id_(std::move(id)) {}

    Task<ModelResult> predict(json::value input) {
        ++calls_;
        co_return ModelResult(input.at("age").as_int64() > 60 ? 0.9 : 0.1, 1.0);
    }

    Task<ModelInfo> get_model_info() {
        ModelInfo info;
        info.model_id = id_;
        info.provider = std::to_string(calls_);
        co_return info;
    }

private:
    std::string id_;
    int calls_ = 0;
};

class MayFail {
public:
    Task<Result<ModelResult>> predict(json::value) { co_return Error(errc::server_error); }
};

using Service = decltype(adapt(Rules("r")));
static_assert(Handles<Service, Predict<>> && Handles<Service, GetModelInfo>);
static_assert(!Handles<Service, GenerateText>);
static_assert(!Handles<decltype(adapt(MayFail())), GetModelInfo>);

Outbound<json::value> patient(int age) {
    json::object o;
    o["age"] = age;
    return release(json::value(std::move(o)), "test", "made up");
}

} // namespace

TEST_CASE("adapt: a plain class is a service") {
    auto const service = adapt(Rules("rules-1"));
    CHECK(run(service.predict(patient(70)))->prediction == 0.9);
    CHECK(run(service.get_model_info())->model_id == "rules-1");
    CHECK(run(service.get_model_info())->provider == "1"); // its own state, not a copy's
}

TEST_CASE("adapt: and can be guarded") {
    Log log;
    auto const service = Note("A", log) | Repeat(2) | adapt(MayFail());
    CHECK(run(service.predict(patient(70))).error() == errc::server_error);
    CHECK(log.text() == "A> A<server_error");
}
