// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/exceptions.hpp, which includes this file or leaves it to hilum/src.hpp.

namespace hilum::inline HILUM_ABI {

[[noreturn]] HILUM_DECL void throw_error(Error const& error) {
    switch (error.value()) {
    case errc::timeout:
        throw TimeoutError(error);
    case errc::cancelled:
        throw CancelledError(error);
    case errc::circuit_open:
        throw CircuitOpenError(error);
    case errc::phi_blocked:
        throw PhiBlockedError(error);
    case errc::audit_failed:
        throw AuditFailedError(error);
    case errc::throttled:
    case errc::quota_exceeded:
        throw ThrottledError(error);
    case errc::unauthorized:
    case errc::credentials_expired:
    case errc::forbidden:
        throw UnauthorizedError(error);
    case errc::rate_limited:
    case errc::bulkhead_full:
        throw ExternalServiceError(error);
    default:
        throw ModelServiceError(error);
    }
}

} // namespace hilum::inline HILUM_ABI
