// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/core/random.hpp>
#include <hilum/core/secret.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// The form of a pseudonym: `Z`, two letters that say of what, an ordinal of three digits, and
/// thirteen random characters (65 bits) that all pseudonyms of one call share: "ZID001" +
/// "K7QX2M9R4TBVW".
///
/// It is made of letters and digits only, so that neither Markdown nor JSON, XML or a URL escapes
/// any of it. `Z` stands at its beginning and nowhere else, all are equally long, and case makes no
/// difference: a token is recognised without looking behind its end, and never a part of another.
class PseudonymForm {
public:
    static constexpr std::size_t size = 19;
    static constexpr std::size_t label_size = 2;
    static constexpr std::size_t nonce_size = 13;
    /// Thirty-two, none of them `Z`, none that is taken for another.
    static constexpr std::string_view alphabet = "23456789ABCDEFGHJKLMNOPQRSTUVWXY";

    /// Whether `c` can stand at place `at` of a pseudonym, in any case.
    static constexpr bool fits(std::size_t at, char c) noexcept {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 32);
        bool const digit = c >= '0' && c <= '9';
        bool const letter = c >= 'A' && c <= 'Y';
        if (at == 0)
            return c == 'Z';
        if (at <= label_size)
            return letter;
        if (at < size - nonce_size)
            return digit;
        return at < size && alphabet.find(c) != std::string_view::npos;
    }
};

/// The pseudonyms of one call and the values that they stand for: the only way back.
///
/// Tokens are random, never derived from the value (45 CFR 164.514(c)), with a nonce of their own
/// for each vault, so that another call's tokens resolve to nothing here. Move-only, unprintable;
/// what it holds is wiped when it goes. Not thread safe: it belongs to one call.
class PseudonymVault {
public:
    explicit PseudonymVault(Random const& random) : random_(random) {}

    PseudonymVault(PseudonymVault&&) = default;
    PseudonymVault& operator=(PseudonymVault&&) = default;
    PseudonymVault(PseudonymVault const&) = delete;
    PseudonymVault& operator=(PseudonymVault const&) = delete;

    /// The token of a value, the same for the same value and label. `label` is two letters from A
    /// to Y, "ID". Throws `std::length_error` for the thousandth of one vault.
    std::string token(std::string_view label, Phi<std::string> const& value);

    /// What the token stands for, nothing if it is none of this vault. `text` in any case.
    std::optional<std::string_view> resolve(std::string_view text) const noexcept;

    /// Whether a token of this vault begins with `text`, in any case.
    bool is_beginning(std::string_view text) const noexcept;

    bool empty() const noexcept { return entries_.empty(); }

private:
    struct Entry {
        std::string token;
        Secret value;
    };

    void draw_nonce();

    Random random_;
    std::string nonce_; // drawn with the first token: most calls have none
    std::vector<Entry> entries_;
};

/// Doesn't compile: what it holds identifies people.
template <class Traits, std::same_as<PseudonymVault> V>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& os, V const&) {
    static_assert(detail::never<V>, "hilum: a PseudonymVault can't be printed or logged");
    return os;
}

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/pseudonyms.ipp>
#endif
