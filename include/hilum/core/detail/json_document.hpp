// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/errc.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

/// A JSON text that somebody else wrote, read with bounds into memory of its own: an arena that
/// begins on the stack and goes away at once.
///
/// @code
/// JsonDocument reply(response.body);
/// if (auto const* text = find_string(reply.root(), "text")) ...
/// @endcode
///
/// Whatever is kept has to be copied out *with a storage of its own*: a copy or move of a
/// `json::value` stays in the arena. `find` and its kin answer null for whatever isn't there or
/// has another type. Never pass one to a coroutine; use it within one function.
class JsonDocument {
public:
    static constexpr std::size_t default_max_size = std::size_t(8) << 20;

    explicit JsonDocument(
        std::string_view text, std::size_t max_size = default_max_size, int max_depth = 32
    );

    JsonDocument(JsonDocument const&) = delete;
    JsonDocument& operator=(JsonDocument const&) = delete;

    /// `ok`; `limit_exceeded` for a text that is too long; else `malformed_reply`.
    errc status() const noexcept { return status_; }

    /// Null unless `status()` is `ok`.
    json::value const& root() const noexcept { return root_; }

private:
    unsigned char buffer_[4096]; // not zeroed: it is written before it is read
    json::monotonic_resource arena_{buffer_, sizeof buffer_};
    json::value root_ = json::value(json::storage_ptr(&arena_));
    errc status_ = errc::ok;
};

/// The member of an object, whatever it is; null when there is none.
json::value const* find_member(json::value const& parent, std::string_view name) noexcept;
/// The member if it is an object, an array or a string; null otherwise.
json::object const* find_object(json::value const& parent, std::string_view name) noexcept;
json::array const* find_array(json::value const& parent, std::string_view name) noexcept;
json::string const* find_string(json::value const& parent, std::string_view name) noexcept;

/// The member as a whole number not below zero; `otherwise` for anything else.
std::int64_t find_count(
    json::value const& parent, std::string_view name, std::int64_t otherwise = 0
) noexcept;

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/json_document.ipp>
#endif
