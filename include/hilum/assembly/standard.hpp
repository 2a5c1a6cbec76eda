// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/audit/audit_policy.hpp>
#include <hilum/audit/record.hpp>
#include <hilum/core/config.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/phi/phi_filter_policy.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>
#include <hilum/policy/retry/retry_policy.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What `standard` puts in front of a service, where a host wants other figures than the defaults.
///
/// @code
/// StandardPolicies policies;
/// policies.retry.max_attempts = 5;
/// policies.total = 20s;
/// @endcode
class StandardPolicies {
public:
    StandardPolicies() = default;

    /// With `max_attempts` left as it is, a service that has a setting for retries (Bedrock's
    /// `max_retries`) decides how many attempts there are.
    RetryPolicy retry;
    /// The whole call, with all attempts and pauses.
    Clock::duration total = std::chrono::seconds(60);
    /// Each attempt; for a stream, its first delta.
    Clock::duration attempt = std::chrono::seconds(30);
    /// Longest silence between two deltas of a stream.
    Clock::duration idle = std::chrono::seconds(30);
    /// Unset: what the service recommends, else 5 failures in a row and 30 s.
    std::optional<CircuitBreakerPolicy> breaker;
};

namespace detail {

template <class S>
CircuitBreakerPolicy breaker_for(S const& service, StandardPolicies const& policies) {
    if (policies.breaker)
        return *policies.breaker;
    if constexpr (requires {
                      {
                          service.recommended_circuit_breaker()
                          } -> std::convertible_to<CircuitBreakerPolicy>;
                  })
        return service.recommended_circuit_breaker();
    else {
        auto const to = destination_of(service);
        return CircuitBreakerPolicy().named(to.provider.empty() ? "default" : to.provider);
    }
}

template <class S>
RetryPolicy retry_for(S const& service, RetryPolicy retry) {
    if constexpr (requires {
                      { service.config().max_retries() } -> std::convertible_to<int>;
                  })
        if (retry.max_attempts == RetryPolicy{}.max_attempts) // the host asked for nothing else
            retry.max_attempts = 1 + service.config().max_retries();
    return retry;
}

} // namespace detail

/// The house standard: filter, total limit, retries, breaker, limit of an attempt, audit.
///
/// @code
/// auto journal = FileJournal::open("disclosures.jsonl").value();
/// auto service = standard(OpenAiService(http, config), journal);
/// auto reply = co_await service.generate_text(
///     "Summarise the findings.", about(patient).only("age", "conditions"));
/// @endcode
///
/// A request meets them in this order; `docs/policies.md` says why. `filter` may be a
/// `PhiFilterPolicy` with a scrubber, or a `PhiFreePolicy` with its reason. Throws
/// `ConfigurationError` for figures that can't work. Thread safety: the service it gives is safe.
template <class S, AuditStore Store, Policy Filter = PhiFilterPolicy<>>
auto standard(
    S service,
    std::shared_ptr<Store> journal,
    StandardPolicies const& policies = {},
    Filter filter = Filter()
) {
    auto retry = detail::retry_for(service, policies.retry);
    auto breaker = detail::breaker_for(service, policies);
    return std::move(filter) | TimeoutPolicy{.limit = policies.total} | retry | std::move(breaker) |
           TimeoutPolicy{.limit = policies.attempt, .idle = policies.idle} |
           AuditPolicy(std::move(journal)) | std::move(service);
}

} // namespace hilum::inline HILUM_ABI
