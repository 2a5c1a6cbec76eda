// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/outbound.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hilum::inline HILUM_ABI {

/// Text on its way to a filter: cleared already (a literal, or released), or made at run time and
/// therefore `Phi`.
class Instruction {
public:
    Instruction() = default;

    explicit Instruction(Outbound<std::string> text) : text_(std::move(text)) {}

    explicit Instruction(Phi<std::string> text) : text_(std::move(text)) {}

    /// Whether it may leave as it is.
    bool cleared() const noexcept { return text_.index() == 0; }

    /// Precondition: `cleared()`.
    Outbound<std::string> const& outbound() const& { return std::get<0>(text_); }

    Outbound<std::string>&& outbound() && { return std::get<0>(std::move(text_)); }

    /// Precondition: not `cleared()`.
    Phi<std::string> const& raw() const { return std::get<1>(text_); }

private:
    std::variant<Outbound<std::string>, Phi<std::string>> text_;
};

/// What a service behind a filter takes as text: anything. A literal counts as cleared, run-time
/// text as `Phi`.
class AnyText {
public:
    template <std::size_t N>
    consteval AnyText(char const (&literal)[N]) : data_(literal), size_(N - 1) {}

    AnyText(Outbound<std::string> released) : owned_(new Instruction(std::move(released))) {}

    AnyText(Phi<std::string> text) : owned_(new Instruction(std::move(text))) {}

    template <detail::RunTimeText T>
    AnyText(T const& text)
        : owned_(new Instruction(Phi<std::string>(std::string(static_cast<std::string_view>(text))))
          ) {}

    template <std::size_t N>
    AnyText(char (&text)[N]) : AnyText(static_cast<char const*>(text)) {}

    constexpr AnyText(AnyText&& other) noexcept
        : data_(other.data_), size_(other.size_), owned_(std::exchange(other.owned_, nullptr)) {}

    AnyText& operator=(AnyText&&) = delete;

    constexpr ~AnyText() {
        if (owned_)
            delete owned_;
    }

    Instruction take() && {
        if (owned_)
            return std::move(*owned_);
        return Instruction(OutboundAccess::clear(std::string(data_, size_)));
    }

private:
    char const* data_ = nullptr;
    std::size_t size_ = 0;
    Instruction* owned_ = nullptr; // not a smart pointer: those aren't literal types
};

} // namespace hilum::inline HILUM_ABI
