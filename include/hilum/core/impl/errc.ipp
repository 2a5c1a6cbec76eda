// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/core/errc.hpp, which includes this file or leaves it to hilum/src.hpp.

namespace hilum::inline HILUM_ABI {

HILUM_DECL char const* to_string(errc e) noexcept {
    switch (e) {
    case errc::ok:
        return "ok";
    case errc::timeout:
        return "timeout";
    case errc::cancelled:
        return "cancelled";
    case errc::throttled:
        return "throttled";
    case errc::quota_exceeded:
        return "quota_exceeded";
    case errc::unauthorized:
        return "unauthorized";
    case errc::credentials_expired:
        return "credentials_expired";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not_found";
    case errc::invalid_request:
        return "invalid_request";
    case errc::content_filtered:
        return "content_filtered";
    case errc::server_error:
        return "server_error";
    case errc::unavailable:
        return "unavailable";
    case errc::connection_failed:
        return "connection_failed";
    case errc::connection_lost:
        return "connection_lost";
    case errc::malformed_reply:
        return "malformed_reply";
    case errc::truncated:
        return "truncated";
    case errc::limit_exceeded:
        return "limit_exceeded";
    case errc::circuit_open:
        return "circuit_open";
    case errc::rate_limited:
        return "rate_limited";
    case errc::bulkhead_full:
        return "bulkhead_full";
    case errc::phi_blocked:
        return "phi_blocked";
    case errc::audit_failed:
        return "audit_failed";
    case errc::unsupported:
        return "unsupported";
    case errc::invalid_configuration:
        return "invalid_configuration";
    }
    return "unknown";
}

namespace detail {

class ErrorCategory final : public boost::system::error_category {
public:
    constexpr ErrorCategory() noexcept : error_category(0x9c4a6f1d52b7e803ULL) {}

    char const* name() const noexcept override { return "hilum"; }

    std::string message(int value) const override { return to_string(static_cast<errc>(value)); }

    char const* message(int value, char*, std::size_t) const noexcept override {
        return to_string(static_cast<errc>(value));
    }
};

class ConditionCategory final : public boost::system::error_category {
public:
    constexpr ConditionCategory() noexcept : error_category(0x51d0e7b3c86a942fULL) {}

    char const* name() const noexcept override { return "hilum.condition"; }

    std::string message(int value) const override {
        switch (static_cast<condition>(value)) {
        case condition::transient:
            return "transient";
        case condition::throttled:
            return "throttled";
        case condition::timeout:
            return "timeout";
        case condition::rejected_locally:
            return "rejected locally";
        case condition::unauthorized:
            return "unauthorized";
        case condition::invalid_request:
            return "invalid request";
        case condition::content_filtered:
            return "content filtered";
        case condition::unavailable:
            return "unavailable";
        case condition::cancelled:
            return "cancelled";
        }
        return "unknown";
    }

    bool equivalent(boost::system::error_code const& code, int value) const noexcept override {
        if (code.category() != errc_category())
            return false;
        auto const e = static_cast<errc>(code.value());
        auto const any = [e](auto... of) { return ((e == of) || ...); };
        switch (static_cast<condition>(value)) {
        case condition::transient:
            return any(
                errc::throttled,
                errc::server_error,
                errc::unavailable,
                errc::connection_failed,
                errc::connection_lost,
                errc::timeout,
                errc::truncated,
                errc::circuit_open,
                errc::rate_limited,
                errc::bulkhead_full
            );
        case condition::throttled:
            return any(errc::throttled, errc::rate_limited);
        case condition::timeout:
            return any(errc::timeout);
        case condition::rejected_locally:
            return any(
                errc::circuit_open,
                errc::rate_limited,
                errc::bulkhead_full,
                errc::phi_blocked,
                errc::audit_failed,
                errc::unsupported
            );
        case condition::unauthorized:
            return any(errc::unauthorized, errc::credentials_expired, errc::forbidden);
        case condition::invalid_request:
            return any(errc::invalid_request, errc::not_found);
        case condition::content_filtered:
            return any(errc::content_filtered);
        case condition::unavailable:
            return any(errc::unavailable, errc::connection_failed, errc::circuit_open);
        case condition::cancelled:
            return any(errc::cancelled);
        }
        return false;
    }
};

template <class Category>
inline constexpr Category category_instance{};

} // namespace detail

HILUM_DECL boost::system::error_category const& errc_category() noexcept {
    return detail::category_instance<detail::ErrorCategory>;
}

HILUM_DECL boost::system::error_category const& condition_category() noexcept {
    return detail::category_instance<detail::ConditionCategory>;
}

} // namespace hilum::inline HILUM_ABI
