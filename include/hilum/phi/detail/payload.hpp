// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::detail {

/// The random id of this call in what is sent: the call's own, unless its caller gave one, which
/// might say something about somebody. Written into the disclosure where it differs.
std::string wire_request_id(CallContext& cx, Disclosure& disclosure);

/// Adds `_audit`: request id and time, UTC in seconds.
void add_audit_note(json::object& payload, CallContext& cx, Disclosure& disclosure);

/// The instruction, an empty line, and the fields as one block of JSON.
Result<std::string> prompt_about(std::string_view instruction, json::object const& payload);

/// Whether a host's word for the kind of a prediction can leave: a short identifier.
bool is_kind(std::string_view text) noexcept;

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/payload.ipp>
#endif
