// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/policy/detail/duration_text.hpp>
#include <hilum/policy/retry/backoff.hpp>
#include <hilum/policy/retry/events.hpp>
#include <hilum/policy/retry/retry_budget.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Whether a failed attempt may be made again, by how far it got (`Error::delivery()`).
///
/// Never: what was cancelled, what hilum itself refused (an open circuit, a full bulkhead, a rate
/// limit, the filter, the audit), and what the call's total limit ended.
inline bool may_retry(Error const& error, bool retry_unknown) noexcept {
    switch (error.value()) {
    case errc::ok:
    case errc::cancelled:
    case errc::circuit_open:
    case errc::rate_limited:
    case errc::bulkhead_full:
    case errc::phi_blocked:
    case errc::audit_failed:
    case errc::unsupported:
    case errc::invalid_configuration:
    case errc::credentials_expired: // has a way of its own
        return false;
    default:
        break;
    }
    if (error == errc::timeout && error.scope() == Scope::total)
        return false;
    switch (error.delivery()) {
    case Delivery::not_sent:
    case Delivery::rejected_for_now:
        return true;
    case Delivery::unknown:
        return retry_unknown;
    case Delivery::rejected:
    case Delivery::answered:
        return false;
    }
    return false;
}

/// Makes a failed call again, after a pause, if that can do no harm.
///
/// @code
/// RetryPolicy{.max_attempts = 4} | CircuitBreakerPolicy{} | TimeoutPolicy{10s} | service
/// @endcode
///
/// | the attempt | again |
/// | --- | --- |
/// | was not sent, or was rejected for now | yes |
/// | was sent, and nobody knows its effect (timeout, 500, connection lost) | if `retry_unknown` |
/// | was rejected, answered, cancelled, or refused by hilum itself | no |
/// | found its credentials expired | once, at once, signed anew, and not counted |
/// | was a stream that has handed something on | no |
///
/// A pause (`Backoff`) never reaches beyond the call's deadline: then the error is returned at
/// once. Retries are bounded by a budget that all calls of the joined service share
/// (`RetryBudget`); when it is empty, errors pass through. Reports `RetryScheduled` and
/// `RetryBudgetExhausted`. Chance comes from the call's environment. Thread safety: configuration
/// is a value; the layer is safe.
struct RetryPolicy {
    using policy = deciding;
    static constexpr bool repeats = true;
    static constexpr std::string_view name = "retry";

    /// With the first one; 1 to 100.
    int max_attempts = 3;
    /// Repeat also what may have taken effect: a model call may then run, cost and disclose twice.
    bool retry_unknown = false;
    BackoffOptions backoff{};
    RetryBudgetOptions budget{};
    /// A budget that is shared with others instead; it must outlive the service.
    RetryBudget* shared_budget = nullptr;

    /// What OpenAI's own clients do: two retries, 0.5 s doubling up to 8 s, also after 408, 409,
    /// 5xx and broken connections; hints up to 60 s; no budget of theirs, so ours stays on.
    ///
    /// **A call may run twice**: the provider may have answered the first one.
    static constexpr RetryPolicy like_openai_sdk() noexcept {
        using namespace std::chrono_literals;
        return RetryPolicy{
            .max_attempts = 3,
            .retry_unknown = true,
            .backoff = {.base = 500ms, .throttled_base = 500ms, .cap = 8s, .longest_hint = 60s}};
    }

    /// What the AWS SDKs' standard mode of 2026 does: two retries, 50 ms (throttled: 1 s) doubling
    /// up to 20 s, also after 5xx and timeouts; 35 retries at first, then one for 14 successes.
    ///
    /// **A call may run twice**: the provider may have answered the first one.
    static constexpr RetryPolicy like_aws_sdk() noexcept {
        using namespace std::chrono_literals;
        return RetryPolicy{
            .max_attempts = 3,
            .retry_unknown = true,
            .backoff = {.base = 50ms, .throttled_base = 1s, .cap = 20s},
            .budget = {.ratio = 1.0 / 14, .burst = 35}};
    }

    std::string describe() const {
        std::string out = "max_attempts=" + std::to_string(max_attempts) +
                          ", base=" + detail::duration_text(backoff.base) +
                          ", cap=" + detail::duration_text(backoff.cap);
        if (retry_unknown)
            out += ", retry_unknown";
        if (shared_budget)
            out += ", shared budget";
        else if (!budget.enabled)
            out += ", no budget";
        return out;
    }

    class Layer;

    class Visit {
    public:
        explicit Visit(Layer& layer) noexcept : layer_(&layer) {}

        Verdict leave(CallContext& cx, Outcome const& outcome);

    private:
        Verdict again(CallContext& cx, Error const& error);

        Layer* layer_;
        int attempts_ = 1;
        bool refreshed_ = false;
    };

    class Layer {
    public:
        /// Throws `ConfigurationError` for settings that can't work.
        explicit Layer(RetryPolicy const& p)
            : backoff_(p.backoff), own_(p.budget),
              budget_(p.shared_budget ? p.shared_budget : &own_), max_attempts_(p.max_attempts),
              retry_unknown_(p.retry_unknown) {
            if (p.max_attempts < 1 || p.max_attempts > 100)
                throw ConfigurationError("retry.max_attempts", "must be 1 to 100");
        }

        Layer(Layer const&) = delete;
        Layer& operator=(Layer const&) = delete;

        Result<Visit> enter(CallContext&) noexcept { return Visit(*this); }

        RetryBudget& budget() noexcept { return *budget_; }

    private:
        friend Visit;

        Backoff backoff_;
        RetryBudget own_;
        RetryBudget* budget_;
        int max_attempts_;
        bool retry_unknown_;
    };
};

inline Verdict RetryPolicy::Visit::leave(CallContext& cx, Outcome const& outcome) {
    if (refreshed_)
        cx.refresh_credentials = false; // whoever signs has seen it
    if (!outcome.error) {
        layer_->budget_->deposit();
        return {};
    }
    if (outcome.handed_on)
        return {};
    return again(cx, *outcome.error);
}

inline Verdict RetryPolicy::Visit::again(CallContext& cx, Error const& error) {
    if (error == errc::credentials_expired) {
        if (std::exchange(refreshed_, true) || error.delivery() == Delivery::answered)
            return {};
        cx.refresh_credentials = true;
        return Again(Clock::duration::zero(), false);
    }
    if (attempts_ >= layer_->max_attempts_ || !may_retry(error, layer_->retry_unknown_))
        return {};
    auto const pause = layer_->backoff_.pause(attempts_, error, cx.random());
    if (!pause)
        return {};
    if (cx.deadline != Clock::never && Clock::after(cx.clock().now(), *pause) >= cx.deadline)
        return {};
    if (!layer_->budget_->try_withdraw()) {
        cx.emit(RetryBudgetExhausted{attempts_, error.value()});
        return {};
    }
    cx.emit(RetryScheduled{attempts_, *pause, error.value()});
    ++attempts_;
    return Again(*pause);
}

} // namespace hilum::inline HILUM_ABI
