// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Services and policies that do little and write down what happened to them.

#include <hilum/core/timer.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/testing/simulation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/system_error.hpp>

#include <cctype>
#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

/// A result in the report of a failed check: boost's own printer wants a printable value.
template <class T>
struct Catch::StringMaker<boost::system::result<T, hilum::Error>> {
    static std::string convert(boost::system::result<T, hilum::Error> const& result) {
        return result.has_value() ? "a value" : result.error().message();
    }
};

namespace hilum_test {

using namespace hilum;
using namespace std::chrono_literals;

/// What happened, in order: "A> B> call B< A<". Copies share it.
class Log {
public:
    Log() = default;

    void add(std::string_view what) const {
        if (!text_->empty())
            text_->push_back(' ');
        text_->append(what);
    }

    std::string const& text() const { return *text_; }

    std::string take() const { return std::exchange(*text_, std::string()); }

private:
    std::shared_ptr<std::string> text_ = std::make_shared<std::string>();
};

/// What a fake service does when its caller cancels it while it works.
enum class WhenCancelled { says_so, throws, answers_anyway };

/// Answers "re: <prompt>", after a while, or with the errors that it was told. Copies share state.
template <bool Honours>
class BasicFake : public ServiceFacade<BasicFake<Honours>> {
    struct State {
        Environment environment;
        Log log;
        Clock::duration takes{};
        WhenCancelled when_cancelled = WhenCancelled::says_so;
        std::deque<Error> failures;
        std::vector<std::string> prompts;
        std::vector<int> attempts;
        std::vector<std::shared_ptr<Disclosure>> disclosures;
        Clock::time_point deadline = Clock::never;
        int calls = 0;
    };

public:
    static constexpr bool honours_deadline = Honours;

    explicit BasicFake(Environment e = {}, Log log = {}) : state_(std::make_shared<State>()) {
        state_->environment = e;
        state_->log = std::move(log);
    }

    BasicFake(Simulation& simulation, Log log = {})
        : BasicFake(simulation.environment(), std::move(log)) {}

    BasicFake fails(errc e, int times = 1) && {
        for (int i = 0; i < times; ++i)
            state_->failures.emplace_back(e);
        return *this;
    }

    BasicFake takes(Clock::duration time) && {
        state_->takes = time;
        return *this;
    }

    BasicFake when_cancelled(WhenCancelled what) && {
        state_->when_cancelled = what;
        return *this;
    }

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const {
        auto s = state_;
        ++s->calls;
        s->log.add("call");
        s->prompts.push_back(op.prompt.value());
        s->attempts.push_back(cx.attempt);
        s->disclosures.push_back(cx.disclosure);
        s->deadline = cx.deadline;
        if (s->takes > Clock::duration::zero()) {
            auto const done = Clock::after(cx.clock().now(), s->takes);
            bool const late = Honours && cx.deadline < done;
            bool const slept = co_await sleep_until(cx.clock(), late ? cx.deadline : done);
            if (!slept && s->when_cancelled == WhenCancelled::throws)
                throw boost::system::system_error(asio::error::operation_aborted);
            if (!slept && s->when_cancelled == WhenCancelled::says_so)
                co_return Error(errc::cancelled);
            if (late)
                co_return Error(errc::timeout, cx.deadline_scope);
        }
        if (!s->failures.empty()) {
            Error error = s->failures.front();
            s->failures.pop_front();
            co_return error;
        }
        co_return TextReply("re: " + op.prompt.value());
    }

    Environment environment() const { return state_->environment; }

    Destination destination() const { return Destination("fake", "fake.test", "", "fake-1"); }

    int calls() const { return state_->calls; }

    Log const& log() const { return state_->log; }

    State& seen() const { return *state_; }

private:
    std::shared_ptr<State> state_;
};

using Fake = BasicFake<false>;
using HonestFake = BasicFake<true>;

/// Deciding: writes "A>" when it is entered, "A<" or "A<timeout" when it is left, "A=" when a
/// stream begins and "A~" when the call is abandoned. Its state, born at the join, counts calls.
class Note {
public:
    using policy = deciding;
    static constexpr std::string_view name = "note";

    Note(std::string n, Log log) : name_(std::move(n)), log_(std::move(log)) {}

    /// Refuses every call.
    Note refuses(errc e) && {
        refuses_ = e;
        return std::move(*this);
    }

    std::string describe() const { return name_; }

    class Layer;

    class Visit {
    public:
        explicit Visit(Layer& layer) : layer_(&layer) {}

        Visit(Visit&& other) noexcept : layer_(std::exchange(other.layer_, nullptr)) {}

