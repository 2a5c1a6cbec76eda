// SPDX-License-Identifier: BSL-1.0
// Every interleaving of a few threads at a breaker: each write of its word is checked against what
// the rules allow that operation to do, and the ghosts of permits against what it counts.
#include "interleavings.hpp"

#include <hilum/policy/circuit_breaker/circuit_breaker.hpp>

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using hilum_test::Explorer;
using hilum_test::Stepped;
using Word = detail::BreakerWord;

namespace {

using Breaker = BasicCircuitBreaker<Stepped>;

struct Command {
    enum Kind { acquire, record, drop, isolate, reset } kind;

    Clock::duration now = 0s;
    CircuitResult result = CircuitResult::neutral;
};

constexpr Command acquire(Clock::duration now) { return {Command::acquire, now}; }

constexpr Command record(CircuitResult result, Clock::duration now) {
    return {Command::record, now, result};
}

using Script = std::vector<Command>;

/// The world of one schedule: a breaker, threads with a permit each, and what must be true of them.
class World {
public:
    World(
        CircuitBreakerOptions options,
        Script const& before,
        std::vector<Script> const& threads,
        std::string& broken
    )
        : options_(options), breaker_(options), actors_(threads.size() + 1), broken_(broken) {
        Stepped<std::uint64_t>::on_write() = [this](auto const& atomic, auto from, auto to) {
            if (!word_)
                word_ = &atomic; // the first write is always the word's
            if (&atomic == word_)
                wrote(Word(from), Word(to));
            else
                ++actor().late;
        };
        for (auto const& command : before)
            perform(command);
        // The permit that the preparation holds last is the first thread's.
        if (actors_.front().permit)
            actors_[1].permit.emplace(std::move(*actors_.front().permit));
        actors_[1].generation = actors_.front().generation;
    }

    ~World() { Stepped<std::uint64_t>::on_write() = nullptr; }

    void perform(Command const& command) {
        auto& a = actor();
        a.command = &command;
        a.writes = a.late = 0;
        auto const now = Clock::time_point(command.now);
        switch (command.kind) {
        case Command::acquire: {
            a.permit.reset();
            a.command = &command;
            a.writes = 0;
            a.generation = no_generation;
            auto permit = breaker_.try_acquire(now);
            if (permit) {
                demand(permit->probe() == (a.writes == 1), "a probe is written, nothing else is");
                a.permit.emplace(std::move(*permit));
            } else {
                demand(a.writes == 0, "a refusal writes nothing");
            }
            break;
        }
        case Command::record:
            if (a.permit) {
                bool const probe = a.permit->probe();
                (void)a.permit->record(command.result, now);
                a.permit.reset();
                settled(command.result, probe);
            }
            break;
        case Command::drop:
            if (a.permit) {
                bool const probe = a.permit->probe();
                a.permit.reset();
                settled(CircuitResult::neutral, probe);
            }
            break;
        case Command::isolate:
            (void)breaker_.isolate();
            break;
        case Command::reset:
            (void)breaker_.reset();
            break;
        }
        a.command = nullptr;
    }

    void settle_all() {
        Command const drop{Command::drop};
        for (auto& a : actors_)
            if (a.permit) {
                as_ = static_cast<int>(&a - actors_.data());
                perform(drop);
            }
        as_ = 0;
        if (breaker_.state() == CircuitState::half_open)
            demand(last_.in_use() == 0, "no permit is lost");
    }

    Breaker& breaker() { return breaker_; }

private:
    static constexpr std::uint64_t no_generation = ~0ULL;

    struct Actor {
        std::optional<Breaker::Permit> permit;
        std::uint64_t generation = no_generation; ///< of a probe
        Command const* command = nullptr;
        int writes = 0, late = 0;
    };

    void demand(bool holds, char const* what) {
        if (!holds && broken_.empty())
            broken_ = what;
    }

    Actor& actor() {
        int const i = Explorer::current();
        return actors_[static_cast<std::size_t>(i < 0 ? as_ : i + 1)];
    }

    void settled(CircuitResult result, bool probe) {
        auto& a = actor();
        if (result == CircuitResult::failure)
            demand(a.writes + a.late == 1, "a failure counts once, or comes late");
        if (result == CircuitResult::success)
            demand(a.writes + a.late <= 1, "a success counts at most once");
        if (result == CircuitResult::neutral)
            demand(a.late == 0 && a.writes <= (probe ? 1 : 0), "neutral only gives back a probe");
    }

