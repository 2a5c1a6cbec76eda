// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/model/text.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// A piece of a reply, in the order in which the model made it.
class TextDelta {
public:
    TextDelta() = default;

    explicit TextDelta(std::string t) : text(std::move(t)) {}

    std::string text;
};

/// What a stream still knows at its end: why it ended and what it cost.
class TextSummary {
public:
    TextSummary() = default;

    FinishReason finish_reason = FinishReason::unknown;
    Usage usage;
    std::string model;
    std::string request_id;
};

/// Where the deltas of a stream come from: a provider's connection, a mock.
///
/// `next` gives the next delta, nothing once the provider has *said* that the reply is complete,
/// and an error
/// (`errc::truncated`) for a body that ended earlier. The destructor frees the connection at once.
class TextSource {
public:
    virtual ~TextSource() = default;
    virtual Task<Result<std::optional<TextDelta>>> next(CallContext& cx) = 0;

    /// Valid once `next` gave nothing.
    virtual TextSummary summary() const { return {}; }

    /// Whether `next` itself ends at `cx.deadline`.
    virtual bool honours_deadline() const noexcept { return false; }
};

/// What a layer does to a stream as it passes: changes deltas (and may hold text back), or waits
/// for the end.
class StreamStage {
public:
    virtual ~StreamStage() = default;

    virtual void delta(TextDelta&) {}

    /// What was held back, at a complete end.
    virtual void flush(TextDelta&) {}

    virtual void end(CallContext&, Outcome const&) {}
};

/// A reply in pieces: one type for all services.
///
/// @code
/// auto stream = co_await service.stream_text("Tell a story.");
/// if (!stream)
///     co_return report(stream.error());
/// for (;;) {
///     auto delta = co_await stream->next();
///     if (!delta)
///         co_return report(delta.error());   // stream->text() keeps what came
///     if (!*delta)
///         break;                             // the provider said that it is complete
///     std::cout << (*delta)->text << std::flush;
/// }
/// @endcode
///
/// Permits, breaker tokens, deadlines and audit records live until it ends; a stream that is
/// dropped frees its connection first and counts as abandoned. One reader at a time; don't destroy
/// it while its `next()` is pending. What was opened on a strand that the facade made goes on
/// there, whoever reads it.
class TextStream {
public:
    TextStream() = default;
    TextStream(CallContext const& cx, std::unique_ptr<TextSource> source);

    /// The next delta, or nothing when the reply is complete; after an error that error again.
    Task<Result<std::optional<TextDelta>>> next();

    /// Everything handed out so far, also after an error: bounded by `max_kept_text`.
    std::string const& text() const noexcept { return state_->text; }

    static constexpr std::size_t max_kept_text = std::size_t(16) << 20;

    /// How it ended; meaningful once `next()` gave nothing.
    TextSummary const& summary() const noexcept { return state_->summary; }

    /// For the driver: awaits the first delta, so that an error before it is the attempt's.
    Task<Result<bool>> prime();

    /// For layers: adds a stage behind those that are there.
    void attach(std::unique_ptr<StreamStage> stage) { state_->stages.push_back(std::move(stage)); }

    /// For the facade: the serial executor on which it was opened, if that isn't the caller's.
    void runs_on(asio::any_io_executor executor) { state_->executor = std::move(executor); }

    CallContext& context() noexcept { return state_->cx; }

private:
    struct State {
        State(CallContext const& c, std::unique_ptr<TextSource> s) : cx(c), source(std::move(s)) {}

        ~State() {
            source.reset(
            ); // the connection first, then the visits from the innermost to the outermost
            for (auto& stage : stages)
                stage.reset();
        }

        CallContext cx;
        asio::any_io_executor executor; // none: the reader's
        std::unique_ptr<TextSource> source;
        std::vector<std::unique_ptr<StreamStage>> stages;
        std::optional<TextDelta> first;
        std::optional<Error> failure;
        TextSummary summary;
        std::string text;
        bool primed = false, complete = false, finished = false;
    };

    Task<Result<std::optional<TextDelta>>> pull();
    void keep(TextDelta const& delta);
    void finish(Error const* error);

    std::unique_ptr<State> state_;
};

/// A stream whose deltas are `Phi` again, because tokens have been turned back in them.
class PhiTextStream {
public:
    PhiTextStream() = default;

    explicit PhiTextStream(TextStream stream) : stream_(std::move(stream)) {}

    Task<Result<std::optional<Phi<TextDelta>>>> next() {
        auto delta = co_await stream_.next();
        if (!delta)
            co_return delta.error();
        std::optional<Phi<TextDelta>> out;
        if (*delta)
            out.emplace(std::move(**delta));
        co_return out;
    }

    Phi<std::string> text() const { return Phi<std::string>(stream_.text()); }

    TextSummary const& summary() const noexcept { return stream_.summary(); }

    /// For layers.
    void attach(std::unique_ptr<StreamStage> stage) { stream_.attach(std::move(stage)); }

    /// For the facade.
    void runs_on(asio::any_io_executor executor) { stream_.runs_on(std::move(executor)); }

private:
    TextStream stream_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/model/impl/text_stream.ipp>
#endif
