// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/outbound.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What a predictive model answers: a number, how sure it is, and what it rests on.
class ModelResult {
public:
    ModelResult() = default;

    ModelResult(double p, double c, json::object f = {})
        : prediction(p), confidence(c), features(std::move(f)) {}

    double prediction = 0;
    double confidence = 0; ///< 0 to 1
    json::object features;
};

/// Asks for a prediction. `Predict<>` is the wire form, JSON that may leave; `Predict<T>` holds a
/// record of the host, which only a filter turns into it.
template <class Input = Outbound<json::value>>
class Predict {
public:
    using response_type = Phi<ModelResult>;
    static constexpr std::string_view name = "predict";

    explicit Predict(Input i) : input(std::move(i)) {}

    Input input;
};

template <>
class Predict<Outbound<json::value>> {
public:
    using response_type = ModelResult;
    static constexpr std::string_view name = "predict";

    explicit Predict(Outbound<json::value> i) : input(std::move(i)) {}

    std::shared_ptr<Release const> release() const noexcept { return input.release(); }

    Outbound<json::value> input;
};

/// What a service says about its model.
class ModelInfo {
public:
    ModelInfo() = default;

    ModelInfo(std::string id, std::string by, std::vector<std::string> can, std::string where = {})
        : model_id(std::move(id)), provider(std::move(by)), region(std::move(where)),
          capabilities(std::move(can)) {}

    std::string model_id;
    std::string provider;
    std::string region; ///< empty where the provider has none
    std::vector<std::string> capabilities;
};

/// Asks what the model is. Holds nothing and reveals nothing.
class GetModelInfo {
public:
    using response_type = ModelInfo;
    static constexpr std::string_view name = "get_model_info";
};

} // namespace hilum::inline HILUM_ABI
