// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

#include "catch.hpp"

using namespace hilum;

static_assert(std::is_base_of_v<std::runtime_error, ExternalServiceError>);
static_assert(std::is_base_of_v<ExternalServiceError, ModelServiceError>);
static_assert(std::is_base_of_v<ModelServiceError, ThrottledError>);
static_assert(std::is_base_of_v<ModelServiceError, UnauthorizedError>);
static_assert(!std::is_base_of_v<ModelServiceError, CircuitOpenError>);
static_assert(std::is_base_of_v<std::invalid_argument, ConfigurationError>);

namespace {

/// Whether `.value()` of a result with this error throws exactly this type.
template <class Exception>
bool throws(errc e) {
    Result<int> const result = Error(e, "what happened");
    try {
        (void)result.value();
    } catch (ExternalServiceError const& thrown) {
        return typeid(thrown) == typeid(Exception) && thrown.error() == e &&
               thrown.what() == std::string(to_string(e)) + ": what happened";
    }
    return false;
}

} // namespace

TEST_CASE("exceptions: value() throws the member of the family that matches") {
    CHECK(throws<TimeoutError>(errc::timeout));
    CHECK(throws<CancelledError>(errc::cancelled));
    CHECK(throws<CircuitOpenError>(errc::circuit_open));
    CHECK(throws<PhiBlockedError>(errc::phi_blocked));
    CHECK(throws<AuditFailedError>(errc::audit_failed));
    CHECK(throws<ThrottledError>(errc::throttled));
    CHECK(throws<ThrottledError>(errc::quota_exceeded));
    CHECK(throws<UnauthorizedError>(errc::unauthorized));
    CHECK(throws<UnauthorizedError>(errc::credentials_expired));
    CHECK(throws<UnauthorizedError>(errc::forbidden));
    CHECK(throws<ExternalServiceError>(errc::rate_limited));
    CHECK(throws<ExternalServiceError>(errc::bulkhead_full));
    CHECK(throws<ModelServiceError>(errc::server_error));
    CHECK(throws<ModelServiceError>(errc::truncated));
    CHECK(throws<ModelServiceError>(errc::connection_failed));
}

TEST_CASE("exceptions: a value is a value") {
    Result<int> const result = 7;
    CHECK(result.value() == 7);
}

TEST_CASE("exceptions: what() holds nothing that a provider wrote") {
    Result<int> const result =
        Error(errc::invalid_request).with_provider_message("about Ann Example");
    try {
        (void)result.value();
        FAIL("it must throw");
    } catch (ModelServiceError const& e) {
        CHECK(e.what() == std::string("invalid_request"));
    }
}

TEST_CASE("exceptions: a configuration error names the field") {
    ConfigurationError const error("openai.timeout", "must be above 0");
    CHECK(error.field() == "openai.timeout");
    CHECK(error.what() == std::string("openai.timeout: must be above 0"));
}
