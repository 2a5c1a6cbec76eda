// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <cstdint>
#include <string>
#include <type_traits>

namespace hilum::inline HILUM_ABI {

/// What went wrong with a call, in terms of what its caller can do about it.
///
/// The numbers are stable: they appear in audit records and metrics.
enum class errc : std::uint16_t {
    ok = 0,
    timeout = 1,                ///< a deadline passed; `Error::scope` says which one
    cancelled = 2,              ///< the caller asked for it to stop
    throttled = 3,              ///< the provider asked for fewer calls
    quota_exceeded = 4,         ///< the account's quota is spent: waiting won't help
    unauthorized = 5,           ///< key or signature refused
    credentials_expired = 6,    ///< credentials were valid once: refresh and sign again
    forbidden = 7,              ///< known, but not allowed
    not_found = 8,              ///< no such model, deployment or path
    invalid_request = 9,        ///< the provider (or the adapter) can't accept this request
    content_filtered = 10,      ///< the provider's or a guardrail's filter stopped it
    server_error = 11,          ///< the provider failed
    unavailable = 12,           ///< the provider is overloaded or not ready
    connection_failed = 13,     ///< resolve, connect, TLS or proxy failed: nothing was sent
    connection_lost = 14,       ///< the connection broke after something was sent
    malformed_reply = 15,       ///< the reply isn't what the protocol says
    truncated = 16,             ///< the reply ended before the provider said that it was complete
    limit_exceeded = 17,        ///< a reply larger than a configured bound
    circuit_open = 18,          ///< a circuit breaker refused the call
    rate_limited = 19,          ///< a local rate limiter refused the call
    bulkhead_full = 20,         ///< a local bulkhead refused the call
    phi_blocked = 21,           ///< the PHI filter refused to let the request out
    audit_failed = 22,          ///< the audit record could not be stored, so nothing was sent
    unsupported = 23,           ///< this service doesn't offer this operation or option
    invalid_configuration = 24, ///< settings or files that can't work
};

/// Portable classes of failure, for code that treats several `errc` alike.
///
/// @code
/// if (reply.error() == condition::rejected_locally) ...
/// @endcode
enum class condition : std::uint16_t {
    transient = 1,    ///< may work when tried again later
    throttled,        ///< the provider or a local limiter asked for a slower pace
    timeout,          ///< any deadline
    rejected_locally, ///< hilum refused; nothing was sent
    unauthorized,     ///< key, signature or permission
    invalid_request,  ///< the request itself must change
    content_filtered, ///< a content filter stopped it
    unavailable,      ///< the service can't be reached or can't serve now
    cancelled,        ///< the caller stopped it
};

/// The category of `errc`; equal across shared objects by its fixed id.
HILUM_DECL boost::system::error_category const& errc_category() noexcept;
/// The category of `condition`.
HILUM_DECL boost::system::error_category const& condition_category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), errc_category()};
}

inline boost::system::error_condition make_error_condition(condition c) noexcept {
    return {static_cast<int>(c), condition_category()};
}

/// A short fixed name, `"circuit_open"`: for logs, metrics and audit records.
HILUM_DECL char const* to_string(errc e) noexcept;

} // namespace hilum::inline HILUM_ABI

template <>
struct boost::system::is_error_code_enum<hilum::errc> : std::true_type {};

template <>
struct boost::system::is_error_condition_enum<hilum::condition> : std::true_type {};

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/errc.ipp>
#endif
