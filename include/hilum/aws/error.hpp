// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/error.hpp>
#include <hilum/http/message.hpp>

#include <optional>

namespace hilum::inline HILUM_ABI::aws {

/// What a reply of an AWS service that isn't a success means.
///
/// The code is `x-amzn-errortype`, else `code`, `Code` or `__type` in the body, without what stands
/// before a `#` and from a `:` on. It decides; the status does where the code isn't known.
///
/// | code | error | delivery |
/// | --- | --- | --- |
/// | `ThrottlingException` and its like | `throttled` | rejected for now |
/// | `ModelNotReadyException` | `unavailable` | rejected for now |
/// | `ServiceUnavailableException` | `unavailable` | rejected for now |
/// | `ServiceQuotaExceededException` (400) | `quota_exceeded` | rejected |
/// | `ExpiredTokenException` | `credentials_expired` | rejected for now |
/// | `UnrecognizedClientException`, `InvalidSignatureException` ... | `unauthorized` | rejected |
/// | `AccessDeniedException` | `forbidden` | rejected |
/// | `ResourceNotFoundException` | `not_found` | rejected |
/// | `ValidationException` | `invalid_request` | rejected |
/// | `ModelTimeoutException`, `ModelErrorException` ... | `server_error` | unknown |
///
/// | status | error | delivery |
/// | --- | --- | --- |
/// | 429 | `throttled` | rejected for now |
/// | 503 | `unavailable` | rejected for now with a hint when to come back, else unknown |
/// | 408, 409, 424, other 5xx | `server_error` | unknown |
/// | 401, 403, 404 | `unauthorized`, `forbidden`, `not_found` | rejected |
/// | other 4xx, 3xx | `invalid_request` | rejected |
///
/// The pause is `x-amz-retry-after` in milliseconds, else `Retry-After`; `now` is for one that is a
/// date. The request id is `x-amzn-requestid`. What the provider wrote goes into
/// `provider_message()`, which is `Phi`, because it quotes requests; nothing of it into
/// `message()`. Pure; bodies of any size and kind are safe.
Error decode_error(
    HttpResponse const& response, std::optional<Clock::wall_time> now = std::nullopt
);

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/error.ipp>
#endif
