// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/phi.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// What a record says of who someone is: names, numbers, addresses. Nothing that leaves may hold
/// them.
///
/// @code
/// KnownIdentifiers known;
/// known.add_name("Ana María Example");
/// known.add_value("999-12-3456");
/// known.occur_in("diabetes of ana example");        // true
/// known.occur_in("id 999 12 3456");                 // true
/// @endcode
///
/// Case, accents, punctuation and spacing make no difference. A name is looked for word by word,
/// any other value as a whole; values of fewer than five letters and digits only as whole words,
/// and numbers below 1000 not at all. What it holds has no way out. Thread safety: concurrent reads
/// are safe.
class KnownIdentifiers {
public:
    KnownIdentifiers() = default;

    /// A person's name: each of its words identifies, but titles ("Dr.", "Mrs.") and initials.
    void add_name(std::string_view name);

    /// A number, an address line, a city, a phone, an organisation: it identifies as a whole.
    void add_value(std::string_view value);

    /// Whether any of them occurs in the text.
    bool occur_in(std::string_view text) const;

    std::size_t size() const noexcept { return words_.size() + values_.size(); }

    /// Below this many letters and digits a value is looked for as whole words only.
    static constexpr std::size_t shortest_inside = 5;

private:
    bool value_inside(std::string_view compact) const;

    std::set<std::string, std::less<>> words_;  // folded; whole words
    std::set<std::string, std::less<>> values_; // folded, compact, at least shortest_inside
};

/// Doesn't compile: what identifies has no printed form.
template <class Traits, std::same_as<KnownIdentifiers> K>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& os, K const&) {
    static_assert(detail::never<K>, "hilum: known identifiers are PHI and can't be printed");
    return os;
}

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/known_identifiers.ipp>
#endif
