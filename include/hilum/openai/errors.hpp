// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/error.hpp>
#include <hilum/http/message.hpp>

#include <optional>

namespace hilum::inline HILUM_ABI::openai {

/// What a reply that isn't a success means, by its status, the error object in its body and its
/// hints. `now` is for a `Retry-After` that is a date; without it such a date is no hint.
///
/// | status | and | error | delivery |
/// | --- | --- | --- | --- |
/// | 401, 403, 404 | | `unauthorized`, `forbidden`, `not_found` | rejected |
/// | 402, 429 | a code of billing, `insufficient_quota` | `quota_exceeded` | rejected |
/// | 429 | else | `throttled` | rejected for now |
/// | 503 | a code of overload, or a hint when to return | `unavailable` | rejected for now |
/// | 503 | else | `unavailable` | unknown |
/// | 408, 409, 424, other 5xx | | `server_error` | unknown |
/// | any other 4xx | code `content_filter` or its like | `content_filtered` | rejected |
/// | any other 4xx, 3xx | | `invalid_request` | rejected |
/// | anything else | | `malformed_reply` | answered |
///
/// `x-should-retry: true` makes any of them *rejected for now*, `false` *rejected*. The pause is
/// `retry-after-ms`, else `retry-after`. A reply with a good status whose body holds an `error`
/// (some gateways send that) counts by the status that stands in it.
///
/// What the provider wrote goes into `provider_message()`, which is `Phi`; nothing of it into
/// `message()`. Pure: no clock, no socket. Never fails; bodies of any size and kind are safe.
HILUM_DECL Error
decode_error(HttpResponse const& response, std::optional<Clock::wall_time> now = std::nullopt);

} // namespace hilum::inline HILUM_ABI::openai

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/openai/impl/errors.ipp>
#endif
