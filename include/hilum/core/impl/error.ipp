// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/error.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <ostream>

namespace hilum::inline HILUM_ABI {

HILUM_DECL char const* to_string(Scope scope) noexcept {
    switch (scope) {
    case Scope::none:
        return "none";
    case Scope::attempt:
        return "attempt";
    case Scope::total:
        return "total";
    case Scope::first_token:
        return "first_token";
    case Scope::idle:
        return "idle";
    }
    return "none";
}

HILUM_DECL char const* to_string(Delivery delivery) noexcept {
    switch (delivery) {
    case Delivery::not_sent:
        return "not_sent";
    case Delivery::rejected_for_now:
        return "rejected_for_now";
    case Delivery::rejected:
        return "rejected";
    case Delivery::unknown:
        return "unknown";
    case Delivery::answered:
        return "answered";
    }
    return "unknown";
}

HILUM_DECL Delivery default_delivery(errc e) noexcept {
    switch (e) {
    case errc::connection_failed:
        return Delivery::not_sent;
    case errc::throttled:
    case errc::unavailable:
    case errc::credentials_expired:
        return Delivery::rejected_for_now;
    case errc::timeout:
    case errc::cancelled:
    case errc::server_error:
    case errc::connection_lost:
        return Delivery::unknown;
    case errc::ok:
    case errc::malformed_reply:
    case errc::truncated:
    case errc::limit_exceeded:
    case errc::content_filtered:
        return Delivery::answered;
    default:
        return Delivery::rejected;
    }
}

namespace detail {

HILUM_DECL bool is_identifier(std::string_view s) noexcept {
    if (s.empty() || s.size() > 128)
        return false;
    for (char const c : s)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-' || c == '.' || c == ':' || c == '/'))
            return false;
    return true;
}

/// The first bytes of a text, at most `most`, without half a character of UTF-8 at the end.
HILUM_DECL std::string_view bounded(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;
    return text.substr(0, most);
}

} // namespace detail

HILUM_DECL Error::Error(errc e, std::string_view message)
    : code_(e), delivery_(default_delivery(e)) {
    if (!message.empty())
        edit().text = detail::bounded(message, max_message);
}

HILUM_DECL Error::Details& Error::edit() {
    auto copy = details_ ? std::make_shared<Details>(*details_) : std::make_shared<Details>();
    auto& details = *copy;
    details_ = std::move(copy);
    return details;
}

HILUM_DECL std::string Error::message() const {
    std::string out;
    if (!service().empty())
        out.append(service())
            .append(operation().empty() ? "" : " ")
            .append(operation())
            .append(": ");
    if (status_ != 0)
        out.append(std::to_string(status_)).append(" ");
    out.append(to_string(code_));
    if (scope_ != Scope::none)
        out.append(" (").append(to_string(scope_)).append(")");
    if (!provider_code().empty())
        out.append(" [").append(provider_code()).append("]");
    if (!text().empty())
        out.append(": ").append(text());
    return out;
}

HILUM_DECL std::ostream& operator<<(std::ostream& os, Error const& error) {
    return os << error.message();
}

HILUM_DECL Phi<std::string> const& Error::provider_message() const noexcept {
    static Phi<std::string> const none;
    return details_ ? details_->provider_message : none;
}

HILUM_DECL Error&& Error::with_retry_after(std::optional<std::chrono::milliseconds> pause) && {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (!pause || pause->count() < 0)
        retry_after_ms_ = -1;
    else
        retry_after_ms_ = static_cast<std::int32_t>(pause->count() < most ? pause->count() : most);
    return std::move(*this);
}

HILUM_DECL Error&& Error::with_service(std::string_view service, std::string_view operation) && {
    auto& details = edit();
    details.service = service;
    details.operation = operation;
    return std::move(*this);
}

HILUM_DECL Error&& Error::with_provider_code(std::string_view code) && {
    if (detail::is_identifier(code))
        edit().provider_code = code;
    return std::move(*this);
}

HILUM_DECL Error&& Error::with_provider_request_id(std::string_view id) && {
    if (detail::is_identifier(id))
        edit().provider_request_id = id;
    return std::move(*this);
}

HILUM_DECL Error&& Error::with_provider_message(std::string_view text) && {
    if (!text.empty())
        edit().provider_message = Phi<std::string>(std::string(detail::bounded(text, max_message)));
    return std::move(*this);
}

} // namespace hilum::inline HILUM_ABI
