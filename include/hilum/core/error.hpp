// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/phi.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// Which deadline a `errc::timeout` speaks of.
enum class Scope : std::uint8_t {
    none,
    attempt,     ///< one attempt's limit
    total,       ///< the whole call, all attempts and pauses
    first_token, ///< the first delta of a stream
    idle,        ///< the silence between two parts of a reply
};

HILUM_DECL char const* to_string(Scope scope) noexcept;

/// How far an attempt got. Retry decisions rest on this, not on HTTP numbers.
///
/// A request that has an effect (a model call costs money and discloses data) may only be repeated
/// without asking when nothing of it reached the provider, or when the provider said that it did
/// nothing and may be asked again.
enum class Delivery : std::uint8_t {
    not_sent,         ///< no byte was handed to the kernel
    rejected_for_now, ///< the provider refused and may accept the same request later
    rejected,         ///< the provider refused for good, or hilum did
    unknown,          ///< sent, and nobody can say whether it took effect
    answered,         ///< a complete reply came
};

HILUM_DECL char const* to_string(Delivery delivery) noexcept;

/// What one failed call or attempt has to say: cheap to copy (32 bytes), free of payload.
///
/// @code
/// if (!reply && reply.error() == errc::throttled)
///     wait(reply.error().retry_after().value_or(1s));
/// std::cerr << reply.error().message() << '\n';
/// @endcode
///
/// `message()` is hilum's own sentence, bounded, and never holds text that a caller or a provider
/// wrote. What the provider wrote is `provider_message()`, which is `Phi`, because providers echo
/// prompts. Thread safety: distinct objects are safe, also when they are copies of each other.
class Error {
public:
    static constexpr std::size_t max_message = 500; ///< bytes kept of `message()`

    Error() = default;
    Error(errc e, std::string_view message = {}); // NOLINT(google-explicit-constructor)

    Error(errc e, Scope scope, std::string_view message = {}) : Error(e, message) {
        scope_ = scope;
    }

    boost::system::error_code code() const noexcept { return make_error_code(code_); }

    errc value() const noexcept { return code_; }

    Scope scope() const noexcept { return scope_; }

    Delivery delivery() const noexcept { return delivery_; }

    /// HTTP status, 0 when there was none.
    unsigned status() const noexcept { return status_; }

    /// The pause that the provider, a limiter or a breaker asked for.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept {
        if (retry_after_ms_ < 0)
            return std::nullopt;
        return std::chrono::milliseconds(retry_after_ms_);
    }

    /// Our own sentence, "openai generate_text: 429 throttled: ...", safe to log.
    std::string message() const;

    /// The sentence without service and code; empty when there is none.
    std::string_view text() const noexcept {
        return details_ ? details_->text : std::string_view();
    }

    /// The name of the service, "openai"; empty when no adapter was reached.
    std::string_view service() const noexcept {
        return details_ ? details_->service : std::string_view();
    }

    std::string_view operation() const noexcept {
        return details_ ? details_->operation : std::string_view();
    }

    /// The provider's own code, "ThrottlingException"; kept only if it looks like an identifier.
    std::string_view provider_code() const noexcept {
        return details_ ? details_->provider_code : std::string_view();
    }

    /// The provider's id of the request, for a support case; kept only if it looks like an
    /// identifier.
    std::string_view provider_request_id() const noexcept {
        return details_ ? details_->provider_request_id : std::string_view();
    }

    /// What the provider wrote, bounded: it may quote the prompt.
    Phi<std::string> const& provider_message() const noexcept;

    // Setters return the error itself, so that one can be built in one expression.
    Error&& with(Scope scope) && {
        scope_ = scope;
        return std::move(*this);
    }

    Error&& with(Delivery delivery) && {
        delivery_ = delivery;
        return std::move(*this);
    }

    Error&& with_status(unsigned status) && {
        status_ = static_cast<std::uint16_t>(status);
        return std::move(*this);
    }

    /// Bounded to 24 days; a negative pause counts as none.
    Error&& with_retry_after(std::optional<std::chrono::milliseconds> pause) &&;
    Error&& with_service(std::string_view service, std::string_view operation) &&;
    Error&& with_provider_code(std::string_view code) &&;
    Error&& with_provider_request_id(std::string_view id) &&;
    Error&& with_provider_message(std::string_view text) &&;

    friend bool operator==(Error const& a, errc b) noexcept { return a.code_ == b; }

    friend bool operator==(Error const& a, condition b) noexcept {
        return a.code() == make_error_condition(b);
    }

private:
    struct Details {
        std::string text, service, operation, provider_code, provider_request_id;
        Phi<std::string> provider_message;
    };

    Details& edit();

    std::shared_ptr<Details const> details_;
    std::int32_t retry_after_ms_ = -1;
    errc code_ = errc::ok;
    std::uint16_t status_ = 0;
    Scope scope_ = Scope::none;
    Delivery delivery_ = Delivery::rejected;
};

/// Prints `message()`: our own sentence, without payload.
HILUM_DECL std::ostream& operator<<(std::ostream& os, Error const& error);

/// How far an attempt got if an error with this code doesn't say so itself.
HILUM_DECL Delivery default_delivery(errc e) noexcept;

namespace detail {

/// Whether this can be a code or an id and not a sentence: at most 128 letters, digits and `_-.:/`.
/// What providers wrote is kept in errors, replies and records only if it is.
bool is_identifier(std::string_view s) noexcept;

} // namespace detail

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/core/impl/error.ipp>
#endif
