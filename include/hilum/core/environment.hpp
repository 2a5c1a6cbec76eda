// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/random.hpp>

namespace hilum::inline HILUM_ABI {

/// Where time and chance come from: the real ones by default, a test's own otherwise.
///
/// A client is given one; the services and policies on it use the same.
class Environment {
public:
    Environment() = default;

    explicit Environment(Clock c, Random r = {}) : clock(c), random(r) {}

    Clock clock;
    Random random;
};

} // namespace hilum::inline HILUM_ABI
