// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/secret.hpp>

#include <boost/json/fwd.hpp>

#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Why a host's own code opens a `Phi` value. It says so at the call, where a reviewer reads it.
///
/// @code
/// show(reply->reveal("shown to the treating physician").text);
/// @endcode
class Reason {
public:
    /// Takes a literal only, so that the reason stands in the source. An empty one doesn't compile.
    template <std::size_t N>
    consteval Reason(char const (&text)[N]) : text_(text), size_(N - 1) {
        static_assert(N >= 2, "hilum: a reason must not be empty");
    }

    constexpr std::string_view text() const noexcept { return {text_, size_}; }

    constexpr Reason(Reason const&) = default;

    // Not trivial on purpose: clang 14 crashes when a trivially copyable consteval value is passed
    // by value (and, whatever its destructor, when one is bound to a reference).
    constexpr ~Reason() {}

private:
    char const* text_;
    std::size_t size_;
};

/// A value that identifies a person (protected health information, 45 CFR 160.103).
///
/// It doesn't convert, compare, print, format or serialise: each attempt fails to compile with a
/// sentence that says what to do instead. The host's own code opens it with `reveal(Reason)`;
/// nothing in hilum calls that.
///
/// @code
/// Phi<std::string> name{"Ann Example"};
/// std::cout << name;                                  // doesn't compile
/// std::string_view n = name.reveal("printed on the patient's own letter");
/// @endcode
///
/// Thread safety: as `T`.
template <class T>
class Phi {
public:
    using value_type = T;

    Phi() = default;

    explicit Phi(T value) : value_(std::move(value)) {}

    /// Opens the value for the host's own code.
    T const& reveal(Reason) const& noexcept { return value_; }

    T&& reveal(Reason) && noexcept { return std::move(value_); }

    /// Doesn't compile: a `Phi` value has no JSON form.
    template <std::same_as<boost::json::value> Json>
    operator Json() const {
        static_assert(
            detail::never<Json>,
            "hilum: a Phi value can't be put into JSON; send it through PhiFilterPolicy"
        );
        return nullptr;
    }

    /// Doesn't compile: a `Phi` value isn't text.
    operator std::string_view() const = delete;

private:
    friend struct PhiAccess;
    T value_{};
};

/// The key of hilum's own filter to a `Phi` value. Not for hosts: they call `reveal(Reason)`.
struct PhiAccess {
    template <class T>
    static T const& open(Phi<T> const& phi) noexcept {
        return phi.value_;
    }

    template <class T>
    static T& open(Phi<T>& phi) noexcept {
        return phi.value_;
    }
};

template <class T>
inline constexpr bool is_phi = false;
template <class T>
inline constexpr bool is_phi<Phi<T>> = true;

template <class Traits, class T>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& os, Phi<T> const&) {
    static_assert(
        detail::never<T>,
        "hilum: a Phi value identifies a person and can't be printed or logged; log the name of "
        "its "
        "field, or open it with reveal(Reason)"
    );
    return os;
}

template <class T, class U>
bool operator==(Phi<T> const&, U const&) {
    static_assert(
        detail::never<T>,
        "hilum: a Phi value can't be compared; open both with reveal(Reason) in the host's own code"
    );
    return false;
}

template <class T>
void tag_invoke(boost::json::value_from_tag const&, boost::json::value&, Phi<T> const&) {
    static_assert(
        detail::never<T>,
        "hilum: a Phi value can't be put into JSON; send it through PhiFilterPolicy"
    );
}

/// fmt and other libraries that look for `format_as` find this and fail with our sentence.
template <class T>
int format_as(Phi<T> const&) {
    static_assert(
        detail::never<T>, "hilum: a Phi value can't be formatted; open it with reveal(Reason)"
    );
    return 0;
}

} // namespace hilum::inline HILUM_ABI
