// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/message.hpp>

#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// Writes a request as HTTP/1.1, head and body, into `out`, whose capacity is reused: one buffer,
/// one write.
///
/// @code
/// std::string wire;
/// if (auto why_not = write_request(wire, request, "hilum/0.1"); !why_not.empty())
///     co_return Error(errc::invalid_request, why_not);
/// @endcode
///
/// Adds `Host`, `Content-Length` (always for POST, PUT and PATCH) and, unless the request has one
/// or `user_agent` is empty, `User-Agent`. Returns why the request can't be sent, in fixed words,
/// or nothing: it isn't well formed, or it names a header that frames the message (`Host`,
/// `Content-Length`, `Transfer-Encoding`, `Connection`, `Keep-Alive`, `Upgrade`, `TE`, `Trailer`,
/// `Expect`), which are the client's own business. Pure; thread safe.
std::string_view write_request(
    std::string& out, HttpRequest const& request, std::string_view user_agent = {}
);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/request_writer.ipp>
#endif
