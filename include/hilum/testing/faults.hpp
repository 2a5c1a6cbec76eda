// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What happens to one request: every rule of a `FaultPlan` that applies to it, merged.
class Fault {
public:
    Fault() = default;

    /// Nothing at all.
    bool none() const noexcept { return applied.empty(); }

    unsigned status = 0; ///< answer this instead; 0 for the answer itself
    std::vector<std::pair<std::string, std::string>> headers; ///< of that answer
    Clock::duration delay{};                                  ///< before the first byte
    Clock::duration drip{};              ///< between two bytes; zero: all at once
    bool stall = false;                  ///< never answer
    bool malformed = false;              ///< the body isn't what its type says
    std::optional<std::size_t> reset_at; ///< bytes of the reply before the connection is reset
    std::optional<std::size_t> cut_at;   ///< bytes of the body before the connection is closed
    std::string applied;                 ///< the rules by name, "delay,status": for records
};

/// Scripted faults: what goes wrong with which request, written as one line.
///
/// @code
/// auto faults = FaultPlan::parse("status:429;retry-after=1@1,reset@10%,delay:50").value();
/// @endcode
///
/// The grammar is `KIND[:ARG][@N|@N-M|@P%][,...]`:
///
/// | kind | what happens |
/// | --- | --- |
/// | `status:CODE[;NAME=VALUE...]` | this status (300 to 599), these headers, an error body |
/// | `throttle[:MS]` | 429 that asks for a pause of MS (`retry-after-ms`), 20 by default |
/// | `refuse` | 503, "service unavailable", without a hint |
/// | `delay:MS` | the reply begins MS milliseconds late |
/// | `stall` | no reply; the connection stays open until the client leaves |
/// | `reset[:BYTE]` | the connection is reset after BYTE bytes of the reply, 0 by default |
/// | `truncate[:BYTES]` | an orderly close after BYTES bytes of the body, half of it by default |
/// | `drip[:MS]` | one byte every MS milliseconds, 1 by default |
/// | `malformed` | a complete reply whose body isn't JSON |
///
/// `@3` means the third request only, `@3-6` the third to the sixth, `@25%` each with this
/// probability (from the seed; fractions are allowed), nothing at all each request. Rules are
/// independent: those that apply are merged, the first `status` wins, delays add up.
///
/// Pure and immutable: any thread may ask.
class FaultPlan {
public:
    /// No faults.
    FaultPlan() = default;

    /// The error is `invalid_configuration`; it names the position (from 1) and the known kinds.
    static Result<FaultPlan> parse(std::string_view spec);

    /// What happens to the @p nth request (from 1): the same for the same seed, whatever happened
    /// to other requests.
    Fault at(std::size_t nth, std::uint64_t seed = 1) const;

    bool empty() const noexcept { return rules_.empty(); }

private:
    enum class Kind : std::uint8_t { status, delay, stall, reset, truncate, drip, malformed };

    class Rule {
    public:
        explicit Rule(Kind k) : kind(k) {}

        Kind kind;
        std::optional<std::uint64_t> argument;
        std::vector<std::pair<std::string, std::string>> headers;
        std::uint64_t first = 1;
        std::uint64_t last = ~std::uint64_t(0);
        std::uint32_t millionths = 1'000'000;
    };

    class Parser;

    std::vector<Rule> rules_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/faults.ipp>
#endif