    /// One write of the word: may this operation do that?
    void wrote(Word from, Word to) {
        auto& a = actor();
        ++a.writes;
        last_ = to;
        auto const& c = *a.command;
        auto const now = Clock::time_point(c.now);
        bool const same = to.generation() == from.generation();
        demand(same || to.generation() == from.next_generation(), "generations follow each other");
        bool const by_hand = c.kind == Command::isolate || c.kind == Command::reset;
        bool const stays = from.state() == to.state() && !new_lease(from, to);
        demand(by_hand ? !same : same == stays, "a generation for each state, and no other");
        demand(
            to.state() != CircuitState::half_open ||
                to.in_use() <= static_cast<std::uint64_t>(options_.half_open_permits),
            "no more probes than permits"
        );
        if (!same)
            live_ = 0;
        switch (c.kind) {
        case Command::acquire:
            demand(to.state() == CircuitState::half_open, "to be let in closes and opens nothing");
            if (from.state() == CircuitState::open)
                demand(now >= from.until() && to.in_use() == 1, "not before its time");
            else if (same)
                demand(to.in_use() == from.in_use() + 1, "one permit each");
            else
                demand(now >= from.lease_end() && to.in_use() == 1, "a lease is kept");
            a.generation = to.generation();
            ++live_;
            break;
        case Command::record:
        case Command::drop:
            settles(from, to, c);
            break;
        case Command::isolate:
            demand(to.state() == CircuitState::isolated, "isolated");
            break;
        case Command::reset:
            demand(to == Word::closed(from.next_generation(), 0), "closed");
            break;
        }
        if (to.state() == CircuitState::half_open)
            demand(live_ == to.in_use(), "permits are counted");
    }

    void settles(Word from, Word to, Command const& c) {
        auto const result = c.kind == Command::drop ? CircuitResult::neutral : c.result;
        if (from.state() == CircuitState::half_open) {
            demand(actor().generation == from.generation(), "only a probe of this generation");
            if (result == CircuitResult::failure)
                demand(to.state() == CircuitState::open, "a failed probe opens");
            else if (result == CircuitResult::neutral)
                demand(to == from.returned(0), "neutral gives back and no more");
            else if (static_cast<int>(from.successes()) + 1 == options_.half_open_successes)
                demand(to.state() == CircuitState::closed && to.failures() == 0, "closes");
            else
                demand(to == from.returned(1), "counts a success");
            if (to.state() == CircuitState::half_open)
                --live_;
            return;
        }
        demand(from.state() == CircuitState::closed, "an open circuit hears nothing");
        demand(result != CircuitResult::neutral, "neutral means nothing");
        if (result == CircuitResult::success)
            demand(to == Word::closed(from.generation(), 0), "a success ends the streak");
        else if (from.failures() + 1 < static_cast<std::uint64_t>(options_.failures))
            demand(to == Word::closed(from.generation(), from.failures() + 1), "adds one");
        else
            demand(
                to.state() == CircuitState::open &&
                    to.until() == Clock::time_point(c.now) + options_.open_for,
                "opens"
            );
    }

    static bool new_lease(Word from, Word to) {
        return from.state() == CircuitState::half_open && to.state() == CircuitState::half_open &&
               from.generation() != to.generation();
    }

    CircuitBreakerOptions options_;
    Breaker breaker_;
    Stepped<std::uint64_t> const* word_ = nullptr;
    std::vector<Actor> actors_; ///< the preparation, then the threads
    std::string& broken_;       ///< the first rule that was
    Word last_;
    std::uint64_t live_ = 0;
    int as_ = 0;
};

class Exploration {
public:
    void all(
        int preemptions,
        CircuitBreakerOptions options,
        Script const& before,
        std::vector<Script> const& threads
    ) {
        std::unique_ptr<World> world;
        auto const begin = [&] {
            world.reset(); // its listener goes before the next one's comes
            world = std::make_unique<World>(options, before, threads, broken_);
            std::vector<Explorer::Thread> bodies;
            for (auto const& script : threads)
                bodies.emplace_back([&world, &script] {
                    for (auto const& command : script)
                        world->perform(command);
                });
            return bodies;
        };
        auto const end = [&] {
            world->settle_all();
            if (!broken_.empty())
                FAIL(broken_);
        };
        schedules_ += explorer_.explore(preemptions, begin, end);
    }

