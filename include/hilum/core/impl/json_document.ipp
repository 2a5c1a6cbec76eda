// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/detail/json_document.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <boost/json/parser.hpp>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL
JsonDocument::JsonDocument(std::string_view text, std::size_t max_size, int max_depth) {
    if (text.size() > max_size) {
        status_ = errc::limit_exceeded;
        return;
    }
    json::parse_options options;
    options.max_depth = static_cast<std::size_t>(max_depth);
    unsigned char scratch[2048];
    json::parser parser(json::storage_ptr(), options, scratch, sizeof scratch);
    parser.reset(&arena_);
    boost::system::error_code ec;
    parser.write(text.data(), text.size(), ec);
    if (ec)
        status_ = errc::malformed_reply;
    else
        root_ = parser.release();
}

HILUM_DECL json::value const* find_member(
    json::value const& parent, std::string_view name
) noexcept {
    auto const* object = parent.if_object();
    return object ? object->if_contains(name) : nullptr;
}

HILUM_DECL json::object const* find_object(
    json::value const& parent, std::string_view name
) noexcept {
    auto const* member = find_member(parent, name);
    return member ? member->if_object() : nullptr;
}

HILUM_DECL json::array const* find_array(
    json::value const& parent, std::string_view name
) noexcept {
    auto const* member = find_member(parent, name);
    return member ? member->if_array() : nullptr;
}

HILUM_DECL json::string const* find_string(
    json::value const& parent, std::string_view name
) noexcept {
    auto const* member = find_member(parent, name);
    return member ? member->if_string() : nullptr;
}

HILUM_DECL std::int64_t find_count(
    json::value const& parent, std::string_view name, std::int64_t otherwise
) noexcept {
    auto const* member = find_member(parent, name);
    auto const* count = member ? member->if_int64() : nullptr;
    return count && *count >= 0 ? *count : otherwise;
}

} // namespace hilum::inline HILUM_ABI::detail
