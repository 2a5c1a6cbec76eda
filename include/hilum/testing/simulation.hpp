// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/environment.hpp>
#include <hilum/core/manual_clock.hpp>
#include <hilum/core/task.hpp>
#include <hilum/testing/simulated_network.hpp>
#include <hilum/testing/trace.hpp>

#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A task still waits, and nothing can happen any more that would wake it: what a hang looks like
/// in virtual time.
class SimulationStuck : public std::runtime_error {
public:
    SimulationStuck()
        : std::runtime_error("the task still waits and nothing can happen any more") {}
};

/// A small world in one thread whose time stands still while code runs and jumps while it waits.
///
/// @code
/// Simulation simulation(7);                               // the seed decides everything
/// simulation.network().serve("http://model.test", my_server);
/// BasicBeastHttpClient client(simulation.network());
/// auto reply = simulation.run(client.send(cx, request));  // hours of it take milliseconds
/// CHECK(simulation.elapsed() == 30s);
/// @endcode
///
/// It owns the clock, chance, the trace, the network and, as its last member, the `io_context`.
/// What uses its environment or network may be destroyed before it or, as coroutines that still
/// wait, with it; not after it. Not thread safe.
class Simulation {
public:
    explicit Simulation(std::uint64_t seed = 1)
        : random_(seed), network_(
                             std::make_shared<detail::SimulatedWire>(
                                 io_, clock_, trace_, seed ^ 0x6e6574776f726bULL
                             ),
                             environment()
                         ) {}

    Simulation(Simulation const&) = delete;
    Simulation& operator=(Simulation const&) = delete;

    /// Coroutines that still wait are destroyed: they hold streams whose pipes hold them, so what
    /// waits is dropped first, while the context lives; its destruction then ends them.
    ~Simulation() {
        network_.shut_down();
        clock_.drop_waiters();
    }

    /// Clock and chance of this world; its wall time begins at 2026-01-02T03:04:05Z.
    Environment environment() noexcept { return Environment(Clock(clock_), Random(random_)); }

    SimulatedNetwork& network() noexcept { return network_; }

    ManualClock& clock() noexcept { return clock_; }

    Trace& trace() noexcept { return trace_; }

    asio::io_context& context() noexcept { return io_; }

    asio::any_io_executor executor() { return io_.get_executor(); }

    /// Virtual time since the beginning.
    Clock::duration elapsed() const noexcept { return clock_.now().time_since_epoch(); }

    /// Starts a task beside others; `run` throws what it throws.
    void spawn(Task<void> task) {
        asio::co_spawn(io_, std::move(task), [this](std::exception_ptr e) {
            if (e && !failure_)
                failure_ = std::move(e);
        });
    }

    /// Runs until nothing can happen any more.
    void run() {
        clock_.run(io_);
        rethrow();
    }

    /// Runs until this much time has passed, or until nothing can happen any more.
    void run_for(Clock::duration time) {
        auto const reached = std::make_shared<bool>(false);
        auto mark = [reached](boost::system::error_code) { *reached = true; };
        clock_.async_wait_until(
            executor(), Clock::after(clock_.now(), time), nullptr, std::move(mark)
        );
        do {
            io_.restart();
            while (io_.poll() != 0) {
            }
        } while (!*reached && clock_.advance_to_next());
        rethrow();
    }

    /// Runs one task, and all else, until nothing can happen any more, and gives back its value.
    /// Throws what the task threw, and `SimulationStuck` when it never ended.
    template <class T>
    T run(Task<T> task) {
        auto const outcome = std::make_shared<Outcome<T>>();
        asio::co_spawn(io_, std::move(task), [outcome](std::exception_ptr e, auto&&... value) {
            outcome->done = true;
            outcome->failure = std::move(e);
            if constexpr (sizeof...(value) != 0)
                outcome->value.emplace(std::move(value)...);
        });
        run();
        if (!outcome->done)
            throw SimulationStuck();
        if (outcome->failure)
            std::rethrow_exception(outcome->failure);
        if constexpr (!std::is_void_v<T>)
            return std::move(*outcome->value);
    }

private:
    template <class T>
    struct Outcome {
        bool done = false;
        std::exception_ptr failure;
        std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
    };

    void rethrow() {
        if (!failure_)
            failure_ = network_.take_failure();
        if (failure_)
            std::rethrow_exception(std::exchange(failure_, nullptr));
    }

    ManualClock clock_;
    Trace trace_;
    SeededRandom random_;
    std::exception_ptr failure_;
    SimulatedNetwork network_;
    asio::io_context io_{1}; // last: a dropped coroutine is destroyed by its executor
};

} // namespace hilum::inline HILUM_ABI
