// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/model/text_stream.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/serial_executor.hpp>
#include <hilum/model/detail/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hilum::inline HILUM_ABI {

HILUM_DECL TextStream::TextStream(CallContext const& cx, std::unique_ptr<TextSource> source) {
    (void)cx.request_id(); // drawn before the context is copied, so that both have the same
    state_ = std::make_unique<State>(cx, std::move(source));
    state_->stages.reserve(4);
}

HILUM_DECL Task<Result<std::optional<TextDelta>>> TextStream::pull() {
    auto& cx = state_->cx;
    auto at = cx.deadline;
    auto scope = cx.deadline_scope;
    if (cx.idle_timeout != Clock::duration::max() && state_->primed) {
        auto const idle = Clock::after(cx.clock().now(), cx.idle_timeout);
        if (idle < at) {
            at = idle;
            scope = Scope::idle;
        }
    }
    if (at == Clock::never || (state_->source->honours_deadline() && scope != Scope::idle))
        return state_->source->next(cx);
    return detail::with_deadline(cx, at, scope, state_->source->next(cx));
}

HILUM_DECL Task<Result<bool>> TextStream::prime() {
    if (state_->primed)
        co_return true;
    auto first = co_await pull();
    if (!first)
        co_return first.error();
    state_->primed = true;
    if (*first)
        state_->first = std::move(**first);
    else
        state_->complete = true;
    co_return true;
}

HILUM_DECL void TextStream::keep(TextDelta const& delta) {
    if (state_->text.size() < max_kept_text)
        state_->text.append(delta.text, 0, max_kept_text - state_->text.size());
}

HILUM_DECL void TextStream::finish(Error const* error) {
    auto& s = *state_;
    s.finished = true;
    if (error)
        s.failure = *error;
    else
        s.summary = s.source->summary();
    s.source.reset();
    Outcome const outcome(error, true); // the caller has the stream, whatever came out of it
    for (auto& stage : s.stages)
        stage->end(s.cx, outcome);
    s.stages.clear();
}

HILUM_DECL Task<Result<std::optional<TextDelta>>> TextStream::next() {
    State& s = *state_;
    auto executor = co_await asio::this_coro::executor;
    if (s.executor ? s.executor != executor : !detail::is_serial(executor)) {
        if (!s.executor)
            s.executor = asio::make_strand(executor);
        co_return co_await asio::co_spawn(s.executor, next(), asio::use_awaitable);
    }
    for (;;) {
        if (s.failure)
            co_return *s.failure;
        if (s.finished)
            co_return std::optional<TextDelta>();
        TextDelta delta;
        if (s.first) {
            delta = std::move(*s.first);
            s.first.reset();
        } else if (!s.complete) {
            Result<std::optional<TextDelta>> pulled{Error(errc::cancelled)};
            try {
                pulled = co_await pull();
            } catch (boost::system::system_error const& e) { // asio's way to say "cancelled"
                if (e.code() != asio::error::operation_aborted)
                    throw;
            }
            if (!pulled) {
                Error const error = pulled.error();
                finish(&error);
                co_return error;
            }
            s.primed = true;
            if (*pulled)
                delta = std::move(**pulled);
            else
                s.complete = true;
        }
        if (s.complete) {
            for (auto& stage :
                 s.stages) { // what one stage held back passes through those behind it
                stage->delta(delta);
                stage->flush(delta);
            }
            keep(delta);
            finish(nullptr);
        } else {
            for (auto& stage : s.stages)
                stage->delta(delta);
            if (!delta.text.empty())
                keep(delta);
        }
        if (!delta.text.empty()) {
            std::optional<TextDelta> out(std::move(delta));
            co_return out;
        }
    }
}

} // namespace hilum::inline HILUM_ABI
