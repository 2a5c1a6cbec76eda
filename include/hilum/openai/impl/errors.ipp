// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/openai/errors.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/json_document.hpp>
#include <hilum/http/http_date.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::openai {

namespace detail {

/// The error object of a body, as far as there is one.
class ErrorBody {
public:
    explicit ErrorBody(std::string_view body);

    /// Whether code or type is one of these, or, for an entry that begins with '*', contains it.
    bool says(std::initializer_list<std::string_view> names) const;

    std::string code, type, message;
    unsigned status = 0; ///< where the code is a number, or where there is a `status`

private:
    void read(json::value const& error);
};

inline ErrorBody::ErrorBody(std::string_view body) : message(body.substr(0, Error::max_message)) {
    constexpr std::size_t enough = 64 * 1024;
    hilum::detail::JsonDocument const document(body, enough);
    auto const* root = document.root().if_object();
    if (!root)
        return;
    message.clear();
    // {"error": {...}}, {"error": "text"} and, from older servers, the object itself.
    auto const* error = root->if_contains("error");
    read(error && !error->is_null() ? *error : document.root());
}

inline void ErrorBody::read(json::value const& error) {
    using hilum::detail::find_member;
    using hilum::detail::find_string;
    if (auto const* text = error.if_string())
        message.assign(text->data(), text->size());
    if (auto const* text = find_string(error, "message"))
        message.assign(text->data(), text->size());
    if (auto const* name = find_string(error, "type"))
        type.assign(name->data(), name->size());
    if (auto const* member = find_member(error, "code")) {
        if (auto const* name = member->if_string())
            code.assign(name->data(), name->size());
        else if (auto const number = hilum::detail::find_count(error, "code");
                 number >= 400 && number <= 599)
            status = static_cast<unsigned>(number);
    }
    // Azure tells the filter's verdict one level deeper.
    if (auto const* inner = find_member(error, "innererror"); inner && type.empty())
        if (auto const* name = find_string(*inner, "code"))
            type.assign(name->data(), name->size());
}

inline bool ErrorBody::says(std::initializer_list<std::string_view> names) const {
    auto const lower = [](std::string text) {
        for (char& c : text)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        return text;
    };
    auto const code_ = lower(code), type_ = lower(type);
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        if (!name.starts_with('*'))
            return code_ == name || type_ == name;
        name.remove_prefix(1);
        return code_.find(name) != std::string::npos || type_.find(name) != std::string::npos;
    });
}

inline std::optional<std::chrono::milliseconds> pause_of(
    HttpResponse const& response, std::optional<Clock::wall_time> now
) {
    if (auto const text = response.find("retry-after-ms"))
        if (auto const pause = parse_pause(*text, std::chrono::milliseconds(1)))
            return pause;
    if (auto const text = response.find("retry-after"))
        return now ? parse_retry_after(*text, *now) : parse_pause(*text, std::chrono::seconds(1));
    return std::nullopt;
}

/// Our own sentence for a code: fixed, so that nothing of the provider's can stand in it.
inline Error classify(unsigned status, ErrorBody const& body, bool has_pause) {
    auto const is = [](errc e, Delivery delivery, std::string_view text) {
        return Error(e, text).with(delivery);
    };
    switch (status) {
    case 401:
        return is(errc::unauthorized, Delivery::rejected, "the provider refused the key");
    case 402:
        return is(errc::quota_exceeded, Delivery::rejected, "the account's quota is spent");
    case 403:
        return is(errc::forbidden, Delivery::rejected, "the key isn't allowed to do this");
    case 404:
        return is(
            errc::not_found, Delivery::rejected, "no such model or path: check model and base_url"
        );
    case 429:
        if (body.says({"insufficient_quota", "*billing", "quota_exceeded"}))
            return is(errc::quota_exceeded, Delivery::rejected, "the account's quota is spent");
        return is(
            errc::throttled, Delivery::rejected_for_now, "the provider asks for a slower pace"
        );
    case 503: {
        auto const refused = has_pause || body.says({"*overload", "*unavailable", "slow_down"});
        return is(
            errc::unavailable,
            refused ? Delivery::rejected_for_now : Delivery::unknown,
            "the provider is overloaded or not ready"
        );
    }
    case 408:
    case 409:
    case 424:
        return is(errc::server_error, Delivery::unknown, "the provider gave up on the request");
    default:
        break;
    }
    if (status >= 500 && status <= 599)
        return is(errc::server_error, Delivery::unknown, "the provider failed");
    if (status >= 400 && status <= 499) {
        if (body.says({"*content_filter", "content_policy_violation", "*responsibleai"}))
            return is(
                errc::content_filtered,
                Delivery::rejected,
                "the provider's content filter stopped the request"
            );
        return is(
            errc::invalid_request, Delivery::rejected, "the provider can't accept the request"
        );
    }
    if (status >= 300 && status <= 399)
        return is(
            errc::invalid_request,
            Delivery::rejected,
            "the provider redirects elsewhere, which is not followed: check base_url"
        );
    return is(errc::malformed_reply, Delivery::answered, "the reply is an error without a status");
}

} // namespace detail

HILUM_DECL Error decode_error(HttpResponse const& response, std::optional<Clock::wall_time> now) {
    detail::ErrorBody const body(response.body);
    auto const pause = detail::pause_of(response, now);
    auto const good = response.status >= 200 && response.status <= 299;
    auto error = detail::classify(good ? body.status : response.status, body, pause.has_value());
    auto delivery = error.delivery();
    if (auto const hint = response.find("x-should-retry")) {
        if (*hint == "true")
            delivery = Delivery::rejected_for_now;
        else if (*hint == "false")
            delivery = Delivery::rejected;
    }
    return std::move(error)
        .with(delivery)
        .with_status(response.status)
        .with_retry_after(pause)
        .with_provider_code(body.code.empty() ? body.type : body.code)
        .with_provider_request_id(response.find("x-request-id").value_or(std::string_view()))
        .with_provider_message(body.message);
}

} // namespace hilum::inline HILUM_ABI::openai
