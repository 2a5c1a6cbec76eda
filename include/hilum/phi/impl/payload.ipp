// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/detail/payload.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/iso_time.hpp>
#include <hilum/core/detail/json_writer.hpp>

#include <algorithm>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL std::string wire_request_id(CallContext& cx, Disclosure& disclosure) {
    if (cx.options.request_id().empty())
        return std::string(cx.request_id());
    if (disclosure.wire_request_id.empty())
        disclosure.wire_request_id = cx.random().uuid();
    return disclosure.wire_request_id;
}

HILUM_DECL void add_audit_note(json::object& payload, CallContext& cx, Disclosure& disclosure) {
    json::object note;
    note["request_id"] = wire_request_id(cx, disclosure);
    note["timestamp"] = iso_time(cx.clock().wall());
    payload["_audit"] = std::move(note);
}

HILUM_DECL Result<std::string> prompt_about(
    std::string_view instruction, json::object const& payload
) {
    std::string out(instruction);
    out.append("\n\n");
    if (!append_json(out, payload))
        return Error(
            errc::phi_blocked, "the record has text that isn't UTF-8 or a number that isn't finite"
        );
    return out;
}

HILUM_DECL bool is_kind(std::string_view text) noexcept {
    return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

} // namespace hilum::inline HILUM_ABI::detail
