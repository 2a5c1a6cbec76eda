// SPDX-License-Identifier: BSL-1.0
#pragma once

/// A small world in virtual time, and services that do as they are told.

#include <hilum/core/manual_clock.hpp>
#include <hilum/core/timer.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/policies.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hilum_test {

using namespace hilum;
using namespace std::chrono_literals;

/// Records what is reported.
class Events final : public Observer {
public:
    struct Entry {
        std::string name;
        std::map<std::string, std::string> fields;
    };

    void on(EventView const& event, CallContext const&) noexcept override {
        Entry entry{std::string(event.name()), {}};
        for (auto const& field : event.fields())
            entry.fields[std::string(field.name)] = std::visit(
                [](auto const& value) {
                    if constexpr (std::is_convertible_v<decltype(value), std::string_view>)
                        return std::string(value);
                    else
                        return std::to_string(value);
                },
                field.value
            );
        all.push_back(std::move(entry));
    }

    int count(std::string_view name) const {
        int n = 0;
        for (auto const& entry : all)
            n += entry.name == name;
        return n;
    }

    std::vector<Entry> all;
};

/// One call that was started, and how it ended.
template <class T>
struct Call {
    bool done = false;
    std::optional<Result<T>> result;
    Clock::duration ended{};
    asio::cancellation_signal cancel;

    Error error() const { return result->has_error() ? result->error() : Error(); }

    errc code() const { return error().value(); }
};

class World {
public:
    World() = default;
    World(World const&) = delete;
    World& operator=(World const&) = delete;

    ~World() { time.drop_waiters(); }

    Environment environment() { return Environment(Clock(time), Random(chance)); }

    CallContext context(CallOptions options = {}) {
        CallContext cx(environment(), std::move(options));
        cx.observer = &events;
        return cx;
    }

    /// Starts a call; `run` or `run_until` makes it go on.
    template <class T>
    std::shared_ptr<Call<T>> start(Task<Result<T>> task) {
        auto call = std::make_shared<Call<T>>();
        auto ended = [call, this](std::exception_ptr e, Result<T> result) {
            if (e)
                std::rethrow_exception(e);
            call->done = true;
            call->ended = elapsed();
            call->result.emplace(std::move(result));
        };
        asio::co_spawn(
            io, std::move(task), asio::bind_cancellation_slot(call->cancel.slot(), std::move(ended))
        );
        return call;
    }

    template <class S>
    auto ask(S const& service, CallOptions options = {}) {
        return start(service.call(context(std::move(options)), GenerateText("hello")));
    }

    template <class S>
    auto stream(S const& service, CallOptions options = {}) {
        return start(service.call(context(std::move(options)), StreamText("hello")));
    }

    /// Runs a call and everything else to the end.
    template <class T>
    Result<T> finish(std::shared_ptr<Call<T>> call) {
        run();
        if (!call->done)
            throw std::runtime_error("the call hangs");
        return std::move(*call->result);
    }

    void run() { time.run(io); }

    /// Until this time since the beginning.
    void run_until(Clock::duration at) {
        poll();
        while (elapsed() < at) {
            auto const mark = std::make_shared<bool>(false);
            auto reached = [mark](boost::system::error_code) { *mark = true; };
            time.async_wait_until(
                io.get_executor(), Clock::time_point(at), nullptr, std::move(reached)
            );
            do
                poll();
            while (!*mark && time.advance_to_next());
        }
        poll();
    }

    void poll() {
        do
            io.restart();
        while (io.poll() != 0);
    }

    Clock::duration elapsed() const { return time.now().time_since_epoch(); }

    ManualClock time;
    SeededRandom chance{1};
    Events events;
    asio::io_context io{1}; // last: dropped coroutines are destroyed by their executor
};

/// What a service does with a call: waits, then fails or answers.
class Step {
public:
    Step() = default;

    explicit Step(Error e, Clock::duration d = {}) : delay(d), error(std::move(e)) {}

    explicit Step(Clock::duration d) : delay(d) {}

    Clock::duration delay{};
    std::optional<Error> error;
};

