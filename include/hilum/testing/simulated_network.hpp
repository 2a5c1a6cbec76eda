// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/task.hpp>
#include <hilum/core/timer.hpp>
#include <hilum/http/message.hpp>
#include <hilum/testing/simulated_stream.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A network in memory, on which the real client runs in virtual time: satisfies `Network`.
///
/// @code
/// Simulation simulation(7);
/// simulation.network().serve("http://model.test", my_server);      // Task<void>(SimulatedStream)
/// simulation.network().conditions() = {.max_delay = 50ms, .reset = 0.01};
/// BasicBeastHttpClient client(simulation.network());
/// @endcode
///
/// Servers are coroutine functions, one call for each connection. An `https` origin connects like
/// an `http` one: TLS isn't simulated. Copies share everything; one thread. It comes from a
/// `Simulation` and works as long as that lives.
class SimulatedNetwork {
public:
    using stream_type = SimulatedStream;
    using Server = std::function<Task<void>(SimulatedStream)>;

    SimulatedNetwork(std::shared_ptr<detail::SimulatedWire> wire, Environment environment)
        : state_(std::make_shared<State>(std::move(wire), environment)) {}

    /// From now on @p server gets the connections to @p url. Throws `ConfigurationError` when that
    /// isn't a base URL.
    void serve(std::string_view url, Server server) {
        state_->servers[key("serve", url)] = std::make_shared<Server>(std::move(server));
    }

    /// What new connections suffer.
    NetworkConditions& conditions() noexcept { return state_->conditions; }

    /// What new connections to this origin suffer instead; at first a copy of the general ones.
    NetworkConditions& conditions(std::string_view url) {
        return state_->own.try_emplace(key("conditions", url), state_->conditions).first->second;
    }

    /// Connections established so far.
    std::size_t connections() const noexcept { return state_->connections; }

    Environment environment() const noexcept { return state_->environment; }

    asio::any_io_executor executor() const { return state_->wire->executor(); }

    Task<Result<std::unique_ptr<SimulatedStream>>> connect(
        CallContext&, HttpOrigin const& origin, Clock::time_point deadline
    ) {
        return establish(state_, origin.host, key(origin), deadline);
    }

    /// Same, without a deadline of its own: for servers' and tests' own use.
    Task<Result<std::unique_ptr<SimulatedStream>>> connect(std::string_view url) {
        auto const origin = parse("connect", url);
        return establish(state_, origin.host, key(origin), Clock::never);
    }

    /// The first exception that left a server, if any; forgets it.
    std::exception_ptr take_failure() noexcept { return std::exchange(state_->failure, nullptr); }

    /// Drops servers and all that waits; `Simulation` calls it before its context dies.
    void shut_down() {
        auto servers = std::move(state_->servers);
        state_->servers.clear();
        state_->wire->shut_down();
    }

private:
    class State {
    public:
        State(std::shared_ptr<detail::SimulatedWire> w, Environment e)
            : wire(std::move(w)), environment(e) {}

        NetworkConditions const& of(std::string const& host) const {
            auto const found = own.find(host);
            return found == own.end() ? conditions : found->second;
        }

        std::shared_ptr<detail::SimulatedWire> wire;
        Environment environment;
        NetworkConditions conditions;
        std::map<std::string, NetworkConditions> own;
        std::map<std::string, std::shared_ptr<Server>> servers;
        std::size_t connections = 0;
        std::exception_ptr failure;
    };

    static HttpOrigin parse(char const* field, std::string_view url) {
        auto origin = HttpOrigin::parse(url);
        if (!origin)
            throw ConfigurationError(field, std::string(origin.error().text()));
        return std::move(*origin);
    }

    static std::string key(HttpOrigin const& origin) {
        return origin.host + ":" + std::to_string(origin.port);
    }

    static std::string key(char const* field, std::string_view url) {
        return key(parse(field, url));
    }

    static Error not_sent(errc code, std::string_view why) {
        return Error(code, why).with(Delivery::not_sent);
    }

    static Task<Result<std::unique_ptr<SimulatedStream>>> establish(
        std::shared_ptr<State> state, std::string name, std::string host, Clock::time_point deadline
    ) {
        auto& wire = *state->wire;
        auto const conditions = state->of(host);
        auto const found = state->servers.find(host);
        auto const clock = state->environment.clock;
        if (conditions.reachability == Reachability::unknown_host ||
            found == state->servers.end()) {
            wire.note("unknown host " + name);
            co_return not_sent(errc::connection_failed, "no such host");
        }
        auto const server = found->second;
        bool const in_vain = conditions.reachability == Reachability::silent ||
                             conditions.reachability == Reachability::unresolved;
        auto const established =
            in_vain ? Clock::never : Clock::after(clock.now(), conditions.connect_delay);
        bool const refused =
            conditions.reachability == Reachability::refuses || wire.happens(conditions.refuse);
        bool const waited = co_await sleep_until(clock, std::min(established, deadline));
        if (!waited)
            co_return not_sent(errc::cancelled, "");
        if (clock.now() >= deadline && deadline <= established) {
            wire.note("connect timeout " + host);
            co_return not_sent(errc::timeout, "the connection was not established in time");
        }
        if (refused) {
            wire.note("refused " + host);
            co_return not_sent(errc::connection_failed, "connection refused");
        }
        auto const number = "c" + std::to_string(++state->connections);
        wire.note(number + " connect " + host);
        auto ends = SimulatedStream::connected(state->wire, conditions, number);
        asio::co_spawn(
            wire.executor(),
            session(server, std::move(ends.second)),
            [state](std::exception_ptr e) {
                if (e && !state->failure)
                    state->failure = std::move(e);
            }
        );
        co_return std::make_unique<SimulatedStream>(std::move(ends.first));
    }

    // Keeps the server alive while its coroutine runs.
    static Task<void> session(std::shared_ptr<Server> server, SimulatedStream stream) {
        co_await (*server)(std::move(stream));
    }

    std::shared_ptr<State> state_;
};

} // namespace hilum::inline HILUM_ABI
