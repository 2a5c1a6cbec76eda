// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/detail/connection_pool.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

struct Connection {
    explicit Connection(int n) : number(n) {}

    int number;
    Clock::time_point usable_until = Clock::never;
};

using Pool = hilum::detail::ConnectionPool<Connection>;

HttpOrigin origin(std::uint16_t port) {
    HttpOrigin out;
    out.host = "a";
    out.port = port;
    return out;
}

Clock::time_point const now{100s};

} // namespace

TEST_CASE("the freshest first, by origin, within the bound") {
    Pool pool(2);
    auto a = pool.try_acquire(origin(1), now);
    auto b = pool.try_acquire(origin(1), now);
    REQUIRE(a);
    REQUIRE(b);
    CHECK(!pool.try_acquire(origin(1), now));
    CHECK(pool.try_acquire(origin(2), now)); // and given up at once
    a.connection = std::make_unique<Connection>(1);
    b.connection = std::make_unique<Connection>(2);
    pool.give_back(std::move(a), now);
    pool.give_back(std::move(b), now);
    CHECK(pool.counts().resting == 2);
    auto c = pool.try_acquire(origin(1), now);
    REQUIRE(c.connection);
    CHECK(c.connection->number == 2);
    CHECK(pool.refill(c, now)); // it was dead: the other takes its place
    CHECK(c.connection->number == 1);
    CHECK(pool.counts().open == 1);
    CHECK(!pool.refill(c, now));
    CHECK(pool.counts().open == 1);
    c = Pool::Lease();
    CHECK(pool.counts().open == 0);
}

TEST_CASE("what has rested too long is closed, not used") {
    Pool pool(4);
    auto a = pool.try_acquire(origin(1), now);
    auto b = pool.try_acquire(origin(1), now);
    a.connection = std::make_unique<Connection>(1);
    a.connection->usable_until = now + 10s;
    b.connection = std::make_unique<Connection>(2);
    b.connection->usable_until = now + 5s;
    pool.give_back(std::move(a), now);
    pool.give_back(std::move(b), now);
    auto c = pool.try_acquire(origin(1), now + 7s);
    REQUIRE(c.connection);
    CHECK(c.connection->number == 1);
    CHECK(pool.counts().open == 1);
    auto d = pool.try_acquire(origin(1), now + 20s);
    CHECK(!d.connection);
}

TEST_CASE("those who wait are served in order, and nothing leaks when one leaves") {
    boost::asio::io_context io{1};
    Pool pool(1);
    auto const parking = [&] {
        return std::make_shared<hilum::detail::Parking>(io.get_executor(), Clock());
    };
    auto first = pool.try_acquire(origin(1), now);
    first.connection = std::make_unique<Connection>(1);
    Pool::Ticket second;
    auto third = std::make_unique<Pool::Ticket>();
    Pool::Ticket fourth;
    CHECK(!pool.enqueue(origin(1), second, parking(), now));
    CHECK(!pool.enqueue(origin(1), *third, parking(), now));
    CHECK(!pool.enqueue(origin(1), fourth, parking(), now));
    CHECK(pool.counts().waiting == 3);
    pool.give_back(std::move(first), now);
    CHECK(!pool.try_acquire(origin(1), now)); // nobody overtakes
    CHECK(!pool.take(*third));
    auto lease = pool.take(second);
    REQUIRE(lease.connection);
    CHECK(lease.connection->number == 1);
    lease = Pool::Lease(); // its connection broke: the place goes on
    third.reset();         // granted, and leaves without having taken it
    auto last = pool.take(fourth);
    REQUIRE(last);
    CHECK(!last.connection);
    CHECK(pool.counts().waiting == 0);
    last = Pool::Lease();
    CHECK(pool.counts().open == 0);
}
