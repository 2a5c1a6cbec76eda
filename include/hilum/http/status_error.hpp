// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/http/message.hpp>

namespace hilum::inline HILUM_ABI {

/// What a reply with a status of 300 or more means, for a server of which nothing else is known.
///
/// | status | error | delivery |
/// | --- | --- | --- |
/// | 401 · 403 · 404 | `unauthorized` · `forbidden` · `not_found` | rejected |
/// | 429 | `throttled` | rejected for now |
/// | 503 | `unavailable` | rejected for now with `Retry-After`, else unknown |
/// | 408, 409, 424, other 5xx | `server_error` | unknown |
/// | 3xx, other 4xx | `invalid_request` | rejected |
///
/// The text is hilum's own and fixed for each; what the server wrote is kept, bounded, as
/// `Error::provider_message`, which is `Phi`. `Retry-After` is read against `now`.
Error status_error(HttpResponse const& response, Clock::wall_time now);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/status_error.ipp>
#endif
