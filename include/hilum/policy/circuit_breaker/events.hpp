// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/event.hpp>
#include <hilum/policy/circuit_breaker/state.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A circuit opened, let a probe pass, or closed.
struct CircuitStateChanged {
    static constexpr std::string_view name = "circuit_state_changed";

    std::string_view circuit; ///< the breaker's name
    CircuitTransition transition;

    auto fields() const {
        return std::array{
            EventField("circuit", circuit),
            EventField("from", to_string(transition.from)),
            EventField("to", to_string(transition.to)),
            EventField("cause", to_string(transition.cause)),
        };
    }
};

/// A circuit breaker refused a call; nothing was sent.
struct CircuitRefused {
    static constexpr std::string_view name = "circuit_refused";

    std::string_view circuit;

    auto fields() const { return std::array{EventField("circuit", circuit)}; }
};

} // namespace hilum::inline HILUM_ABI
