// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/event.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/telemetry/events.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

template <class S>
struct PointsToSink : std::false_type {};

template <EventSink S>
struct PointsToSink<std::shared_ptr<S>> : std::true_type {};

template <class S>
concept SinkOrPointer = EventSink<S> || PointsToSink<S>::value;

} // namespace detail

/// Shows sinks what happens to the right of it: its own `CallStarted` and `CallFinished`, and the
/// events of the policies, the adapter and the client there.
///
/// @code
/// auto log = JsonLinesSink::file("calls.jsonl");
/// auto service = TelemetryPolicy{log} | RetryPolicy{} | openai;
/// @endcode
///
/// A sink is a value, or a `shared_ptr` to one. Sinks are called one after the other on the call's
/// own executor; one that throws loses that event (`Layer::lost()`), and the call goes on. Two of
/// these policies in one pipeline don't both hear the same: the inner one takes over. Without this
/// policy, reporting costs a predictable branch. A call that is destroyed before its end is
/// reported as `CallAbandoned`, under the request id that its caller gave it, if he did.
///
/// Telemetry isn't audit: it may be sampled, lost and thrown away.
template <class... Sinks>
class TelemetryPolicy {
    static_assert(
        (detail::SinkOrPointer<Sinks> && ...),
        "hilum: a telemetry sink has on(EventView const&, CallContext const&)"
    );

public:
    using policy = deciding;
    static constexpr std::string_view name = "telemetry";

    /// Throws `ConfigurationError` for a null pointer.
    explicit TelemetryPolicy(Sinks... sinks) : sinks_(std::move(sinks)...) {
        std::apply([](auto const&... sink) { (check(sink), ...); }, sinks_);
    }

    std::string describe() const { return "sinks=" + std::to_string(sizeof...(Sinks)); }

    class Layer;

    class Visit {
    public:
        Visit(CallContext& cx, Layer& layer)
            : layer_(&layer), outer_(cx.observer), environment_(cx.environment),
              options_(cx.options), since_(cx.clock().now()) {
            cx.observer = &layer;
            cx.emit(CallStarted{layer.destination_.provider, layer.destination_.model, cx.attempt});
        }

        Visit(Visit&& other) noexcept
            : layer_(std::exchange(other.layer_, nullptr)), outer_(other.outer_),
              environment_(other.environment_), options_(std::move(other.options_)),
              since_(other.since_) {}

        Visit& operator=(Visit&&) = delete;

        ~Visit() {
            if (!layer_)
                return;
            CallContext cx(environment_, std::move(options_));
            cx.observer = layer_;
            auto const& to = layer_->destination_;
            cx.emit(CallAbandoned{to.provider, to.model, cx.clock().now() - since_});
        }

        Verdict leave(CallContext& cx, Outcome const& outcome) {
            auto& layer = *std::exchange(layer_, nullptr);
            cx.observer = &layer;
            cx.emit(CallFinished{
                layer.destination_.provider,
                layer.destination_.model,
                outcome.error ? outcome.error->value() : errc::ok,
                outcome.error ? outcome.error->status() : 0,
                cx.attempt,
                cx.clock().now() - since_});
            cx.observer = outer_;
            return {};
        }

    private:
        Layer* layer_;
        Observer* outer_;
        Environment environment_;
        CallOptions options_; // for the request id of an abandoned call
        Clock::time_point since_;
    };

    class Layer final : public Observer {
    public:
        Layer(TelemetryPolicy const& policy, Joined const& joined)
            : sinks_(policy.sinks_), destination_(joined.destination) {}

        Layer(Layer const&) = delete;
        Layer& operator=(Layer const&) = delete;

        Result<Visit> enter(CallContext& cx) { return Visit(cx, *this); }

        void on(EventView const& event, CallContext const& cx) noexcept override {
            std::apply([&](auto&... sink) { (show(sink, event, cx), ...); }, sinks_);
        }

        /// Events that a sink threw away by an exception.
        std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

    private:
        friend Visit;

        template <class S>
        void show(S& sink, EventView const& event, CallContext const& cx) noexcept {
            try {
                if constexpr (EventSink<S>)
                    sink.on(event, cx);
                else
                    sink->on(event, cx);
            } catch (...) {
                lost_.fetch_add(1, std::memory_order_relaxed);
            }
        }

        std::tuple<Sinks...> sinks_;
        Destination destination_;
        std::atomic<std::uint64_t> lost_{0};
    };

private:
    template <class S>
    static void check(S const& sink) {
        if constexpr (!EventSink<S const> && !EventSink<S>)
            if (!sink)
                throw ConfigurationError("telemetry.sink", "must not be null");
    }

    std::tuple<Sinks...> sinks_;
};

} // namespace hilum::inline HILUM_ABI
