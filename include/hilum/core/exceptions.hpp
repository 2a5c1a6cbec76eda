// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/error.hpp>

#include <boost/assert/source_location.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A setting or an argument that can't work: thrown at construction, never during a call.
///
/// The message names the field and what is wrong with it.
class ConfigurationError : public std::invalid_argument {
public:
    ConfigurationError(std::string const& field, std::string const& what)
        : std::invalid_argument(field + ": " + what), field_(field) {}

    std::string const& field() const noexcept { return field_; }

private:
    std::string field_;
};

/// What `Result<T>::value()` throws when there is no value; the root of the family.
///
/// @code
/// try {
///     use(reply.value());
/// } catch (CircuitOpenError const& e) {
///     try_later(e.error().retry_after());
/// } catch (ExternalServiceError const& e) {
///     log(e.what());                        // free of payload
/// }
/// @endcode
class ExternalServiceError : public std::runtime_error {
public:
    explicit ExternalServiceError(Error error)
        : std::runtime_error(error.message()), error_(std::move(error)) {}

    Error const& error() const noexcept { return error_; }

private:
    Error error_;
};

/// The model service answered with an error or not at all.
class ModelServiceError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// The provider (or a local limiter) asked for a slower pace.
class ThrottledError : public ModelServiceError {
public:
    using ModelServiceError::ModelServiceError;
};

/// Key, signature or permission refused.
class UnauthorizedError : public ModelServiceError {
public:
    using ModelServiceError::ModelServiceError;
};

/// A deadline passed.
class TimeoutError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// The caller cancelled the call.
class CancelledError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// A circuit breaker refused the call.
class CircuitOpenError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// The PHI filter refused to let the request out.
class PhiBlockedError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// The audit record could not be stored, so nothing was sent.
class AuditFailedError : public ExternalServiceError {
public:
    using ExternalServiceError::ExternalServiceError;
};

/// Throws the member of the family that matches the error's code.
[[noreturn]] HILUM_DECL void throw_error(Error const& error);

/// Found by `boost::system::result<T, Error>::value()`.
[[noreturn]] inline void
throw_exception_from_error(Error const& error, boost::source_location const&) {
    throw_error(error);
}

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/exceptions.ipp>
#endif
