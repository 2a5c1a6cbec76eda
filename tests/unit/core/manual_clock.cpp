// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/manual_clock.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// Some waits on one clock, and the order in which they ended.
class Waits {
public:
    ~Waits() { clock.drop_waiters(); }

    ManualClock::Ticket wait(Clock::duration until, std::string name) {
        ManualClock::Ticket ticket;
        clock.async_wait_until(
            io.get_executor(),
            Clock::time_point(until),
            &ticket,
            [this, name](boost::system::error_code ec) { ended += name + (ec ? "! " : " "); }
        );
        return ticket;
    }

    ManualClock clock;
    std::string ended;
    asio::io_context io{1};
};

} // namespace

TEST_CASE("manual clock: waits end in the order of their times, equal ones as they came") {
    Waits w;
    w.wait(30s, "c");
    w.wait(10s, "a");
    w.wait(20s, "b1");
    w.wait(20s, "b2");
    w.wait(5s, "first");
    CHECK(w.clock.waiting() == 5);
    w.clock.run(w.io);
    CHECK(w.ended == "first a b1 b2 c ");
    CHECK(w.clock.now() == Clock::time_point(30s));
    CHECK(w.clock.waiting() == 0);
}

TEST_CASE("manual clock: advance wakes who is due, and nobody else") {
    Waits w;
    w.wait(10s, "a");
    w.wait(20s, "b");
    w.clock.advance(15s);
    w.io.poll();
    CHECK(w.ended == "a ");
    CHECK(w.clock.now() == Clock::time_point(15s));
    w.clock.advance(5s);
    w.io.restart();
    w.io.poll();
    CHECK(w.ended == "a b ");
}

TEST_CASE("manual clock: time doesn't go back for a wait that lies in the past") {
    Waits w;
    w.clock.advance(1min);
    w.wait(10s, "late");
    w.clock.run(w.io);
    CHECK(w.ended == "late ");
    CHECK(w.clock.now() == Clock::time_point(1min));
}

TEST_CASE("manual clock: a wait can be cancelled once, by its ticket") {
    Waits w;
    auto const a = w.wait(10s, "a");
    w.wait(10s, "b");
    CHECK(w.clock.cancel(a) == 1);
    CHECK(w.clock.cancel(a) == 0);
    CHECK(w.clock.cancel(ManualClock::Ticket()) == 0);
    w.clock.run(w.io);
    CHECK(w.ended == "a! b ");
}

TEST_CASE("manual clock: a wait can be cancelled by its slot") {
    Waits w;
    asio::cancellation_signal signal;
    bool aborted = false;
    w.clock.async_wait_until(
        w.io.get_executor(),
        Clock::time_point(10s),
        nullptr,
        asio::bind_cancellation_slot(
            signal.slot(),
            [&aborted](boost::system::error_code ec) {
                aborted = ec == asio::error::operation_aborted;
            }
        )
    );
    signal.emit(asio::cancellation_type::terminal);
    CHECK(w.clock.waiting() == 0);
    CHECK(!aborted); // never from within the call that cancels
    w.clock.run(w.io);
    CHECK(aborted);
    CHECK(w.clock.now() == Clock::time_point());
    signal.emit(asio::cancellation_type::terminal); // nothing is left to cancel
}

TEST_CASE("manual clock: 'never' never comes, and run ends all the same") {
    Waits w;
    w.wait(Clock::never.time_since_epoch(), "never");
    w.wait(10s, "a");
    w.clock.run(w.io);
    CHECK(w.ended == "a ");
    CHECK(w.clock.waiting() == 1);
    CHECK(!w.clock.advance_to_next());
}

TEST_CASE("manual clock: dropped waits don't end") {
    Waits w;
    w.wait(10s, "a");
    w.clock.drop_waiters();
    w.clock.run(w.io);
    CHECK(w.ended.empty());
    CHECK(w.clock.now() == Clock::time_point());
}

TEST_CASE("manual clock: its wall time begins where it is told") {
    ManualClock clock(Clock::wall_time(std::chrono::hours(24)));
    clock.advance(1h);
    CHECK(Clock(clock).wall() == Clock::wall_time(25h));
}
