// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/unit.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

template <std::size_t N>
constexpr bool one_of(std::string_view text, std::array<std::string_view, N> const& table) {
    return std::find(table.begin(), table.end(), text) != table.end();
}

/// Metric atoms, which take a prefix.
inline constexpr std::array<std::string_view, 36> ucum_metric{
    "m",  "g",   "s",   "L",     "l",      "mol",  "Pa",   "Hz",  "J",  "W",  "V",  "A",
    "K",  "Cel", "cd",  "eq",    "U",      "kat",  "osm",  "bar", "Bq", "Gy", "Sv", "N",
    "lm", "lx",  "Ohm", "m[Hg]", "m[H2O]", "[iU]", "[IU]", "cal", "Ci", "B",  "t",  "Torr"};

inline constexpr std::array<std::string_view, 44> ucum_other{
    "%",      "10*",     "10^",     "min",      "h",        "d",        "wk",      "mo",
    "a",      "deg",     "[pH]",    "[degF]",   "[lb_av]",  "[oz_av]",  "[in_i]",  "[ft_i]",
    "[yd_i]", "[mi_i]",  "[pt_us]", "[gal_us]", "[foz_us]", "[cup_us]", "[ppm]",   "[ppb]",
    "[drp]",  "[arb'U]", "[CFU]",   "[PFU]",    "[APL'U]",  "[GPL'U]",  "[MPL'U]", "[EU]",
    "[diop]", "[HPF]",   "[LPF]",   "[Ch]",     "[tsp_us]", "[tbs_us]", "[gr]",    "mo_j",
    "a_j",    "1",       "[USP'U]", "[ELU]"};

inline constexpr std::array<std::string_view, 15> ucum_prefixes{
    "da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n"};

inline constexpr std::array<std::string_view, 9> ucum_annotations{
    "{score}",
    "{1.73_m2}",
    "{beats}",
    "{breaths}",
    "{cells}",
    "{ratio}",
    "{INR}",
    "{titer}",
    "{#}"};

inline bool is_ucum_atom(std::string_view atom) {
    if (one_of(atom, ucum_metric) || one_of(atom, ucum_other))
        return true;
    for (auto const prefix : ucum_prefixes)
        if (atom.starts_with(prefix) && one_of(atom.substr(prefix.size()), ucum_metric))
            return true;
    return (atom.starts_with('p') || atom.starts_with('f')) && one_of(atom.substr(1), ucum_metric);
}

/// One factor: an atom with perhaps an exponent ("m2", "s-1", "10*3"), or a small number.
inline bool is_ucum_factor(std::string_view factor) {
    if (is_ucum_atom(factor))
        return true;
    auto const is_number = [](std::string_view s) {
        return !s.empty() && s.size() <= 3 &&
               s.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (is_number(factor))
        return true;
    auto end = factor.find_last_not_of("0123456789");
    if (end == std::string_view::npos || factor.size() - end - 1 > 2 || end + 1 == factor.size())
        return false;
    if (end > 0 && (factor[end] == '-' || factor[end] == '+'))
        --end;
    return is_ucum_atom(factor.substr(0, end + 1));
}

inline constexpr std::array<std::pair<std::string_view, std::string_view>, 18> ucum_spellings{
    {{"mmHg", "mm[Hg]"},
     {"mm Hg", "mm[Hg]"},
     {"lb", "[lb_av]"},
     {"lbs", "[lb_av]"},
     {"in", "[in_i]"},
     {"inches", "[in_i]"},
     {"bpm", "/min"},
     {"beats/min", "/min"},
     {"beats/minute", "/min"},
     {"breaths/min", "/min"},
     {"breaths/minute", "/min"},
     {"C", "Cel"},
     {"degC", "Cel"},
     {"degF", "[degF]"},
     {"IU/L", "[IU]/L"},
     {"IU/mL", "[IU]/mL"},
     {"mEq/L", "meq/L"},
     {"mcg", "ug"}}};

/// Digits behind the point that a unit deserves.
inline constexpr std::array<std::pair<std::string_view, int>, 22> unit_digits{
    {{"mm[Hg]", 0},  {"/min", 0},
     {"cm", 1},      {"m", 2},
     {"kg", 1},      {"g", 0},
     {"kg/m2", 1},   {"Cel", 1},
     {"[degF]", 1},  {"[lb_av]", 1},
     {"[in_i]", 1},  {"%", 1},
     {"mg/dL", 1},   {"g/dL", 1},
     {"mmol/L", 1},  {"fL", 1},
     {"pg", 1},      {"10*3/uL", 1},
     {"10*6/uL", 2}, {"meq/L", 1},
     {"{score}", 0}, {"mL/min/{1.73_m2}", 0}}};

} // namespace detail

HILUM_DECL std::optional<std::string> ucum_unit(std::string_view text) {
    if (text.empty() || text.size() > 32)
        return std::nullopt;
    for (auto const& [spelling, ucum] : detail::ucum_spellings)
        if (text == spelling)
            return std::string(ucum);
    std::string out;
    bool needs_factor = true; // an operator or the beginning stands before
    while (!text.empty()) {
        if (text.front() == '/' || text.front() == '.') {
            if (needs_factor && (!out.empty() || text.front() == '.'))
                return std::nullopt;
            out.push_back(text.front());
            text.remove_prefix(1);
            needs_factor = true;
            continue;
        }
        // Up to the next operator outside brackets and braces.
        std::size_t end = 0;
        char closing = 0;
        for (; end < text.size(); ++end) {
            char const c = text[end];
            if (closing != 0)
                closing = c == closing ? '\0' : closing;
            else if (c == '[')
                closing = ']';
            else if (c == '{')
                closing = '}';
            else if (c == '/' || c == '.')
                break;
        }
        auto const factor = text.substr(0, end);
        text.remove_prefix(end);
        auto const brace = std::min(factor.find('{'), factor.size());
        auto const atom = factor.substr(0, brace);
        auto const annotation = factor.substr(brace);
        if (!needs_factor || closing != 0 || (atom.empty() && annotation.empty()) ||
            (!atom.empty() && !detail::is_ucum_factor(atom)))
            return std::nullopt;
        bool const keeps = detail::one_of(annotation, detail::ucum_annotations);
        out.append(atom);
        if (keeps)
            out.append(annotation);
        else if (atom.empty())
            out.push_back('1');
        needs_factor = false;
    }
    if (needs_factor)
        return std::nullopt;
    return out;
}

HILUM_DECL double rounded_to_unit(double value, std::string_view ucum) {
    auto const size = std::abs(value);
    if (size == 0 || !std::isfinite(value))
        return value;
    auto const round_to = [value](int digits) {
        double const scale = std::pow(10.0, digits);
        return std::round(value * scale) / scale;
    };
    // Significant digits: three, or two where the unit's digits would leave nothing.
    int const magnitude = static_cast<int>(std::floor(std::log10(size)));
    int digits = std::max(0, 2 - magnitude);
    for (auto const& [unit, count] : detail::unit_digits)
        if (unit == ucum)
            digits = round_to(count) == 0 ? 1 - magnitude : count;
    return digits > 12 ? 0 : round_to(digits);
}

} // namespace hilum::inline HILUM_ABI