/// Follows a script; its last step is repeated. `Honours`: ends at the deadline by itself.
template <bool Honours>
class BasicScripted {
public:
    struct State {
        std::deque<Step> script;
        int calls = 0, inside = 0, refreshed = 0;
        std::vector<Clock::duration> began;
        std::vector<int> attempts;
    };

    static constexpr bool honours_deadline = Honours;

    explicit BasicScripted(World& world, std::vector<Step> script = {})
        : world_(&world), state_(std::make_shared<State>()) {
        state_->script.assign(script.begin(), script.end());
    }

    Environment environment() const { return world_->environment(); }

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const&) const {
        auto state = state_;
        ++state->calls;
        state->began.push_back(world_->elapsed());
        state->attempts.push_back(cx.attempt);
        state->refreshed += cx.refresh_credentials;
        Step step;
        if (!state->script.empty())
            step = state->script.front();
        if (state->script.size() > 1)
            state->script.pop_front();

        struct Inside {
            explicit Inside(int& c) : count(c) { ++count; }

            ~Inside() { --count; }

            int& count;
        };

        Inside const inside(state->inside);
        if (step.delay > Clock::duration::zero()) {
            auto const ends = Clock::after(cx.clock().now(), step.delay);
            bool const cut = Honours && cx.deadline < ends;
            auto const until = cut ? cx.deadline : ends;
            bool const slept = co_await sleep_until(cx.clock(), until);
            if (!slept)
                co_return Error(errc::cancelled);
            if (cut)
                co_return Error(errc::timeout, cx.deadline_scope);
        }
        if (step.error)
            co_return *step.error;
        co_return TextReply("hello");
    }

    State& state() const { return *state_; }

private:
    World* world_;
    std::shared_ptr<State> state_;
};

using Scripted = BasicScripted<false>;
using HonestScripted = BasicScripted<true>;

/// One delta, or an error, after a while.
class StreamStep {
public:
    StreamStep(Clock::duration d, std::string t) : delay(d), text(std::move(t)) {}

    StreamStep(Clock::duration d, Error e) : delay(d), error(std::move(e)) {}

    Clock::duration delay;
    std::string text;
    std::optional<Error> error;
};

/// Streams a script of its own for each call, and then the last one again; then says "complete".
class Streaming {
public:
    using Script = std::vector<StreamStep>;

    struct State {
        std::deque<Script> scripts;
        int calls = 0, open = 0;
    };

    explicit Streaming(World& world, std::vector<Script> scripts)
        : world_(&world), state_(std::make_shared<State>()) {
        state_->scripts.assign(scripts.begin(), scripts.end());
    }

    Environment environment() const { return world_->environment(); }

    Task<Result<TextStream>> handle(CallContext& cx, StreamText const&) const {
        ++state_->calls;
        auto script = state_->scripts.front();
        if (state_->scripts.size() > 1)
            state_->scripts.pop_front();
        auto source = std::make_unique<Source>(state_, std::move(script));
        co_return TextStream(cx, std::move(source));
    }

    State& state() const { return *state_; }

private:
    class Source final : public TextSource {
    public:
        Source(std::shared_ptr<State> state, Script script)
            : state_(std::move(state)), script_(std::move(script)) {
            ++state_->open;
        }

        Source(Source const&) = delete;
        Source& operator=(Source const&) = delete;

        ~Source() override { --state_->open; }

        Task<Result<std::optional<TextDelta>>> next(CallContext& cx) override {
            if (at_ == script_.size())
                co_return std::optional<TextDelta>();
            auto const& step = script_[at_++];
            if (step.delay > Clock::duration::zero()) {
                bool const slept =
                    co_await sleep_until(cx.clock(), Clock::after(cx.clock().now(), step.delay));
                if (!slept)
                    co_return Error(errc::cancelled);
            }
            if (step.error)
                co_return *step.error;
            std::optional<TextDelta> delta(std::in_place, step.text);
            co_return delta;
        }

    private:
        std::shared_ptr<State> state_;
        Script script_;
        std::size_t at_ = 0;
    };

    World* world_;
    std::shared_ptr<State> state_;
};

} // namespace hilum_test
