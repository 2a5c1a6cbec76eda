// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws {

/// Appends `bytes` with each byte outside `A-Za-z0-9-_.~` as `%XX` (RFC 3986, 2.1), so that they
/// are one segment of a path or one part of a query. With `keep_slashes`, `/` stays too.
///
/// @code
/// append_percent_encoded(target, "us.model-v1:0");                  // "us.model-v1%3A0"
/// @endcode
void append_percent_encoded(std::string& out, std::string_view bytes, bool keep_slashes = false);

/// A path without empty, `.` and `..` segments (RFC 3986, 5.2.4, and empty ones too): what AWS
/// signs.
std::string normalized_path(std::string_view path);

/// A query as AWS signs it: each name and value decoded and encoded again, sorted by name, then by
/// value, `=` always there.
std::string canonical_query(std::string_view query);

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/uri.ipp>
#endif
