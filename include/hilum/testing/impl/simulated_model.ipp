// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/detail/simulated_model.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/core/random.hpp>
#include <hilum/phi/pseudonyms.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL std::uint64_t SimulatedModel::hash(std::string_view text) const noexcept {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (char const c : text) {
        h ^= static_cast<unsigned char>(c);
        h *= 0x100000001b3ULL;
    }
    return SeededRandom(seed_ ^ h).next();
}

HILUM_DECL std::string_view SimulatedModel::first_tokens(
    std::string_view text, std::size_t count
) noexcept {
    if (tokens(text) <= count)
        return text;
    auto end = count * 4;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end);
}

HILUM_DECL std::vector<std::string> SimulatedModel::pseudonyms(std::string_view text) {
    std::vector<std::string> out;
    std::size_t seen = 0; // so much of the form has been seen; `Z` stands nowhere but in front
    for (std::size_t i = 0; i < text.size(); ++i) {
        seen = PseudonymForm::fits(seen, text[i]) ? seen + 1
               : PseudonymForm::fits(0, text[i])  ? 1
                                                  : 0;
        if (seen < PseudonymForm::size)
            continue;
        seen = 0;
        std::string found(text.substr(i + 1 - PseudonymForm::size, PseudonymForm::size));
        if (std::find(out.begin(), out.end(), found) == out.end())
            out.push_back(std::move(found));
    }
    return out;
}

HILUM_DECL json::object SimulatedModel::first_object(std::string_view text) {
    constexpr int most_tries = 16;
    auto at = text.find('{');
    for (int tries = 0; at != std::string_view::npos && tries < most_tries; ++tries) {
        json::stream_parser parser;
        boost::system::error_code ec;
        parser.write_some(text.data() + at, text.size() - at, ec);
        if (!ec && parser.done())
            if (auto value = parser.release(); value.is_object() && !value.get_object().empty())
                return std::move(value.get_object());
        at = text.find('{', at + 1);
    }
    return {};
}

HILUM_DECL std::string SimulatedModel::quoted(std::string const& pseudonym, std::uint64_t variant)
    const {
    auto lower = pseudonym;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    switch (variant % 5) {
    case 0:
        return pseudonym;
    case 1:
        return "**" + pseudonym + "**";
    case 2:
        return lower;
    case 3:
        return "`" + pseudonym + "`";
    default:
        return "**" + lower + "**";
    }
}

/// "Hypertension" of `{"display": "Hypertension", "code": "38341003"}`, else its code.
inline std::string name_of(json::value const& entry) {
    if (auto const* text = entry.if_string())
        return std::string(*text);
    if (auto const* object = entry.if_object())
        for (char const* key : {"display", "code", "name", "type"})
            if (auto const* member = object->if_contains(key); member && member->is_string())
                return std::string(member->get_string());
    return {};
}

inline std::string list_of_names(json::value const* list, std::size_t most) {
    std::string out;
    std::size_t left_out = 0, count = 0;
    if (list && list->is_array())
        for (auto const& entry : list->get_array()) {
            auto const name = name_of(entry);
            if (name.empty())
                continue;
            if (count++ < most)
                out.append(out.empty() ? "" : "; ").append(name);
            else
                ++left_out;
        }
    if (left_out != 0)
        out.append(" and ").append(std::to_string(left_out)).append(" more");
    return out;
}

/// "71.4", where Boost.JSON writes 7.14E1.
inline std::string number_of(json::value const& value) {
    char text[32];
    if (!value.is_double())
        return json::serialize(value);
    auto const end = std::to_chars(text, text + sizeof text, value.get_double()).ptr;
    return std::string(text, end);
}

inline std::string reading_of(json::object const& entry) {
    auto const value = entry.if_contains("value");
    auto const unit = entry.if_contains("unit");
    std::string out = name_of(entry);
    if (value)
        out.append(" ").append(number_of(*value));
    if (unit && unit->is_string())
        out.append(" ").append(std::string(unit->get_string()));
    if (auto const parts = entry.if_contains("components"); parts && parts->is_array())
        for (auto const& part : parts->get_array())
            if (part.is_object())
                out.append(", ").append(reading_of(part.get_object()));
    return out;
}

/// The member of that name, here or one level or two below.
inline json::value const* member_of(
    json::object const& object, std::string_view key, int depth = 2
) {
    if (auto const* found = object.if_contains(key))
        return found;
    if (depth > 0)
        for (auto const& [name, member] : object)
            if (member.is_object() && name != "_audit")
                if (auto const* found = member_of(member.get_object(), key, depth - 1))
                    return found;
    return nullptr;
}

