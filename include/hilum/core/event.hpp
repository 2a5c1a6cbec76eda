// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace hilum::inline HILUM_ABI {

class CallContext;

/// One field of an event: a number, a truth value, or a name out of a small vocabulary (a policy's
/// name, a model's id, an `errc`). There is no field for text that a caller or a provider wrote.
class EventField {
public:
    using Value = std::variant<std::int64_t, double, bool, std::string_view>;

    EventField() = default;

    EventField(std::string_view key, std::string_view text) : name(key), value(text) {}

    EventField(std::string_view key, char const* text) : name(key), value(std::string_view(text)) {}

    EventField(std::string_view key, bool truth) : name(key), value(truth) {}

    template <std::integral I>
    EventField(std::string_view key, I number)
        : name(key), value(static_cast<std::int64_t>(number)) {}

    EventField(std::string_view key, double number) : name(key), value(number) {}

    /// In microseconds; give the field a name that ends in `_us`.
    template <class Rep, class Period>
    EventField(std::string_view key, std::chrono::duration<Rep, Period> time)
        : name(key), value(static_cast<std::int64_t>(
                         std::chrono::duration_cast<std::chrono::microseconds>(time).count()
                     )) {}

    std::string_view name;
    Value value;
};

/// One thing that happened to a call, as data: a struct with a fixed name and a list of its fields.
///
/// @code
/// struct AttemptStarted {
///     static constexpr std::string_view name = "attempt_started";
///     int attempt;
///     auto fields() const { return std::array{EventField{"attempt", attempt}}; }
/// };
/// @endcode
template <class E>
concept Event = requires(E const& e) {
    { E::name } -> std::convertible_to<std::string_view>;
    {std::span<EventField const>(e.fields())};
};

/// What a sink is shown: the event's name and fields, valid during the call.
class EventView {
public:
    EventView(std::string_view name, std::span<EventField const> fields)
        : name_(name), fields_(fields) {}

    std::string_view name() const noexcept { return name_; }

    std::span<EventField const> fields() const noexcept { return fields_; }

private:
    std::string_view name_;
    std::span<EventField const> fields_;
};

/// Takes events: `sink.on(EventView const&, CallContext const&)`. Must not throw and must not
/// block.
///
/// Sinks are shared by all calls of a service and may be called from any of its threads.
template <class S>
concept EventSink = requires(S& sink, EventView const& event, CallContext const& cx) {
    sink.on(event, cx);
};

/// The one pointer through which a call's layers, client and adapter report. Null: a predictable
/// branch and nothing else.
class Observer {
public:
    virtual void on(EventView const& event, CallContext const& cx) noexcept = 0;

protected:
    ~Observer() = default;
};

} // namespace hilum::inline HILUM_ABI
