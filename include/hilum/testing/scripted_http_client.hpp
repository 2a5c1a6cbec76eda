// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/http/message.hpp>
#include <hilum/testing/detail/pause.hpp>

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// One line of a script: a reply or an error, perhaps after a while.
///
/// @code
/// ScriptedReply(200, body).header("x-request-id", "req-1").after(2s)
/// ScriptedReply(Error(errc::connection_failed))
/// @endcode
class ScriptedReply {
public:
    ScriptedReply(HttpResponse response) : result_(std::move(response)) {}

    ScriptedReply(unsigned status, std::string body)
        : result_(HttpResponse(status, std::move(body))) {}

    ScriptedReply(Error error) : result_(std::move(error)) {}

    /// Says nothing until the call's deadline or its end.
    static ScriptedReply never() { return ScriptedReply(200, {}).after(Clock::duration::max()); }

    /// Adds a header; to a reply, not to an error.
    ScriptedReply&& header(std::string_view name, std::string_view value) && {
        if (result_)
            result_->header(name, value);
        return std::move(*this);
    }

    /// Comes that much later.
    ScriptedReply&& after(Clock::duration delay) && {
        delay_ = delay;
        return std::move(*this);
    }

    Result<HttpResponse> const& result() const noexcept { return result_; }

    Clock::duration delay() const noexcept { return delay_; }

private:
    Result<HttpResponse> result_;
    Clock::duration delay_ = Clock::duration::zero();
};

/// What a `ScriptedHttpClient` was asked to send, and how much time it was given.
class SentRequest {
public:
    SentRequest(HttpRequest r, CallContext const& cx)
        : request(std::move(r)), at(cx.clock().now()), deadline(cx.deadline),
          deadline_scope(cx.deadline_scope), attempt(cx.attempt) {}

    HttpRequest request;
    Clock::time_point at;
    Clock::time_point deadline;
    Scope deadline_scope;
    int attempt;
};

/// An `HttpClient` that plays a script and remembers what it was asked to send: for tests of
/// services and of your own code, without a socket.
///
/// @code
/// ScriptedHttpClient http;
/// http.then(ScriptedReply(429, "{}").header("retry-after", "1")).then(ScriptedReply(200, body));
/// OpenAiService service(http, config);
/// ...
/// CHECK(http.requests().at(0).request.target == "/v1/chat/completions");
/// CHECK(http.remaining() == 0);
/// @endcode
///
/// A request for which no line is left fails with `errc::invalid_configuration` and says so.
/// Honours the deadline and cancellation: a reply that comes too late is a `timeout`. Copies share
/// one script. Thread safe. Keeps the latest 1,000 requests.
class ScriptedHttpClient {
public:
    static constexpr bool honours_deadline = true;
    static constexpr std::size_t max_kept = 1000;

    explicit ScriptedHttpClient(Environment environment = {})
        : state_(std::make_shared<State>(environment)) {}

    /// Adds a line at the end.
    ScriptedHttpClient& then(ScriptedReply reply) {
        std::lock_guard const lock(state_->mutex);
        state_->script.push_back(std::move(reply));
        return *this;
    }

    /// Said whenever no line is left.
    ScriptedHttpClient& always(ScriptedReply reply) {
        std::lock_guard const lock(state_->mutex);
        state_->always = std::move(reply);
        return *this;
    }

    Task<Result<HttpResponse>> send(CallContext& cx, HttpRequest const& request) {
        auto const state = state_;
        if (!request.well_formed())
            co_return Error(errc::invalid_request, "a header or the target holds a line end");
        auto const reply = state->next(request, cx);
        if (!reply)
            co_return Error(errc::invalid_configuration, "the script has no answer left");
        if (auto const interrupted = co_await detail::pause(cx, reply->delay()))
            co_return *interrupted;
        co_return reply->result();
    }

    Environment environment() const { return state_->environment; }

    /// What was sent, in order.
    std::vector<SentRequest> requests() const {
        std::lock_guard const lock(state_->mutex);
        return {state_->sent.begin(), state_->sent.end()};
    }

    /// How many requests came, kept or not.
    std::size_t count() const {
        std::lock_guard const lock(state_->mutex);
        return state_->count;
    }

    /// Lines that nobody has heard yet.
    std::size_t remaining() const {
        std::lock_guard const lock(state_->mutex);
        return state_->script.size();
    }

private:
    struct State {
        explicit State(Environment e) : environment(e) {}

        std::optional<ScriptedReply> next(HttpRequest const& request, CallContext const& cx) {
            std::lock_guard const lock(mutex);
            ++count;
            sent.emplace_back(request, cx);
            if (sent.size() > max_kept)
                sent.pop_front();
            if (script.empty())
                return always;
            std::optional<ScriptedReply> reply(std::move(script.front()));
            script.pop_front();
            return reply;
        }

        std::mutex mutex;
        Environment environment;
        std::deque<ScriptedReply> script;
        std::optional<ScriptedReply> always;
        std::deque<SentRequest> sent;
        std::size_t count = 0;
    };

    std::shared_ptr<State> state_;
};

static_assert(HttpClient<ScriptedHttpClient>);

} // namespace hilum::inline HILUM_ABI
