// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/phi.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Why a value was let out without a filter; the audit writes it down.
class Release {
public:
    Release(std::string purpose_, Reason reason_) : purpose(std::move(purpose_)), reason(reason_) {}

    std::string purpose;
    Reason reason;
};

/// A value that may leave: cleared by the filter, written as a literal in the source, or released
/// explicitly.
///
/// Adapters take nothing else. There is no way to make one from run-time data but `release` and the
/// filter. Thread safety: as `T`.
template <class T>
class Outbound {
public:
    Outbound() = default;

    T const& value() const& noexcept { return value_; }

    T&& value() && noexcept { return std::move(value_); }

    /// The release behind it; null if a filter or the source code vouches for it.
    std::shared_ptr<Release const> const& release() const noexcept { return release_; }

private:
    friend struct OutboundAccess;

    explicit Outbound(T value, std::shared_ptr<Release const> release = nullptr)
        : value_(std::move(value)), release_(std::move(release)) {}

    T value_{};
    std::shared_ptr<Release const> release_;
};

/// The key of those who take responsibility for what leaves: hilum's filter, the text gate,
/// `release`. A host's own transforming policy that filters uses it too, and is reviewed for it.
struct OutboundAccess {
    template <class T>
    static Outbound<T> clear(T value, std::shared_ptr<Release const> release = nullptr) {
        return Outbound<T>(std::move(value), std::move(release));
    }
};

/// Lets a run-time value out without a filter. It is recorded: purpose and reason stand in the
/// audit's intent.
///
/// @code
/// co_await openai.generate_text(release(question, "faq", "public question from the web site"));
/// @endcode
///
/// `purpose` is a short word of the host's own vocabulary; `reason` is a literal, so that it is
/// reviewed with the code.
template <class T>

requires(!is_phi<std::remove_cvref_t<T>> && !std::convertible_to<T, std::string_view>)
    Outbound<std::remove_cvref_t<T>> release(T&& value, std::string purpose, Reason reason) {
    return OutboundAccess::clear<std::remove_cvref_t<T>>(
        std::forward<T>(value), std::make_shared<Release const>(std::move(purpose), reason)
    );
}

inline Outbound<std::string> release(std::string text, std::string purpose, Reason reason) {
    return OutboundAccess::clear(
        std::move(text), std::make_shared<Release const>(std::move(purpose), reason)
    );
}

namespace detail {

template <class T>
concept RunTimeText = (std::convertible_to<T const&, std::string_view> && !std::is_array_v<T>);

} // namespace detail

/// What a service without a filter takes as text. Its name is the rule.
///
/// A literal converts by a `consteval` constructor; so does what `release` gave. Run-time text and
/// `Phi` values don't compile, with a sentence that names the two ways out.
class TextWrittenInSourceOrReleased {
public:
    template <std::size_t N>
    consteval TextWrittenInSourceOrReleased(char const (&literal)[N])
        : data_(literal), size_(N - 1) {}

    TextWrittenInSourceOrReleased(Outbound<std::string> released)
        : released_(new Outbound<std::string>(std::move(released))) {}

    template <std::size_t N>
    TextWrittenInSourceOrReleased(char (&)[N]) {
        refuse<char[N]>();
    }

    template <detail::RunTimeText T>
    TextWrittenInSourceOrReleased(T const&) {
        refuse<T>();
    }

    template <class T>
    TextWrittenInSourceOrReleased(Phi<T> const&) {
        static_assert(
            detail::never<T>,
            "hilum: this text is Phi and no PhiFilterPolicy stands in front of the service: write "
            "PhiFilterPolicy{...} | service"
        );
    }

    constexpr TextWrittenInSourceOrReleased(TextWrittenInSourceOrReleased&& other) noexcept
        : data_(other.data_), size_(other.size_),
          released_(std::exchange(other.released_, nullptr)) {}

    TextWrittenInSourceOrReleased& operator=(TextWrittenInSourceOrReleased&&) = delete;

    constexpr ~TextWrittenInSourceOrReleased() {
        if (released_)
            delete released_;
    }

    /// The text, cleared to leave.
    Outbound<std::string> take() && {
        if (released_)
            return std::move(*released_);
        return OutboundAccess::clear(std::string(data_, size_));
    }

private:
    template <class T>
    static void refuse() {
        static_assert(
            detail::never<T>,
            "hilum: run-time text may hold PHI and no PhiFilterPolicy stands in front of the "
            "service: "
            "write PhiFilterPolicy{...} | service, or release(text, purpose, reason)"
        );
    }

    char const* data_ = nullptr;
    std::size_t size_ = 0;
    Outbound<std::string>* released_ = nullptr; // not a smart pointer: those aren't literal types
};

} // namespace hilum::inline HILUM_ABI
