// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/known_identifiers.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <algorithm>
#include <array>
#include <cstdint>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// One code point of possibly broken UTF-8; a broken byte stands for itself.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const lead = byte(at);
    std::size_t const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 1 || lead > 0xf4 || at + length > text.size())
        return byte(at++);
    char32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80)
            return byte(at++);
        code = (code << 6) | (byte(at + i) & 0x3f);
    }
    at += length;
    return code;
}

/// The letters of Latin-1 and Latin Extended-A without their accents: U+00C0 to U+017F.
inline constexpr std::string_view latin_base =
    "aaaaaaaceeeeiiiidnooooo*ouuuuyts"  // U+00C0, lower-cased already
    "aaaaaaaceeeeiiiidnooooo*ouuuuyty"  // U+00E0
    "aaaaaaccccccccddddeeeeeeeeeegggg"  // U+0100
    "gggghhhhiiiiiiiiiiiijjkkklllllll"  // U+0120
    "lllnnnnnnnnnoooooooorrrrrrssssss"  // U+0140
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; // U+0160

inline bool is_ignorable(char32_t c) {
    return c == 0xad || (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || c == 0x2060 ||
           c == 0xfeff;
}

inline void append_utf8(std::string& out, char32_t c) {
    auto const put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | (c >> 6)), put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3f));
        put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
    }
}

/// Lower case, without accents; whatever is neither letter nor digit is one space between words.
inline std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        char32_t c = next_code_point(text, at);
        if (is_ignorable(c))
            continue;
        if (c >= 0xff01 && c <= 0xff5e) // fullwidth forms
            c -= 0xff01 - 0x21;
        if (c >= 0xc0 && c < 0xc0 + latin_base.size())
            c = static_cast<unsigned char>(latin_base[c - 0xc0]);
        if (c >= 'A' && c <= 'Z')
            c += 32;
        bool const letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x370;
        bool const space = (c >= 0x2000 && c <= 0x206f) || c == 0x3000;
        if (letter && !space)
            append_utf8(out, c);
        else if (!out.empty() && out.back() != ' ')
            out.push_back(' ');
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

inline std::string without_spaces(std::string text) {
    std::erase(text, ' ');
    return text;
}

inline bool is_number(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class Visitor>
void each_word(std::string_view folded, Visitor visitor) {
    while (!folded.empty()) {
        auto const end = std::min(folded.find(' '), folded.size());
        visitor(folded.substr(0, end));
        folded.remove_prefix(std::min(end + 1, folded.size()));
    }
}

} // namespace detail

HILUM_DECL void KnownIdentifiers::add_name(std::string_view name) {
    static constexpr std::array<std::string_view, 14> titles{
        "mr", "mrs", "ms", "miss", "dr", "prof", "md", "phd", "jr", "sr", "rn", "of", "de", "the"};
    detail::each_word(detail::fold(name), [this](std::string_view word) {
        if (word.size() < 2 || std::find(titles.begin(), titles.end(), word) != titles.end())
            return;
        words_.emplace(word);
        if (word.size() > shortest_inside) // "AnnSmithson"; shorter ones stand inside common words
            values_.emplace(word);
    });
}

HILUM_DECL void KnownIdentifiers::add_value(std::string_view value) {
    auto compact = detail::without_spaces(detail::fold(value));
    if (compact.size() >= shortest_inside)
        values_.insert(std::move(compact));
    else if (compact.size() == 4 || (compact.size() > 1 && !detail::is_number(compact)))
        words_.insert(std::move(compact));
}

HILUM_DECL bool KnownIdentifiers::value_inside(std::string_view compact) const {
    for (std::size_t i = 0; i + shortest_inside <= compact.size(); ++i) {
        auto const rest = compact.substr(i);
        // All that begin with the same five characters stand together.
        for (auto it = values_.lower_bound(rest.substr(0, shortest_inside));
             it != values_.end() && it->starts_with(rest.substr(0, shortest_inside));
             ++it)
            if (rest.starts_with(*it))
                return true;
    }
    return false;
}

HILUM_DECL bool KnownIdentifiers::occur_in(std::string_view text) const {
    if (size() == 0 || text.empty())
        return false;
    auto folded = detail::fold(text);
    bool found = false;
    detail::each_word(folded, [&](std::string_view word) {
        found = found || words_.contains(word);
    });
    return found || value_inside(detail::without_spaces(std::move(folded)));
}

} // namespace hilum::inline HILUM_ABI