        Visit& operator=(Visit&&) = delete;

        ~Visit() {
            if (layer_)
                layer_->note("~");
        }

        void streaming(CallContext&) { layer_->note("="); }

        Verdict leave(CallContext&, Outcome const& outcome) {
            std::string what = "<";
            if (outcome.error)
                what += to_string(outcome.error->value());
            std::exchange(layer_, nullptr)->note(what);
            return {};
        }

    private:
        Layer* layer_;
    };

    class Layer {
    public:
        explicit Layer(Note const& p) : name_(p.name_), log_(p.log_), refuses_(p.refuses_) {}

        Layer(Layer const&) = delete;

        Result<Visit> enter(CallContext&) {
            ++calls;
            note(">");
            if (refuses_ != errc::ok)
                return Error(refuses_);
            return Visit(*this);
        }

        int calls = 0;

    private:
        friend Visit;

        void note(std::string_view what) const { log_.add(name_ + std::string(what)); }

        std::string name_;
        Log log_;
        errc refuses_;
    };

private:
    std::string name_;
    Log log_;
    errc refuses_ = errc::ok;
};

/// Deciding: makes a failed call again, after a pause; not what was cancelled or ran out of time.
class Repeat {
public:
    using policy = deciding;
    static constexpr bool repeats = true;
    static constexpr std::string_view name = "repeat";

    explicit Repeat(int attempts, Clock::duration pause = {})
        : attempts_(attempts), pause_(pause) {}

    class Visit {
    public:
        explicit Visit(Repeat const& p) : left_(p.attempts_ - 1), pause_(p.pause_) {}

        Verdict leave(CallContext&, Outcome const& outcome) {
            bool const final_ = !outcome.error || outcome.handed_on ||
                                *outcome.error == errc::cancelled ||
                                outcome.error->scope() == Scope::total;
            if (final_ || left_-- == 0)
                return {};
            return Again(pause_);
        }

    private:
        int left_;
        Clock::duration pause_;
    };

    Result<Visit> enter(CallContext&) const { return Visit(*this); }

private:
    int attempts_;
    Clock::duration pause_;
};

/// Wrapping: a coroutine of its own, which calls on once.
class Wrap {
public:
    using policy = wrapping;
    static constexpr std::string_view name = "wrap";

    Wrap(std::string n, Log log) : name_(std::move(n)), log_(std::move(log)) {}

    template <class Op, class Next>
    Task<Result<response_t<Op>>> apply(CallContext& cx, Op const& op, Next next) {
        log_.add(name_ + ">");
        auto reply = co_await next.handle(cx, op);
        log_.add(name_ + "<");
        co_return reply;
    }

private:
    std::string name_;
    Log log_;
};

/// Transforming: adds a word to the prompt, and another one to the reply. It refuses "secret".
class Decorate {
public:
    using policy = transforming;
    static constexpr std::string_view name = "decorate";

    explicit Decorate(std::string word) : word_(std::move(word)) {}

    class Passage {
    public:
        Passage(GenerateText o, std::string word) : op(std::move(o)), word_(std::move(word)) {}

        TextReply restore(TextReply reply) && { return add(std::move(reply)); }

        TextReply restore(TextReply reply) & { return add(std::move(reply)); }

        GenerateText op;

    private:
        TextReply add(TextReply reply) const {
            reply.text += " /" + word_;
            return reply;
        }

        std::string word_;
    };

    Result<Passage> pass(CallContext&, GenerateText const& op) const {
        if (op.prompt.value() == "secret")
            return Error(errc::phi_blocked);
        return Passage(
            GenerateText(OutboundAccess::clear(op.prompt.value() + " " + word_), op.options), word_
        );
    }

private:
    std::string word_;
};

/// Spawns a task and cancels it at that time; what it gave, or nothing when it threw.
template <class T>
std::optional<T> cancelled_at(
    Simulation& simulation,
    Clock::duration at,
    Task<T> task,
    asio::cancellation_type type = asio::cancellation_type::terminal
) {
    asio::cancellation_signal signal;
    std::optional<T> out;
    asio::co_spawn(
        simulation.executor(),
        std::move(task),
        asio::bind_cancellation_slot(
            signal.slot(),
            [&out](std::exception_ptr e, T value) {
                if (!e)
                    out.emplace(std::move(value));
            }
        )
    );
    simulation.clock().async_wait_until(
        simulation.executor(),
        Clock::time_point(at),
        nullptr,
        [&signal, type](boost::system::error_code) { signal.emit(type); }
    );
    simulation.run();
    return out;
}

} // namespace hilum_test
