// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/error.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/json_document.hpp>
#include <hilum/http/http_date.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws {

namespace detail {

/// What a code or a status means; the sentence is ours, so that nothing of the provider's can stand
/// in it.
struct Meaning {
    errc code;
    Delivery delivery;
    std::string_view text;
};

inline constexpr Meaning throttled{
    errc::throttled, Delivery::rejected_for_now, "AWS asks for a slower pace"};
inline constexpr Meaning overloaded{
    errc::unavailable, Delivery::rejected_for_now, "AWS can't serve now"};
inline constexpr Meaning not_ready{
    errc::unavailable, Delivery::rejected_for_now, "the model is not ready yet"};
inline constexpr Meaning quota{
    errc::quota_exceeded, Delivery::rejected, "a quota of the account is spent"};
inline constexpr Meaning expired{
    errc::credentials_expired, Delivery::rejected_for_now, "the credentials have expired"};
inline constexpr Meaning refused_key{
    errc::unauthorized, Delivery::rejected, "AWS refused the credentials"};
inline constexpr Meaning refused_signature{
    errc::unauthorized,
    Delivery::rejected,
    "AWS refused the signature: check secret key, region and whether something on the way changes "
    "requests"};
inline constexpr Meaning wrong_time{
    errc::unauthorized,
    Delivery::rejected,
    "AWS refused the time of the signature: check the clock"};
inline constexpr Meaning denied{
    errc::forbidden, Delivery::rejected, "the credentials don't allow this model or operation"};
inline constexpr Meaning missing{
    errc::not_found, Delivery::rejected, "no such model or resource in this region"};
inline constexpr Meaning invalid{
    errc::invalid_request, Delivery::rejected, "AWS can't accept the request"};
inline constexpr Meaning redirected{
    errc::invalid_request,
    Delivery::rejected,
    "the reply redirects elsewhere, which is not followed: check the endpoint"};
inline constexpr Meaning model_failed{
    errc::server_error, Delivery::unknown, "the model failed or took too long"};
inline constexpr Meaning gave_up{
    errc::server_error, Delivery::unknown, "AWS gave up on the request"};
inline constexpr Meaning failed{errc::server_error, Delivery::unknown, "AWS failed"};
inline constexpr Meaning unavailable{
    errc::unavailable, Delivery::unknown, "AWS can't serve now, and didn't say why"};
inline constexpr Meaning strange{
    errc::malformed_reply, Delivery::answered, "the reply is no error and no success"};

struct Code {
    std::string_view name; ///< without "Exception" at the end
    Meaning const& meaning;
};

inline constexpr Code codes[] = {
    {"Throttling", throttled},
    {"Throttled", throttled},
    {"TooManyRequests", throttled},
    {"RequestThrottled", throttled},
    {"RequestLimitExceeded", throttled},
    {"SlowDown", throttled},
    {"ModelNotReady", not_ready},
    {"ServiceUnavailable", overloaded},
    {"ServiceQuotaExceeded", quota},
    {"LimitExceeded", quota},
    {"ExpiredToken", expired},
    {"TokenRefreshRequired", expired},
    {"UnrecognizedClient", refused_key},
    {"InvalidClientTokenId", refused_key},
    {"MissingAuthenticationToken", refused_key},
    {"InvalidSignature", refused_signature},
    {"SignatureDoesNotMatch", refused_signature},
    {"IncompleteSignature", refused_signature},
    {"RequestTimeTooSkewed", wrong_time},
    {"RequestExpired", wrong_time},
    {"RequestInTheFuture", wrong_time},
    {"AccessDenied", denied},
    {"NotAuthorized", denied},
    {"OptInRequired", denied},
    {"ResourceNotFound", missing},
    {"UnknownOperation", missing},
    {"Validation", invalid},
    {"ModelTimeout", model_failed},
    {"ModelError", model_failed},
    {"ModelStreamError", model_failed},
    {"InternalServer", failed},
    {"InternalFailure", failed},
    {"InternalError", failed},
};

inline Meaning const* meaning_of_code(std::string_view code) {
    for (std::string_view const ending : {"Exception", "Error", ""}) {
        if (!code.ends_with(ending))
            continue;
        auto const name = code.substr(0, code.size() - ending.size());
        for (auto const& known : codes)
            if (known.name == name)
                return &known.meaning;
    }
    return nullptr;
}

inline Meaning const& meaning_of_status(unsigned status, bool has_pause) {
    switch (status) {
    case 401:
        return refused_key;
    case 403:
        return denied;
    case 404:
        return missing;
    case 408:
    case 409:
    case 424:
        return gave_up;
    case 429:
        return throttled;
    case 503:
        return has_pause ? overloaded : unavailable;
    default:
        break;
    }
    if (status >= 500 && status <= 599)
        return failed;
    if (status >= 400 && status <= 499)
        return invalid;
    return status >= 300 && status <= 399 ? redirected : strange;
}

/// "com.amazonaws.bedrock#ThrottlingException:http://..." is "ThrottlingException"; empty for what
/// can't be the name of an exception.
inline std::string_view bare_code(std::string_view code) {
    if (auto const hash = code.find('#'); hash != code.npos)
        code.remove_prefix(hash + 1);
    code = code.substr(0, code.find(':'));
    bool const is_name = code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    (c >= '0' && c <= '9') || c == '.';
                         });
    return is_name ? code : std::string_view();
}

struct ErrorBody {
    explicit ErrorBody(std::string_view body) {
        constexpr std::size_t enough = 64 * 1024;
        hilum::detail::JsonDocument const document(body, enough);
        if (!document.root().is_object()) {
            message = body.substr(0, Error::max_message);
            return;
        }
        take(document.root(), code, {"code", "Code", "__type"});
        take(document.root(), message, {"message", "Message", "errorMessage"});
    }

    static void take(
        json::value const& root, std::string& out, std::initializer_list<std::string_view> names
    ) {
        for (auto const name : names)
            if (auto const* text = hilum::detail::find_string(root, name); text && out.empty())
                out.assign(text->data(), text->size());
    }

    std::string code, message;
};

} // namespace detail

HILUM_DECL Error decode_error(HttpResponse const& response, std::optional<Clock::wall_time> now) {
    detail::ErrorBody const body(response.body);
    std::optional<std::chrono::milliseconds> pause;
    if (auto const text = response.find("x-amz-retry-after"))
        pause = parse_pause(*text, std::chrono::milliseconds(1));
    if (auto const text = response.find("retry-after"); text && !pause)
        pause = now ? parse_retry_after(*text, *now) : parse_pause(*text, std::chrono::seconds(1));

    auto code = detail::bare_code(response.find("x-amzn-errortype").value_or(std::string_view()));
    if (code.empty())
        code = detail::bare_code(body.code);
    auto const* known = detail::meaning_of_code(code);
    auto const& meaning =
        known ? *known : detail::meaning_of_status(response.status, pause.has_value());
    return Error(meaning.code, meaning.text)
        .with(meaning.delivery)
        .with_status(response.status)
        .with_retry_after(pause)
        .with_provider_code(code)
        .with_provider_request_id(response.find("x-amzn-requestid").value_or(std::string_view()))
        .with_provider_message(body.message);
}

} // namespace hilum::inline HILUM_ABI::aws
