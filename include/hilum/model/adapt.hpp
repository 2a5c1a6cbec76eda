// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/facade.hpp>

#include <boost/json/value.hpp>

#include <concepts>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A class with plain `predict` and `get_model_info` coroutines as a service: what `adapt(object)`
/// gives.
///
/// @code
/// class Rules {
/// public:
///     Task<ModelResult> predict(json::value input);
///     Task<ModelInfo> get_model_info();
/// };
/// auto service = RetryPolicy{} | adapt(Rules());
/// @endcode
///
/// Either may return its reply or a `Result` of it; what it throws passes through.
template <class Object>
class Adapted : public ServiceFacade<Adapted<Object>> {
public:
    explicit Adapted(Object object) : object_(std::move(object)) {}

    Task<Result<ModelResult>> handle(CallContext&, Predict<> const& op) requires
        requires(Object& o, json::value v) {
        o.predict(v);
    }

    {
        Result<ModelResult> result = co_await object_.predict(op.input.value());
        co_return result;
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) requires requires(Object& o) {
        o.get_model_info();
    }

    {
        Result<ModelInfo> result = co_await object_.get_model_info();
        co_return result;
    }

private:
    Object object_;
};

/// Lifts an object with plain coroutines to a service.
template <class Object>
Adapted<Object> adapt(Object object) {
    static_assert(
        detail::survives_co_await<Object>,
        "hilum: give this type a constructor: g++ 12 destroys temporary aggregates that own memory "
        "twice"
    );
    return Adapted<Object>(std::move(object));
}

} // namespace hilum::inline HILUM_ABI
