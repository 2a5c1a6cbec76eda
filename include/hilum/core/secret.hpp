// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string_view>

namespace hilum::inline HILUM_ABI {

namespace detail {

template <class...>
inline constexpr bool never = false;

/// Overwrites memory in a way that an optimiser may not drop.
inline void wipe(void* data, std::size_t size) noexcept {
    auto* bytes = static_cast<unsigned char volatile*>(data);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = 0;
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace detail

/// A key, token or password: held once, wiped when the last copy goes, never printed.
///
/// @code
/// Secret key{std::getenv("OPENAI_API_KEY")};
/// request.header("Authorization", "Bearer " + std::string(key.reveal()));
/// @endcode
///
/// Copies share one immutable buffer. Comparison takes the same time whatever the contents.
/// Thread safety: distinct objects, and concurrent reads of one object, are safe.
class Secret {
public:
    Secret() = default;

    explicit Secret(std::string_view value) : size_(value.size()) {
        if (size_ == 0)
            return;
        buffer_ = std::shared_ptr<char[]>(new char[size_], [n = size_](char* p) {
            detail::wipe(p, n);
            delete[] p;
        });
        value.copy(buffer_.get(), size_);
    }

    explicit Secret(char const* value)
        : Secret(value ? std::string_view(value) : std::string_view()) {}

    bool empty() const noexcept { return size_ == 0; }

    std::size_t size() const noexcept { return size_; }

    /// The value itself, valid while a copy of this secret lives. Meant for what signs or sends it.
    std::string_view reveal() const noexcept { return {buffer_.get(), size_}; }

    /// Whether both refer to the same buffer: a cheap identity for caches of derived keys.
    bool same_as(Secret const& other) const noexcept { return buffer_ == other.buffer_; }

    friend bool operator==(Secret const& a, Secret const& b) noexcept {
        if (a.size_ != b.size_)
            return false;
        unsigned char difference = 0;
        auto const x = a.reveal();
        auto const y = b.reveal();
        for (std::size_t i = 0; i < x.size(); ++i)
            difference = static_cast<unsigned char>(difference | (x[i] ^ y[i]));
        return difference == 0;
    }

private:
    std::shared_ptr<char[]> buffer_;
    std::size_t size_ = 0;
};

/// Doesn't compile: a secret has no printed form.
template <class Traits, std::same_as<Secret> S>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& os, S const&) {
    static_assert(detail::never<S>, "hilum: a Secret can't be printed or logged");
    return os;
}

} // namespace hilum::inline HILUM_ABI
