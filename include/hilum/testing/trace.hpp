// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// What happened in a simulation, one line each: "<nanoseconds> <what>".
///
/// Equal seeds give equal traces, byte for byte, on every compiler. Put into it only what doesn't
/// depend on addresses, threads or the machine. Not thread safe.
class Trace {
public:
    void note(Clock::time_point at, std::string_view what) {
        text_.append(std::to_string(at.time_since_epoch().count()));
        text_.append(" ").append(what).append("\n");
    }

    std::string const& text() const noexcept { return text_; }

    /// FNV-1a, 64 bits: for comparing runs with a constant.
    std::uint64_t hash() const noexcept {
        std::uint64_t h = 0xcbf29ce484222325ULL;
        for (char const c : text_) {
            h ^= static_cast<unsigned char>(c);
            h *= 0x100000001b3ULL;
        }
        return h;
    }

private:
    std::string text_;
};

} // namespace hilum::inline HILUM_ABI
