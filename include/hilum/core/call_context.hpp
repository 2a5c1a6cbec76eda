// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_options.hpp>
#include <hilum/core/disclosure.hpp>
#include <hilum/core/environment.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/event.hpp>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What one call carries through all layers: its options, attempt, deadline, time, chance and
/// observer.
///
/// The facade makes one for each call; tests and custom services see it as the first argument of
/// `handle`. Not thread safe: it belongs to one call, which runs on one serial executor.
class CallContext {
public:
    CallContext() = default;

    explicit CallContext(Environment env, CallOptions opts = {})
        : environment(env), deadline(opts.deadline_from(env.clock)), options(std::move(opts)) {
        if (deadline != Clock::never)
            deadline_scope = Scope::total;
    }

    Environment environment;

    /// When the current attempt, or the whole call, has to be over; `Clock::never` when nothing
    /// limits it.
    Clock::time_point deadline = Clock::never;
    /// Longest silence between two parts of a streamed reply.
    Clock::duration idle_timeout = Clock::duration::max();
    /// Which limit `deadline` stands for.
    Scope deadline_scope = Scope::none;
    /// A retry found the credentials expired: whoever signs gets new ones first.
    bool refresh_credentials = false;
    /// 1 for the first attempt.
    int attempt = 1;

    /// What is asked for, "generate_text"; empty where the facade didn't make the call.
    std::string_view operation;
    Observer* observer = nullptr;
    CallOptions options;
    /// What the filter (or an explicit release) says about what is being sent; null when nothing
    /// was said.
    std::shared_ptr<Disclosure> disclosure;

    Clock const& clock() const noexcept { return environment.clock; }

    Random const& random() const noexcept { return environment.random; }

    /// The id of this call in all records; the caller's, or a random one drawn at the first
    /// question.
    std::string_view request_id() const {
        if (auto const given = options.request_id(); !given.empty())
            return given;
        if (request_id_.front() == '\0')
            environment.random.uuid(request_id_);
        return {request_id_.data(), request_id_.size()};
    }

    /// Reports an event to the observer, if there is one.
    template <Event E>
    void emit(E const& event) const {
        if (observer) {
            auto const fields = event.fields();
            observer->on(EventView(E::name, fields), *this);
        }
    }

private:
    mutable std::array<char, 36> request_id_{}; // not a string: no memory of its own
};

} // namespace hilum::inline HILUM_ABI
