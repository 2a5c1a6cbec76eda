// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/phi/pseudonyms.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Turns the tokens of one vault back into what they stand for, in a reply that comes in pieces.
///
/// @code
/// TokenRestorer restorer(std::move(vault));
/// restorer.push("the patient ZID001K7Q", out);      // "the patient "
/// restorer.push("X2M9R4TBVW is", out);              // "12345 is"
/// restorer.finish(out);
/// @endcode
///
/// However the reply is cut, the result is the same. Held back is the longest tail that a token of
/// this vault begins with: never more than eighteen bytes, and nothing where no token begins so. A
/// token is recognised in any case and inside any markup; nothing else is ever taken for one. What
/// has the form of a token and isn't one of this vault stays as it is and is counted.
class TokenRestorer {
public:
    explicit TokenRestorer(PseudonymVault vault) : vault_(std::move(vault)) {}

    /// Appends to `out` what is decided of everything pushed so far.
    void push(std::string_view text, std::string& out);

    /// The end of the reply: appends what was held back, as it is.
    void finish(std::string& out);

    /// A whole text at once.
    std::string whole(std::string text);

    /// Every string of a value, keys included.
    void whole(json::value& value);
    void whole(json::object& object);

    std::size_t held_back() const noexcept { return held_.size(); }

    std::uint64_t restored() const noexcept { return restored_; }

    /// Has the form of a token, but isn't one of ours.
    std::uint64_t unknown() const noexcept { return shaped_ - restored_; }

private:
    void note_shape(std::string_view text) noexcept;

    PseudonymVault vault_;
    std::string held_;
    std::size_t shape_ = 0; ///< so much of the form of a token has been seen
    std::uint64_t shaped_ = 0, restored_ = 0;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/token_restorer.ipp>
#endif
