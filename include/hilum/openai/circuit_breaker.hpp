// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>

#include <chrono>

namespace hilum::inline HILUM_ABI::openai {

/// The breaker that suits OpenAI: opens after 3 failures in a row, for 60 s.
///
/// @code
/// auto service = RetryPolicy{} | openai::circuit_breaker() | OpenAiService(http, config);
/// @endcode
inline CircuitBreakerPolicy circuit_breaker() {
    return CircuitBreakerPolicy().failures(3).open_for(std::chrono::seconds(60)).named("openai");
}

} // namespace hilum::inline HILUM_ABI::openai
