// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/model/outbound.hpp>

#include <concepts>
#include <memory>

namespace hilum::inline HILUM_ABI::detail {

/// Time and chance of a service; the real ones where it doesn't say.
template <class S>
Environment environment_of(S const& service) {
    if constexpr (requires {
                      { service.environment() } -> std::convertible_to<Environment>;
                  })
        return service.environment();
    else
        return {};
}

template <class S>
Destination destination_of(S const& service) {
    if constexpr (requires {
                      { service.destination() } -> std::convertible_to<Destination>;
                  })
        return service.destination();
    else
        return {};
}

/// Writes an explicit release of what is sent into the call's disclosure.
template <class Op>
void note_release(CallContext& cx, Op const& op) {
    if constexpr (requires {
                      { op.release() } -> std::convertible_to<std::shared_ptr<Release const>>;
                  }) {
        if (auto const release = op.release()) {
            if (!cx.disclosure) {
                cx.disclosure = std::make_shared<Disclosure>();
                cx.disclosure->policy = "release";
            }
            cx.disclosure->release_purpose = release->purpose;
            cx.disclosure->release_reason = release->reason.text();
        }
    }
}

} // namespace hilum::inline HILUM_ABI::detail
