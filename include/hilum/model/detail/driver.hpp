// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/detail/serial_executor.hpp>
#include <hilum/core/timer.hpp>
#include <hilum/model/detail/core.hpp>
#include <hilum/model/detail/on_a_strand.hpp>
#include <hilum/model/detail/visits.hpp>
#include <hilum/model/detail/with_deadline.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/outbound.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Runs a call through the layers of a guarded service.
///
/// A *segment* is a run of deciding layers, with perhaps a transforming one at its left end; it
/// costs one coroutine, however many layers it has. A wrapping layer is a coroutine of its own and
/// ends the segment.
template <class Service, class... P>
class Driver {
    using Core = detail::Core<Service, P...>;
    using Layers = decltype(Core::layers);

    static constexpr std::size_t n = sizeof...(P);

    template <std::size_t I>
    using policy_at = std::tuple_element_t<I, std::tuple<P...>>;

    template <std::size_t I, class Form>
    static consteval bool is() {
        if constexpr (I < n)
            return PolicyOf<policy_at<I>, Form>;
        else
            return false;
    }

    /// Where the run of deciding layers that begins at I ends.
    template <std::size_t I>
    static consteval std::size_t run_end() {
        if constexpr (is<I, deciding>())
            return run_end<I + 1>();
        else
            return I;
    }

    template <std::size_t I>
    static constexpr std::size_t segment_end = run_end<I + (is<I, transforming>() ? 1 : 0)>();

    template <class Op>
    static constexpr bool streams = std::same_as<response_t<Op>, TextStream>;

public:
    template <std::size_t I, class Op>
    static consteval bool handles() {
        if constexpr (I == n)
            return Handles<Service, Op>;
        else if constexpr (is<I, deciding>())
            return handles<I + 1, Op>();
        else
            return handles<I + 1, typename Forwards<policy_at<I>, Op>::type>();
    }

    template <class Op>
    static Task<Result<response_t<Op>>> borrow(
        std::shared_ptr<Core> const& core, CallContext& cx, Op const& op
    ) {
        if constexpr (segment_end < 0 >> 0)
            // Only a stream outlives the call, and takes a share of the state with it.
            return run<0>(ends_in_stream<0, Op>() ? core : nullptr, *core, cx, op);
        else
            return run_bare(core, cx, op);
    }

    template <class Op>
    static Task<Result<response_t<Op>>> own(std::shared_ptr<Core> core, CallContext cx, Op op) {
        auto& c = *core;
        if constexpr (segment_end < 0 >> 0)
            return drive<0, segment_end<0>, CallContext, Op>(
                std::move(core), c, std::move(cx), std::move(op)
            );
        else
            return own_wrapped(std::move(core), std::move(cx), std::move(op));
    }

private:
    template <std::size_t I>
    struct Next {
        Core* core;

        template <class Op>
        requires(handles<I, Op>()
        ) Task<Result<response_t<Op>>> handle(CallContext& cx, Op const& op)
        const { return run<I>(nullptr, *core, cx, op); }
    };

    template <std::size_t I, class Op>
    static consteval bool ends_in_stream() {
        if constexpr (I == n)
            return streams<Op>;
        else
            return ends_in_stream<I + 1, typename Forwards<policy_at<I>, Op>::type>();
    }

    template <class Op>
    static Task<Result<response_t<Op>>> own_wrapped(
        std::shared_ptr<Core> core, CallContext cx, Op op
    ) {
        auto executor = co_await asio::this_coro::executor;
        if (!is_serial(executor)) {
            auto task = own_wrapped(std::move(core), std::move(cx), std::move(op));
            co_return co_await on_a_strand(std::move(executor), std::move(task));
        }
        co_return co_await run_bare(std::move(core), cx, op);
    }

    /// Where no segment stands leftmost: what its coroutine would have done for the whole call. A
    /// stream is given a share of the state.
    template <class Op>
    static Task<Result<response_t<Op>>> run_bare(
        std::shared_ptr<Core> core, CallContext& cx, Op const& op
    ) {
        note_release(cx, op);
        Result<response_t<Op>> result{Error(errc::cancelled)};
        try {
            result = co_await to_the_right<0, 0>(*core, cx, op);
        } catch (boost::system::system_error const& e) { // asio's way to say "cancelled"
            if (e.code() != asio::error::operation_aborted)
                throw;
        }
        if constexpr (ends_in_stream<0, Op>()) {
            using Nothing = Visits<Layers, 0, std::index_sequence<>>;
            if (result.has_value())
                result->attach(std::make_unique<HeldVisits<Nothing>>(Nothing(), std::move(core)));
        }
        co_return result;
    }

    template <std::size_t I, class Op>
    static Task<Result<response_t<Op>>> run(
        std::shared_ptr<Core> keep, Core& core, CallContext& cx, Op const& op
    ) {
        if constexpr (I == n)
            return core.service.handle(cx, op);
        else if constexpr (is<I, wrapping>())
            return std::get<I>(core.layers).layer.apply(cx, op, Next<I + 1>{&core});
        else
            return drive<I, segment_end<I>, CallContext&, Op const&>(std::move(keep), core, cx, op);
    }

    /// Layers [First, Last) contain one that lowers the deadline.
    template <std::size_t First, std::size_t Last>
    static consteval bool lowers_deadline() {
        if constexpr (First == Last)
            return false;
        else
            return sets_deadline<policy_at<First>> || lowers_deadline<First + 1, Last>();
    }

