// SPDX-License-Identifier: BSL-1.0
// Orders of policies that can't work.
//
// error[filter_right_of_retry]: PhiFilterPolicy must stand left of whatever repeats
// error[filter_right_of_cache]: PhiFilterPolicy must stand left of whatever repeats
// error[filter_right_of_hedge]: PhiFilterPolicy must stand left of whatever repeats
// error[filter_nested]: PhiFilterPolicy must stand left of whatever repeats
// error[breaker_left_of_retry]: a breaker or a per-attempt audit must stand right of
// error[breaker_left_of_hedge]: a breaker or a per-attempt audit must stand right of
// error[breaker_nested]: a breaker or a per-attempt audit must stand right of
// error[two_retries]: two policies that repeat the call multiply its attempts
// error[two_retries_nested]: two policies that repeat the call multiply its attempts
// error[two_retries_in_lists]: two policies that repeat the call multiply its attempts
#include <hilum/phi/phi_filter_policy.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>
#include <hilum/policy/retry/retry_policy.hpp>

#include "services.hpp"

using namespace hilum;

/// Policies of a host's own that say what they do.
struct Cache : Guard {
    static constexpr bool retains = true;
};

struct Hedge : Guard {
    static constexpr bool multiplies = true;
};

void join(Model const& model) {
    (void)(PhiFilterPolicy() | Cache() | RetryPolicy() | Hedge() | CircuitBreakerPolicy() | model);
    (void)(PhiFilterPolicy() | (RetryPolicy() | (CircuitBreakerPolicy() | model)));
    (void)(Guard() | PhiFilterPolicy() | RetryPolicy() | model);
#ifdef CASE_filter_right_of_retry
    (void)(RetryPolicy() | PhiFilterPolicy() | model);
#endif
#ifdef CASE_filter_right_of_cache
    (void)(Cache() | PhiFilterPolicy() | model);
#endif
#ifdef CASE_filter_right_of_hedge
    (void)(Hedge() | Guard() | PhiFilterPolicy() | model);
#endif
#ifdef CASE_filter_nested
    (void)(RetryPolicy() | (PhiFilterPolicy() | model));
#endif
#ifdef CASE_breaker_left_of_retry
    (void)(CircuitBreakerPolicy() | RetryPolicy() | model);
#endif
#ifdef CASE_breaker_left_of_hedge
    (void)(CircuitBreakerPolicy() | Hedge() | model);
#endif
#ifdef CASE_breaker_nested
    (void)(CircuitBreakerPolicy() | (RetryPolicy() | model));
#endif
#ifdef CASE_two_retries
    (void)(RetryPolicy() | Guard() | RetryPolicy() | model);
#endif
#ifdef CASE_two_retries_nested
    (void)(RetryPolicy() | (Guard() | (RetryPolicy() | model)));
#endif
#ifdef CASE_two_retries_in_lists
    (void)((RetryPolicy() | Guard()) | (RetryPolicy() | Guard()) | model);
#endif
}
