// SPDX-License-Identifier: BSL-1.0
#pragma once

/// A service whose streams follow a script, and a stage that holds text back.

#include <variant>

#include "support.hpp"

namespace hilum_test {

/// One stream: deltas and perhaps an error, each after a while.
class Script {
public:
    using Line = std::variant<std::string, Error>;

    template <class... Lines>
    explicit Script(Lines... l) {
        (lines.push_back(line(std::move(l))), ...);
    }

    Script each_after(Clock::duration pause) && {
        pause_ = pause;
        return std::move(*this);
    }

    /// The end doesn't come with the last line.
    Script then_after(Clock::duration pause) && {
        last_pause_ = pause;
        return std::move(*this);
    }

    /// The stream isn't even opened.
    Script refused(errc e) && {
        refusal = e;
        return std::move(*this);
    }

    Clock::duration pause() const { return lines.empty() ? last_pause_ : pause_; }

    std::deque<Line> lines;
    errc refusal = errc::ok;

private:
    static Line line(char const* text) { return std::string(text); }

    static Line line(Error error) { return error; }

    Clock::duration pause_{}, last_pause_{};
};

/// Writes "open" and "close" into the log.
class Streams : public ServiceFacade<Streams> {
    struct State {
        Environment environment;
        Log log;
        std::deque<Script> scripts;
    };

    class Source final : public TextSource {
    public:
        Source(Script script, Log log) : script_(std::move(script)), log_(std::move(log)) {
            total_ = static_cast<int>(script_.lines.size());
        }

        ~Source() override { log_.add("close"); }

        Task<Result<std::optional<TextDelta>>> next(CallContext& cx) override {
            if (auto const pause = script_.pause(); pause > Clock::duration::zero()) {
                auto const at = Clock::after(cx.clock().now(), pause);
                bool const slept = co_await sleep_until(cx.clock(), at);
                if (!slept)
                    co_return Error(errc::cancelled);
            }
            std::optional<TextDelta> out;
            if (script_.lines.empty())
                co_return out;
            auto line = std::move(script_.lines.front());
            script_.lines.pop_front();
            if (auto const* error = std::get_if<Error>(&line))
                co_return *error;
            out.emplace(std::get<std::string>(std::move(line)));
            co_return out;
        }

        TextSummary summary() const override {
            TextSummary out;
            out.finish_reason = FinishReason::stop;
            out.usage.output_tokens = total_;
            return out;
        }

    private:
        Script script_;
        Log log_;
        int total_ = 0;
    };

public:
    explicit Streams(Environment e = {}, Log log = {}) : state_(std::make_shared<State>()) {
        state_->environment = e;
        state_->log = std::move(log);
    }

    void next(Script script) const { state_->scripts.push_back(std::move(script)); }

    Task<Result<TextStream>> handle(CallContext& cx, StreamText const&) const {
        if (state_->scripts.empty())
            co_return Error(errc::unsupported, "no script");
        Script script = std::move(state_->scripts.front());
        state_->scripts.pop_front();
        if (script.refusal != errc::ok)
            co_return Error(script.refusal);
        state_->log.add("open");
        co_return TextStream(cx, std::make_unique<Source>(std::move(script), state_->log));
    }

    Environment environment() const { return state_->environment; }

private:
    std::shared_ptr<State> state_;
};

/// Transforming: replaces a token in what comes back, also one that is cut in two.
class Restore {
public:
    using policy = transforming;

    Restore(std::string token, std::string value)
        : token_(std::move(token)), value_(std::move(value)) {}

    class Stage final : public StreamStage {
    public:
        explicit Stage(Restore const& r) : token_(r.token_), value_(r.value_) {}

        void delta(TextDelta& delta) override {
            held_ += delta.text;
            delta.text.clear();
            for (std::size_t at; (at = held_.find(token_)) != std::string::npos;) {
                delta.text.append(held_, 0, at).append(value_);
                held_.erase(0, at + token_.size());
            }
            std::size_t keep = std::min(held_.size(), token_.size() - 1);
            while (keep != 0 && !token_.starts_with(held_.substr(held_.size() - keep)))
                --keep;
            delta.text.append(held_, 0, held_.size() - keep);
            held_.erase(0, held_.size() - keep);
        }

        void flush(TextDelta& delta) override { delta.text += std::exchange(held_, std::string()); }

    private:
        std::string token_, value_, held_;
    };

    class Passage {
    public:
        Passage(StreamText const& o, Restore const& r) : op(o), restore_(r) {}

        TextStream restore(TextStream stream) const {
            stream.attach(std::make_unique<Stage>(restore_));
            return stream;
        }

        StreamText const& op;

    private:
        Restore const& restore_;
    };

    Result<Passage> pass(CallContext&, StreamText const& op) const { return Passage(op, *this); }

private:
    std::string token_, value_;
};

} // namespace hilum_test