HILUM_DECL std::string SimulatedModel::summary(json::object const& record, std::string_view prompt)
    const {
    auto const known = pseudonyms(prompt);
    auto const variant = hash(prompt);
    auto const who = [&](std::uint64_t mention) {
        return known.empty() ? std::string("the patient")
                             : quoted(known.front(), variant + mention);
    };
    std::string out = "Summary for " + who(0) + ":";
    if (auto const* age = member_of(record, "age"); age && !age->is_null()) {
        auto const text = age->is_string() ? std::string(age->get_string()) : json::serialize(*age);
        out += " age " + text + ".";
    }
    if (auto const names = list_of_names(member_of(record, "conditions"), 5); !names.empty())
        out += " Known conditions: " + names + ".";
    if (auto const names = list_of_names(member_of(record, "medications"), 5); !names.empty())
        out += " Current medication: " + names + ".";
    if (auto const* readings = member_of(record, "biometrics");
        readings && readings->is_array() && !readings->get_array().empty()) {
        auto const& all = readings->get_array();
        out += " " + std::to_string(all.size()) + (all.size() == 1 ? " reading" : " readings");
        if (all.back().is_object())
            out += ", the last of them " + reading_of(all.back().get_object());
        out += ".";
    }
    constexpr char const* advice[] = {
        "No finding calls for action today",
        "A routine follow-up in three months is reasonable",
        "Blood pressure and weight should be checked at the next visit"};
    out += " " + std::string(advice[variant % 3]) + "; discuss it with " + who(1) + ".";
    for (std::size_t i = 1; i < known.size(); ++i)
        out += " See also " + quoted(known[i], variant + i + 1) + ".";
    return out;
}

HILUM_DECL std::string SimulatedModel::text(std::string_view prompt) const {
    if (auto const record = first_object(prompt); !record.empty())
        return summary(record, prompt);
    std::string_view constexpr spaces = " \t\r\n";
    auto const begin = std::min(prompt.find_first_not_of(spaces), prompt.size());
    prompt.remove_prefix(begin);
    auto const shown = first_tokens(prompt, 20);
    std::string out = "This is the simulator. You wrote ";
    out += std::to_string(tokens(prompt)) + " tokens";
    auto const known = pseudonyms(prompt);
    if (known.empty())
        out += ": \"" + std::string(shown) + (shown.size() < prompt.size() ? "...\"" : "\"");
    auto const variant = hash(prompt);
    for (std::size_t i = 0; i < known.size(); ++i)
        out += (i == 0 ? " about " : ", ") + quoted(known[i], variant + i);
    return out + ".";
}

HILUM_DECL json::object SimulatedModel::prediction(json::value const& input) const {
    auto const thousandths = [&](std::uint64_t drawn, std::uint64_t low, std::uint64_t high) {
        return static_cast<double>(low + drawn % (high - low + 1)) / 1000;
    };
    // What audits a call says nothing about its patient.
    auto relevant = input;
    if (relevant.is_object())
        relevant.get_object().erase("_audit");
    auto const drawn = hash(json::serialize(relevant));
    json::object features;
    auto const name = [&](auto const& self, json::value const& value, int depth) -> void {
        if (!value.is_object())
            return;
        for (auto const& [key, member] : value.get_object()) {
            if (features.size() >= 5)
                return;
            if (member.is_object() && depth > 0)
                self(self, member, depth - 1);
            else if (key != "type" && key != "id")
                features[key] = thousandths(hash(key) ^ drawn, 1, 999);
        }
    };
    name(name, relevant, 2);
    json::object out;
    out["prediction"] = thousandths(drawn, 1, 999);
    out["confidence"] = thousandths(drawn >> 20, 600, 990);
    out["features"] = std::move(features);
    return out;
}

HILUM_DECL std::vector<double> SimulatedModel::embedding(
    std::string_view text, std::size_t dimensions
) const {
    std::vector<double> out(dimensions);
    auto const add = [&](std::string_view word) {
        SeededRandom direction(hash(word));
        for (auto& x : out)
            x += static_cast<double>(direction.next() >> 11) * 0x1.0p-52 - 1;
    };
    std::size_t begin = 0;
    while (begin < text.size()) {
        auto const end = std::min(text.find_first_of(" \t\r\n.,;:!?", begin), text.size());
        if (end > begin)
            add(text.substr(begin, end - begin));
        begin = end + 1;
    }
    double square = 0;
    for (double const x : out)
        square += x * x;
    if (square == 0) {
        add("");
        for (double const x : out)
            square += x * x;
    }
    for (auto& x : out)
        x = std::round(x / std::sqrt(square) * 1e6) / 1e6;
    return out;
}

HILUM_DECL std::vector<std::size_t> SimulatedModel::deltas(std::string_view text) const {
    std::vector<std::size_t> out;
    SeededRandom chance(hash(text));
    // Never more than nine bytes at a time, so that no pseudonym comes in one piece.
    static_assert(PseudonymForm::size > 9);
    while (!text.empty()) {
        std::size_t n = std::min<std::size_t>(3 + chance.next() % 7, text.size());
        while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80)
            ++n;
        out.push_back(n);
        text.remove_prefix(n);
    }
    return out;
}

} // namespace hilum::inline HILUM_ABI::detail
