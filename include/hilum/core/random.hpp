// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hilum::inline HILUM_ABI {

/// A deterministic generator for tests (splitmix64): same seed, same draws, on every platform.
///
/// Never for tokens or ids in production: those come from the operating system.
class SeededRandom {
public:
    explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

/// Chance as a value: the operating system's generator, or a seeded one in tests.
///
/// Draws are our own (no `std::uniform_*`, which differs between libraries), so that equal seeds
/// give equal runs. Thread safety: safe for the system's generator; a `SeededRandom` belongs to one
/// thread.
class Random {
public:
    Random() = default;

    explicit Random(SeededRandom& seeded) noexcept : seeded_(&seeded) {}

    /// Fills with random bytes; cryptographically strong unless seeded.
    /// Throws `std::system_error` when the operating system can't give any.
    void fill(std::span<std::byte> out) const;

    std::uint64_t next() const {
        std::uint64_t value = 0;
        fill(std::as_writable_bytes(std::span(&value, 1)));
        return value;
    }

    /// Uniform in [0, 1), 53 bits.
    double unit() const { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    /// Uniform in [0, bound) without bias; `bound` > 0.
    std::uint64_t below(std::uint64_t bound) const {
        std::uint64_t const limit = (~std::uint64_t(0) / bound) * bound;
        std::uint64_t value = next();
        while (value >= limit)
            value = next();
        return value % bound;
    }

    /// A random (version 4) UUID, RFC 9562: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff".
    std::string uuid() const;

    /// The same without a string of its own.
    void uuid(std::span<char, 36> out) const;

    bool seeded() const noexcept { return seeded_ != nullptr; }

private:
    SeededRandom* seeded_ = nullptr;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/random.ipp>
#endif
