// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/random.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/os_random.hpp>

#include <array>
#include <cstring>

namespace hilum::inline HILUM_ABI {

HILUM_DECL void Random::fill(std::span<std::byte> out) const {
    if (!seeded_)
        return detail::os_random(out);
    while (!out.empty()) {
        std::uint64_t const value = seeded_->next();
        std::size_t const n = out.size() < sizeof value ? out.size() : sizeof value;
        std::memcpy(out.data(), &value, n);
        out = out.subspan(n);
    }
}

HILUM_DECL std::string Random::uuid() const {
    std::array<char, 36> text;
    uuid(text);
    return std::string(text.data(), text.size());
}

HILUM_DECL void Random::uuid(std::span<char, 36> out) const {
    std::array<std::byte, 16> raw;
    fill(raw);
    raw[6] = (raw[6] & std::byte{0x0f}) | std::byte{0x40};
    raw[8] = (raw[8] & std::byte{0x3f}) | std::byte{0x80};
    constexpr char const* digits = "0123456789abcdef";
    auto at = out.begin();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[std::to_integer<unsigned>(raw[i]) >> 4];
        *at++ = digits[std::to_integer<unsigned>(raw[i]) & 15];
    }
}

} // namespace hilum::inline HILUM_ABI
