// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/error.hpp>
#include <hilum/core/exceptions.hpp>

#include <boost/system/result.hpp>

namespace hilum::inline HILUM_ABI {

/// A value or an `Error`. Nothing on the normal path throws; `.value()` throws the matching
/// exception.
///
/// @code
/// Result<TextReply> reply = co_await service.generate_text("Say hello.");
/// if (!reply)
///     co_return report(reply.error());
/// std::cout << reply->text;
/// @endcode
///
/// `error()` returns by value on Boost 1.81: don't keep a `string_view` of what a temporary error
/// holds.
template <class T>
using Result = boost::system::result<T, Error>;

} // namespace hilum::inline HILUM_ABI