    /// What stands right of the segment, under the deadline if nobody there honours it himself.
    template <std::size_t I, std::size_t J, class Op>
    static Task<Result<response_t<Op>>> to_the_right(Core& core, CallContext& cx, Op const& op) {
        if constexpr (!honours_deadline<Service> && (I == 0 || lowers_deadline<I, J>()))
            if (cx.deadline != Clock::never)
                return with_deadline(
                    cx, cx.deadline, cx.deadline_scope, run<J>(nullptr, core, cx, op)
                );
        return run<J>(nullptr, core, cx, op);
    }

    /// Turns an operation into what goes on; the identity where the segment has no transforming
    /// layer. An operation that the call owns (`Op` isn't a reference) may be moved from.
    template <std::size_t I, class Op>
    static auto pass(Core& core, CallContext& cx, [[maybe_unused]] Op&& op) {
        if constexpr (is<I, transforming>())
            return std::get<I>(core.layers).layer.pass(cx, std::forward<Op>(op));
        else
            return Result<bool>(true);
    }

    template <std::size_t I, class Passage, class Op>
    static auto const& sent_by(Passage const& passage, Op const& op) {
        if constexpr (is<I, transforming>())
            return passage->op;
        else
            return op;
    }

    template <
        std::size_t I,
        std::size_t J,
        class CxArg,
        class OpArg,
        class Op = std::remove_cvref_t<OpArg>>
    static Task<Result<response_t<Op>>> drive(
        std::shared_ptr<Core> keep, Core& core, CxArg cx, OpArg op
    ) {
        constexpr bool transforms = is<I, transforming>();
        constexpr std::size_t first = I + (transforms ? 1 : 0);
        using SegmentVisits = Visits<Layers, first, std::make_index_sequence<J - first>>;

        if constexpr (!std::is_reference_v<CxArg>) { // the outermost coroutine sees to a serial
                                                     // executor
            auto executor = co_await asio::this_coro::executor;
            if (!is_serial(executor)) {
                auto task =
                    drive<I, J, CxArg, OpArg>(std::move(keep), core, std::move(cx), std::move(op));
                co_return co_await on_a_strand(std::move(executor), std::move(task));
            }
        }

        auto passage = pass<I>(core, cx, std::forward<OpArg>(op));
        if (passage.has_error()) {
            Error refused = passage.error();
            co_return refused;
        }
        auto const& sent = sent_by<I>(passage, op);
        using Sent = std::remove_cvref_t<decltype(sent)>;
        using Reply = response_t<Sent>;
        if constexpr (I == 0)
            note_release(cx, sent);

        SegmentVisits visits;
        Entry entry;
        for (;;) {
            entry.waiting = false;
            entry.refused.reset();
            Result<Reply> result{Error(errc::cancelled)};
            bool slept = true;
            try {
                visits.enter(core.layers, cx, entry);
                if constexpr (SegmentVisits::may_wait) {
                    while (entry.waiting) {
                        auto admitted = co_await visits.admitted(entry.entered - 1, cx);
                        entry.waiting = false;
                        if (admitted.has_error())
                            entry.refused = admitted.error();
                        else
                            visits.enter(core.layers, cx, entry);
                    }
                }
                if (!entry.refused)
                    result = co_await to_the_right<I, J>(core, cx, sent);
                if constexpr (streams<Sent>) {
                    if (result.has_value()) {
                        auto primed = co_await result->prime();
                        if (primed.has_error())
                            result = primed.error();
                    }
                }
            } catch (boost::system::system_error const& e) { // asio's way to say "cancelled"
                if (e.code() != asio::error::operation_aborted)
                    throw;
                result = Error(errc::cancelled);
            }
            if (entry.refused)
                result = std::move(*entry.refused);

            if constexpr (streams<Sent>) {
                if (result.has_value()) {
                    visits.streaming(result->context());
                    result->attach(std::make_unique<HeldVisits<SegmentVisits>>(
                        std::move(visits), std::move(keep)
                    ));
                    if constexpr (transforms)
                        co_return passage->restore(std::move(*result));
                    else
                        co_return result;
                }
            }

            Error error;
            Outcome outcome;
            if (result.has_error()) {
                error = result.error();
                outcome.error = &error;
            }
            std::size_t layer = 0;
            Verdict const again = visits.leave(cx, entry.entered, outcome, layer);
            if (!again) {
                if constexpr (transforms) {
                    if (result.has_error())
                        co_return error;
                    co_return passage->restore(std::move(*result));
                } else {
                    co_return result;
                }
            }
            if (again->counts)
                ++cx.attempt;
            entry.entered = layer + 1;
            if (again->delay > Clock::duration::zero()) {
                try {
                    slept = co_await sleep_until(
                        cx.clock(), Clock::after(cx.clock().now(), again->delay)
                    );
                } catch (boost::system::system_error const& e) {
                    if (e.code() != asio::error::operation_aborted)
                        throw;
                    slept = false;
                }
                if (!slept) { // cancelled in the pause: the layers to the left are left, not
                              // abandoned
                    error = Error(errc::cancelled);
                    outcome = Outcome(&error, false);
                    (void)visits.leave(cx, entry.entered, outcome, layer);
                    co_return error;
                }
            }
        }
    }
};

} // namespace hilum::inline HILUM_ABI::detail
