// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

/// Looks into JSON of any shape: what isn't there, or is of another kind, is empty.

namespace hilum::inline HILUM_ABI::detail {

inline json::value const* member(json::object const& object, std::string_view key) {
    return object.if_contains(key);
}

inline json::object const* object_in(json::object const& object, std::string_view key) {
    auto const* value = member(object, key);
    return value ? value->if_object() : nullptr;
}

inline std::string_view text_in(json::object const& object, std::string_view key) {
    auto const* value = member(object, key);
    auto const* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

/// Visits the objects of an array, or the one object that stands in its place.
template <class Visitor>
void each_object(json::object const& object, std::string_view key, Visitor visitor) {
    auto const* value = member(object, key);
    if (!value)
        return;
    if (auto const* one = value->if_object())
        visitor(*one);
    if (auto const* many = value->if_array())
        for (auto const& element : *many)
            if (auto const* one = element.if_object())
                visitor(*one);
}

/// Visits the strings of an array, or the one string that stands in its place.
template <class Visitor>
void each_text(json::value const& value, Visitor visitor) {
    if (auto const* text = value.if_string())
        visitor(std::string_view(*text));
    if (auto const* many = value.if_array())
        for (auto const& element : *many)
            if (auto const* text = element.if_string())
                visitor(std::string_view(*text));
}

} // namespace hilum::inline HILUM_ABI::detail
