// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/token_restorer.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI {

/// `Z` can only be the first character, so a mismatch starts over with the character at hand.
HILUM_DECL void TokenRestorer::note_shape(std::string_view text) noexcept {
    auto const begins = [](char c) { return c == 'Z' || c == 'z'; };
    for (auto at = text.begin(); at != text.end(); ++at) {
        if (shape_ == 0)
            at = std::find_if(at, text.end(), begins);
        if (at == text.end())
            return;
        auto const fits = PseudonymForm::fits(shape_, *at);
        shape_ = fits ? shape_ + 1 : PseudonymForm::fits(0, *at) ? 1 : 0;
        if (shape_ == PseudonymForm::size) {
            ++shaped_;
            shape_ = 0;
        }
    }
}

HILUM_DECL void TokenRestorer::push(std::string_view text, std::string& out) {
    note_shape(text);
    std::string joined;
    if (!held_.empty()) {
        joined = std::move(held_);
        joined.append(text);
        text = joined;
        held_.clear();
    }
    if (vault_.empty()) {
        out.append(text);
        return;
    }
    while (!text.empty()) {
        auto const plain = text.find_first_of("Zz");
        out.append(text.substr(0, plain));
        if (plain == std::string_view::npos)
            return;
        text.remove_prefix(plain);
        if (auto const value = vault_.resolve(text.substr(0, PseudonymForm::size))) {
            out.append(*value);
            ++restored_;
            text.remove_prefix(PseudonymForm::size);
        } else if (text.size() < PseudonymForm::size && vault_.is_beginning(text)) {
            held_ = text;
            return;
        } else {
            out.push_back(text.front());
            text.remove_prefix(1);
        }
    }
}

HILUM_DECL void TokenRestorer::finish(std::string& out) {
    out.append(held_);
    held_.clear();
    shape_ = 0;
}

HILUM_DECL std::string TokenRestorer::whole(std::string text) {
    if (vault_.empty() && held_.empty()) {
        note_shape(text);
        shape_ = 0;
        return text;
    }
    std::string out;
    push(text, out);
    finish(out);
    return out;
}

HILUM_DECL void TokenRestorer::whole(json::value& value) {
    if (auto* text = value.if_string())
        *text = whole(std::string(*text));
    else if (auto* many = value.if_array())
        for (auto& element : *many)
            whole(element);
    else if (auto* object = value.if_object())
        whole(*object);
}

HILUM_DECL void TokenRestorer::whole(json::object& object) {
    json::object out(object.storage());
    out.reserve(object.size());
    for (auto& [key, member] : object) {
        whole(member);
        out[whole(std::string(key))] = std::move(member);
    }
    object = std::move(out);
}

} // namespace hilum::inline HILUM_ABI
