// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// A reply held tokens: so many were turned back, so many aren't of this call and stay as they are.
struct PhiTokensRestored {
    static constexpr std::string_view name = "phi_tokens_restored";

    std::uint64_t restored;
    std::uint64_t unknown;

    auto fields() const {
        return std::array{EventField("restored", restored), EventField("unknown", unknown)};
    }
};

} // namespace hilum::inline HILUM_ABI