    ~Exploration() {
        std::cout << "breaker: " << schedules_ << " schedules, " << explorer_.steps() << " steps\n";
    }

private:
    Explorer explorer_;
    std::string broken_;
    std::uint64_t schedules_ = 0;
};

constexpr CircuitBreakerOptions options(int failures, int permits = 1, int successes = 1) {
    return {
        .failures = failures,
        .open_for = 10s,
        .half_open_permits = permits,
        .half_open_successes = successes,
        .probe_lease = 5s};
}

constexpr CircuitResult results[] = {
    CircuitResult::success, CircuitResult::failure, CircuitResult::neutral};

} // namespace

TEST_CASE("two threads, two calls each, every interleaving") {
    Exploration exploration;
    for (auto a : results)
        for (auto b : results) {
            Script const one{acquire(10s), record(a, 11s), acquire(22s), record(b, 22s)};
            Script const two{acquire(10s), record(b, 11s), acquire(22s), record(a, 22s)};
            exploration.all(4, options(2), {}, {one, two});
            // open, and its time is over
            Script const opened{acquire(0s), record(CircuitResult::failure, 0s)};
            exploration.all(4, options(1), opened, {one, two});
        }
}

TEST_CASE("three threads at a breaker that opens, probes and closes") {
    Exploration exploration;
    Script const opened{acquire(0s), record(CircuitResult::failure, 0s)};
    // The first thread still holds a permit of the time before it opened.
    Script const late{acquire(0s), record(CircuitResult::failure, 0s)};
    for (auto a : results)
        for (auto b : results)
            for (auto c : results) {
                Script const one{acquire(10s), record(a, 11s)};
                Script const two{acquire(10s), record(b, 11s)};
                Script const three{acquire(10s), record(c, 11s)};
                exploration.all(3, options(2), {}, {one, two, three});
                exploration.all(3, options(1), opened, {one, two, three});
                exploration.all(3, options(1, 2, 2), opened, {one, two, three});
            }
}

TEST_CASE("a closed-era result meets a probe") {
    Exploration exploration;
    for (auto a : results)
        for (auto b : results) {
            // The first thread's permit is from before; the second opens the circuit and probes.
            Script const late{record(a, 20s)};
            Script const opens{
                acquire(0s), record(CircuitResult::failure, 0s), acquire(10s), record(b, 11s)};
            Script const other{acquire(10s), {Command::drop}};
            exploration.all(4, options(1), {acquire(0s)}, {late, opens, other});
        }
}

TEST_CASE("a probe whose lease is over comes back") {
    Exploration exploration;
    Script const probing{acquire(0s), record(CircuitResult::failure, 0s), acquire(10s)};
    for (auto a : results)
        for (auto b : results) {
            Script const lost{record(a, 20s), acquire(20s), {Command::drop}};
            Script const next{acquire(16s), record(b, 17s)};
            Script const third{acquire(22s), record(a, 23s)};
            exploration.all(3, options(1), probing, {lost, next, third});
        }
}

TEST_CASE("isolating and resetting meet calls") {
    Exploration exploration;
    for (auto a : results) {
        Script const calls{acquire(0s), record(a, 1s), acquire(12s), record(a, 12s)};
        Script const other{acquire(12s), record(CircuitResult::failure, 12s)};
        Script const hand{{Command::isolate}, {Command::reset}};
        exploration.all(3, options(1), {}, {calls, other, hand});
        exploration.all(3, options(2), {acquire(0s)}, {calls, hand, {{Command::reset}}});
    }
}

TEST_CASE("the exploration finds what is wrong") {
    // Check, then act: two threads increment without an atomic step.
    hilum_test::Explorer explorer;
    bool lost_update = false;
    std::unique_ptr<Stepped<int>> counter;
    auto const increment = [&] {
        int seen = counter->load(std::memory_order_seq_cst);
        int const next = seen + 1;
        while (!counter->compare_exchange_strong(seen, next, std::memory_order_seq_cst)) {
        }
    };
    explorer.explore(
        1,
        [&] {
            counter = std::make_unique<Stepped<int>>(0);
            return std::vector<Explorer::Thread>{increment, increment};
        },
        [&] { lost_update = lost_update || counter->load(std::memory_order_seq_cst) != 2; }
    );
    CHECK(lost_update);
}
