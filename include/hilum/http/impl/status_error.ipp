// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/status_error.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/http/http_date.hpp>

#include <optional>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

inline Error classify_status(unsigned status, bool has_pause) {
    switch (status) {
    case 401:
        return Error(errc::unauthorized, "the server refused the credentials");
    case 403:
        return Error(errc::forbidden, "the server doesn't allow this");
    case 404:
        return Error(errc::not_found, "the server knows nothing at this path");
    case 408:
    case 409:
    case 424:
        return Error(errc::server_error, "the server gave up on the request");
    case 429:
        return Error(errc::throttled, "the server asks for a slower pace");
    case 503:
        return Error(errc::unavailable, "the server is overloaded or not ready")
            .with(has_pause ? Delivery::rejected_for_now : Delivery::unknown);
    default:
        break;
    }
    if (status >= 500)
        return Error(errc::server_error, "the server failed");
    if (status < 400)
        return Error(errc::invalid_request, "the server redirects elsewhere: not followed");
    return Error(errc::invalid_request, "the server can't accept the request");
}

} // namespace detail

HILUM_DECL Error status_error(HttpResponse const& response, Clock::wall_time now) {
    std::optional<std::chrono::milliseconds> pause;
    if (auto const text = response.find("retry-after"))
        pause = parse_retry_after(*text, now);
    return detail::classify_status(response.status, pause.has_value())
        .with_status(response.status)
        .with_retry_after(pause)
        .with_provider_request_id(response.find("x-request-id").value_or(std::string_view()))
        .with_provider_message(response.body);
}

} // namespace hilum::inline HILUM_ABI
