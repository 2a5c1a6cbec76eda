// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/pseudonyms.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace hilum::inline HILUM_ABI {

namespace detail {

inline bool begins_with_any_case(std::string_view token, std::string_view text) noexcept {
    return text.size() <= token.size() &&
           std::equal(text.begin(), text.end(), token.begin(), [](char a, char b) {
               return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
           });
}

} // namespace detail

HILUM_DECL void PseudonymVault::draw_nonce() {
    std::array<std::byte, PseudonymForm::nonce_size> raw;
    random_.fill(raw);
    for (auto const byte : raw) // 32 divides 256: no bias
        nonce_.push_back(PseudonymForm::alphabet[std::to_integer<std::size_t>(byte) & 31]);
}

HILUM_DECL std::string PseudonymVault::token(
    std::string_view label, Phi<std::string> const& value
) {
    auto const& text = PhiAccess::open(value);
    for (auto const& entry : entries_)
        if (entry.value.reveal() == text && entry.token.compare(1, label.size(), label) == 0)
            return entry.token;
    if (entries_.size() >= 999)
        throw std::length_error("hilum: a call has at most 999 pseudonyms");
    if (nonce_.empty())
        draw_nonce();
    auto const ordinal = std::to_string(entries_.size() + 1);
    std::string token = "Z";
    token.append(label).append(3 - ordinal.size(), '0').append(ordinal).append(nonce_);
    entries_.push_back(Entry{token, Secret(std::string_view(text))});
    return token;
}

HILUM_DECL std::optional<std::string_view> PseudonymVault::resolve(std::string_view text
) const noexcept {
    if (text.size() == PseudonymForm::size)
        for (auto const& entry : entries_)
            if (detail::begins_with_any_case(entry.token, text))
                return entry.value.reveal();
    return std::nullopt;
}

HILUM_DECL bool PseudonymVault::is_beginning(std::string_view text) const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [text](Entry const& entry) {
        return detail::begins_with_any_case(entry.token, text);
    });
}

} // namespace hilum::inline HILUM_ABI
