// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/error.hpp>

namespace hilum::inline HILUM_ABI::detail {

/// Lowers a call's deadline for one attempt, and puts it back.
class AttemptLimit {
public:
    AttemptLimit(CallContext& cx, Clock::duration limit)
        : cx_(cx), deadline_(cx.deadline), scope_(cx.deadline_scope) {
        auto const at = Clock::after(cx.clock().now(), limit);
        if (at < cx.deadline) {
            cx.deadline = at;
            cx.deadline_scope = Scope::attempt;
        }
    }

    ~AttemptLimit() {
        cx_.deadline = deadline_;
        cx_.deadline_scope = scope_;
    }

    AttemptLimit(AttemptLimit const&) = delete;
    AttemptLimit& operator=(AttemptLimit const&) = delete;

private:
    CallContext& cx_;
    Clock::time_point deadline_;
    Scope scope_;
};

} // namespace hilum::inline HILUM_ABI::detail
