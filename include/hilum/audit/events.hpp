// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// The outcome of an attempt could not be stored; its intent stands, and reads "sent and unknown".
struct AuditOutcomeLost {
    static constexpr std::string_view name = "audit_outcome_lost";

    int attempt;

    auto fields() const { return std::array{EventField("attempt", attempt)}; }
};

} // namespace hilum::inline HILUM_ABI
