// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/model/outbound.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

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

/// Calls `each(release)` for whatever in an operation was released.
template <class Op, class F>
void each_release(Op const& op, F each) {
    auto const one = [&each](std::shared_ptr<Release const> const& release) {
        if (release)
            each(*release);
    };
    if constexpr (requires { op.prompt.release(); })
        one(op.prompt.release());
    if constexpr (requires { op.options.system().release(); })
        one(op.options.system().release());
    if constexpr (requires { op.inputs.front().release(); })
        for (auto const& input : op.inputs)
            one(input.release());
    if constexpr (requires {
                      { op.release() } -> std::convertible_to<std::shared_ptr<Release const>>;
                  })
        one(op.release());
}

/// Adds to a list "a; b" what isn't in it yet.
inline void add_once(std::string& list, std::string_view item) {
    std::string const separator = "; ";
    std::string const bounded = separator + std::string(item) + separator;
    if (list.empty())
        list = item;
    else if ((separator + list + separator).find(bounded) == std::string::npos)
        list.append(separator).append(item);
}

/// Writes all explicit releases of what is sent into the call's disclosure.
template <class Op>
void note_release(CallContext& cx, Op const& op) {
    each_release(op, [&cx](Release const& release) {
        if (!cx.disclosure) {
            cx.disclosure = std::make_shared<Disclosure>();
            cx.disclosure->policy = "release";
        }
        add_once(cx.disclosure->release_purpose, release.purpose);
        add_once(cx.disclosure->release_reason, release.reason.text());
    });
}

} // namespace hilum::inline HILUM_ABI::detail
