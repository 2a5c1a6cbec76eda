// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/policy/detail/duration_text.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// Limits how long a call, or each of its attempts, may take.
///
/// @code
/// TimeoutPolicy{30s} | RetryPolicy{} | TimeoutPolicy{10s} | service    // all of it, each attempt
/// RetryPolicy{} | TimeoutPolicy{.limit = 10s, .idle = 5s} | service    // and between two deltas
/// @endcode
///
/// Left of what repeats or multiplies the call it limits the whole, with all attempts and pauses
/// (`Scope::total`); else an attempt. It only lowers `cx.deadline`; services that honour deadlines
/// end the call themselves, around others the driver does. The end is `errc::timeout` with the
/// scope. A result that has arrived wins.
///
/// A stream's first delta is awaited within the attempt, so an attempt's limit is the limit of the
/// first delta; after it that limit is lifted, a total one stays, and `idle` limits the silence
/// between two deltas. Keep a total limit left of an attempt's.
struct TimeoutPolicy {
    using policy = deciding;
    static constexpr bool sets_deadline = true;
    static constexpr std::string_view name = "timeout";

    /// Above 0; `Clock::duration::max()`: only `idle` matters.
    Clock::duration limit = Clock::duration::max();
    /// `Scope::total` or `Scope::attempt`; `Scope::none`: by its place.
    Scope scope = Scope::none;
    /// Longest silence between two deltas of a stream, above 0; the smallest of several holds.
    Clock::duration idle = Clock::duration::max();

    std::string describe() const {
        std::string out;
        if (limit != Clock::duration::max())
            out = "limit=" + detail::duration_text(limit);
        if (scope != Scope::none)
            out.append(out.empty() ? "" : ", ").append("scope=").append(to_string(scope));
        if (idle != Clock::duration::max())
            out.append(out.empty() ? "" : ", ").append("idle=").append(detail::duration_text(idle));
        return out;
    }

    class Visit {
    public:
        Visit(CallContext& cx, Clock::duration limit, Scope scope, Clock::duration idle)
            : saved_(cx.deadline), at_(Clock::never), idle_(idle), saved_scope_(cx.deadline_scope),
              scope_(scope) {
            if (limit == Clock::duration::max())
                return;
            at_ = Clock::after(cx.clock().now(), limit);
            lower(cx);
        }

        /// The first delta is there: an attempt's limit is over, the silence's begins.
        ///
        /// Visits are told from left to right within a segment and from right to left between
        /// segments. So an attempt's limit is lifted where it, or that of an attempt to its right,
        /// is in force, and a total one is put back where a lifted one had hidden it.
        void streaming(CallContext& cx) {
            bool const attempts_in_force =
                cx.deadline == at_ || (cx.deadline < at_ && cx.deadline_scope != Scope::total);
            if (scope_ == Scope::total)
                lower(cx);
            else if (at_ < saved_ && attempts_in_force)
                restore(cx);
            cx.idle_timeout = std::min(cx.idle_timeout, idle_);
        }

        Verdict leave(CallContext& cx, Outcome const&) {
            restore(cx);
            return {};
        }

    private:
        void lower(CallContext& cx) const {
            if (at_ < cx.deadline) {
                cx.deadline = at_;
                cx.deadline_scope = scope_;
            }
        }

        void restore(CallContext& cx) const {
            cx.deadline = saved_;
            cx.deadline_scope = saved_scope_;
        }

        Clock::time_point saved_, at_;
        Clock::duration idle_;
        Scope saved_scope_, scope_;
    };

    class Layer {
    public:
        /// Throws `ConfigurationError` for limits that can't work.
        explicit Layer(TimeoutPolicy const& p) : limit_(p.limit), idle_(p.idle), scope_(p.scope) {
            if (p.limit <= Clock::duration::zero())
                throw ConfigurationError("timeout.limit", "must be above 0");
            if (p.idle <= Clock::duration::zero())
                throw ConfigurationError("timeout.idle", "must be above 0");
            if (p.scope != Scope::none && p.scope != Scope::attempt && p.scope != Scope::total)
                throw ConfigurationError("timeout.scope", "must be none, attempt or total");
        }

        /// Called once at the join.
        void placed(bool repeats_to_the_right) noexcept {
            if (scope_ == Scope::none)
                scope_ = repeats_to_the_right ? Scope::total : Scope::attempt;
        }

        Result<Visit> enter(CallContext& cx) const { return Visit(cx, limit_, scope_, idle_); }

    private:
        Clock::duration limit_, idle_;
        Scope scope_;
    };
};

} // namespace hilum::inline HILUM_ABI
