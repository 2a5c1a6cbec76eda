// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/policy.hpp>
#include <hilum/model/text_stream.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

template <class Layer>
using visit_t =
    typename decltype(std::declval<Layer&>().enter(std::declval<CallContext&>()))::value_type;

template <class Visit>
inline constexpr bool waits = requires(Visit& v) {
    v.ready();
};

/// How far the way in has come.
struct Entry {
    std::size_t entered = 0; ///< how many layers are entered
    bool waiting = false;    ///< the last of them isn't ready yet
    std::optional<Error> refused;
};

/// The visits to the deciding layers `First, First + 1, ...` of one segment, entered from left to
/// right.
template <class Layers, std::size_t First, class Indices>
class Visits;

template <class Layers, std::size_t First, std::size_t... K>
class Visits<Layers, First, std::index_sequence<K...>> {
    template <std::size_t I>
    using visit_at = visit_t<typename std::tuple_element_t<First + I, Layers>::layer_type>;

public:
    static constexpr std::size_t count = sizeof...(K);
    static constexpr bool may_wait = (waits<visit_at<K>> || ...);

    Visits() = default;
    Visits(Visits&&) = default;
    Visits& operator=(Visits&&) = delete;

    /// Those that weren't left are abandoned, from right to left.
    ~Visits() { (std::get<count - 1 - K>(visits_).reset(), ...); }

    void enter(Layers& layers, CallContext& cx, Entry& entry) {
        std::size_t const from = entry.entered;
        (void)from; // unused where there is no layer
        (void)((K < from || enter_one<K>(layers, cx, entry)) && ...);
    }

    /// Not a coroutine: hands out the one of the visit that waits.
    Task<Result<bool>> admitted(std::size_t index, CallContext& cx) {
        std::optional<Task<Result<bool>>> task;
        (
            [&] {
                if constexpr (waits<visit_at<K>>)
                    if (K == index)
                        task.emplace(std::get<K>(visits_)->admitted(cx));
            }(),
            ...
        );
        return std::move(*task);
    }

    /// Leaves from right to left until one wants the call again; its index is then in `layer`.
    Verdict leave(
        CallContext& cx,
        [[maybe_unused]] std::size_t entered,
        Outcome const& outcome,
        std::size_t& layer
    ) {
        Verdict again;
        (void)(leave_one<count - 1 - K>(cx, entered, outcome, layer, again) && ...);
        return again;
    }

    /// The first delta of a stream is there.
    void streaming(CallContext& cx) {
        (
            [&] {
                if constexpr (requires { std::get<K>(visits_)->streaming(cx); })
                    std::get<K>(visits_)->streaming(cx);
            }(),
            ...
        );
    }

private:
    template <std::size_t I>
    bool enter_one(Layers& layers, CallContext& cx, Entry& entry) {
        auto visit = std::get<First + I>(layers).layer.enter(cx);
        if (!visit) {
            entry.refused = visit.error();
            return false;
        }
        std::get<I>(visits_).emplace(std::move(*visit));
        entry.entered = I + 1;
        if constexpr (waits<visit_at<I>>)
            entry.waiting = !std::get<I>(visits_)->ready();
        return !entry.waiting;
    }

    template <std::size_t I>
    bool leave_one(
        CallContext& cx,
        std::size_t entered,
        Outcome const& outcome,
        std::size_t& layer,
        Verdict& again
    ) {
        if (I >= entered)
            return true;
        again = std::get<I>(visits_)->leave(cx, outcome);
        if (again) {
            layer = I;
            return false;
        }
        std::get<I>(visits_).reset();
        return true;
    }

    std::tuple<std::optional<visit_at<K>>...> visits_;
};

/// The visits of a call whose reply is a stream: they are left when it ends.
template <class V>
class HeldVisits final : public StreamStage {
public:
    HeldVisits(V visits, std::shared_ptr<void> keep)
        : keep_(std::move(keep)), visits_(std::move(visits)) {}

    void end(CallContext& cx, Outcome const& outcome) override {
        // Nobody can have it again; those left of one who asks are left all the same.
        std::size_t layer = V::count;
        while (visits_.leave(cx, layer, outcome, layer)) {
        }
    }

private:
    std::shared_ptr<void> keep_;
    V visits_;
};

} // namespace hilum::inline HILUM_ABI::detail
