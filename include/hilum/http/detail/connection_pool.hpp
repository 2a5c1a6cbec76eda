// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/http/detail/parking.hpp>
#include <hilum/http/message.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// The connections of one client by origin: bounded, the freshest reused first, and a queue for
/// those who find all of them in use, served in the order of arrival.
///
/// Knows no socket and no coroutine. All members may be called from any thread; connections are
/// destroyed outside the lock. `Connection` has `Clock::time_point usable_until`.
template <class Connection>
class ConnectionPool {
    struct Waiter;

    struct Origin {
        explicit Origin(HttpOrigin const& o) : tls(o.tls), port(o.port), host(o.host) {}

        bool is(HttpOrigin const& o) const noexcept {
            return port == o.port && tls == o.tls && host == o.host;
        }

        bool tls;
        std::uint16_t port;
        std::string host;
        std::size_t open = 0;                             // resting, in use and being opened
        std::vector<std::unique_ptr<Connection>> resting; // the freshest last
        std::deque<Waiter*> waiting;
    };

public:
    /// One of the places for a connection to an origin, with the connection that fills it, if there
    /// is one. Gives the place to the next one who waits when it dies.
    class Lease {
    public:
        Lease() = default;

        Lease(ConnectionPool& pool, Origin& origin, std::unique_ptr<Connection> c)
            : connection(std::move(c)), pool_(&pool), origin_(&origin) {}

        Lease(Lease&& other) noexcept
            : connection(std::move(other.connection)), pool_(std::exchange(other.pool_, nullptr)),
              origin_(other.origin_) {}

        Lease& operator=(Lease&& other) noexcept {
            Lease old(std::move(*this));
            connection = std::move(other.connection);
            pool_ = std::exchange(other.pool_, nullptr);
            origin_ = other.origin_;
            return *this;
        }

        ~Lease() {
            if (pool_)
                pool_->give_up(*origin_);
        }

        explicit operator bool() const noexcept { return pool_ != nullptr; }

        std::unique_ptr<Connection> connection;

    private:
        friend class ConnectionPool;
        ConnectionPool* pool_ = nullptr;
        Origin* origin_ = nullptr;
    };

private:
    struct Waiter {
        std::shared_ptr<Parking> parking;
        Lease granted;
    };

public:
    /// A place in the queue, left when it dies. It doesn't move.
    class Ticket {
    public:
        Ticket() = default;
        Ticket(Ticket const&) = delete;
        Ticket& operator=(Ticket const&) = delete;

        ~Ticket() {
            if (pool_)
                pool_->leave(*this);
        }

    private:
        friend class ConnectionPool;
        ConnectionPool* pool_ = nullptr;
        Origin* origin_ = nullptr;
        Waiter waiter_;
    };

    explicit ConnectionPool(std::size_t most) : most_(most) {}

    ConnectionPool(ConnectionPool const&) = delete;
    ConnectionPool& operator=(ConnectionPool const&) = delete;

    /// A place, with a resting connection if there is one; nothing when all are in use or somebody
    /// waits already.
    Lease try_acquire(HttpOrigin const& to, Clock::time_point now) {
        std::vector<std::unique_ptr<Connection>> expired;
        std::lock_guard const lock(mutex_);
        auto& origin = find(to);
        if (!origin.waiting.empty())
            return {};
        if (auto connection = pop(origin, now, expired))
            return Lease(*this, origin, std::move(connection));
        if (origin.open >= most_)
            return {};
        ++origin.open;
        return Lease(*this, origin, nullptr);
    }

    /// Fills a place whose connection turned out to be dead with another resting one, if there is.
    bool refill(Lease& lease, Clock::time_point now) {
        std::vector<std::unique_ptr<Connection>> expired;
        lease.connection.reset();
        std::lock_guard const lock(mutex_);
        lease.connection = pop(*lease.origin_, now, expired);
        if (lease.connection)
            --lease.origin_->open; // two places became one
        return lease.connection != nullptr;
    }

    /// Gets in line. `parking` is woken when `take` has something.
    Lease enqueue(
        HttpOrigin const& to,
        Ticket& ticket,
        std::shared_ptr<Parking> parking,
        Clock::time_point now
    ) {
        if (auto lease = try_acquire(to, now))
            return lease;
        std::lock_guard const lock(mutex_);
        auto& origin = find(to);
        ticket.pool_ = this;
        ticket.origin_ = &origin;
        ticket.waiter_.parking = std::move(parking);
        origin.waiting.push_back(&ticket.waiter_);
        serve(origin); // a place may have become free meanwhile
        return {};
    }

    /// What the queue has given to this ticket, or nothing yet.
    Lease take(Ticket& ticket) {
        std::lock_guard const lock(mutex_);
        if (ticket.waiter_.granted)
            ticket.pool_ = nullptr;
        return std::move(ticket.waiter_.granted);
    }

    /// The connection can carry another request: to the next in line, or to rest.
    void give_back(Lease lease, Clock::time_point now) {
        std::vector<std::unique_ptr<Connection>> expired;
        std::lock_guard const lock(mutex_);
        auto& origin = *lease.origin_;
        lease.pool_ = nullptr;
        origin.resting.push_back(std::move(lease.connection));
        if (!origin.waiting.empty())
            return serve(origin);
        // The oldest stand first: what has rested too long needn't hold its socket until asked for.
        auto const fresh = std::find_if(origin.resting.begin(), origin.resting.end(), [&](auto& c) {
            return c->usable_until > now;
        });
        origin.open -= static_cast<std::size_t>(fresh - origin.resting.begin());
        std::move(origin.resting.begin(), fresh, std::back_inserter(expired));
        origin.resting.erase(origin.resting.begin(), fresh);
    }

    struct Counts {
        std::size_t open = 0, resting = 0, waiting = 0;
    };

    Counts counts() const {
        std::lock_guard const lock(mutex_);
        Counts sum;
        for (auto const& origin : origins_) {
            sum.open += origin->open;
            sum.resting += origin->resting.size();
            sum.waiting += origin->waiting.size();
        }
        return sum;
    }

    /// Closes what rests.
    void clear() {
        std::vector<std::unique_ptr<Connection>> closed;
        std::lock_guard const lock(mutex_);
        for (auto& origin : origins_) {
            origin->open -= origin->resting.size();
            std::move(origin->resting.begin(), origin->resting.end(), std::back_inserter(closed));
            origin->resting.clear();
        }
    }

private:
    Origin& find(HttpOrigin const& to) {
        for (auto& origin : origins_)
            if (origin->is(to))
                return *origin;
        constexpr std::size_t many = 32;
        if (origins_.size() >= many)
            std::erase_if(origins_, [](auto& o) { return o->open == 0 && o->waiting.empty(); });
        return *origins_.emplace_back(std::make_unique<Origin>(to));
    }

    std::unique_ptr<Connection> pop(
        Origin& origin, Clock::time_point now, std::vector<std::unique_ptr<Connection>>& expired
    ) {
        if (origin.resting.empty())
            return nullptr;
        auto connection = std::move(origin.resting.back());
        origin.resting.pop_back();
        if (connection->usable_until > now)
            return connection;
        // The server may allow one connection less than another: look at all of them.
        expired.push_back(std::move(connection));
        --origin.open;
        return pop(origin, now, expired);
    }

    /// Gives what is free to those who wait.
    void serve(Origin& origin) {
        while (!origin.waiting.empty() && (!origin.resting.empty() || origin.open < most_)) {
            auto& waiter = *origin.waiting.front();
            origin.waiting.pop_front();
            std::unique_ptr<Connection> connection;
            if (origin.resting.empty()) {
                ++origin.open;
            } else {
                connection = std::move(origin.resting.back());
                origin.resting.pop_back();
            }
            waiter.granted = Lease(*this, origin, std::move(connection));
            waiter.parking->wake();
        }
    }

    void give_up(Origin& origin) {
        std::lock_guard const lock(mutex_);
        --origin.open;
        serve(origin);
    }

    void leave(Ticket& ticket) {
        Lease unused; // destroyed after the lock is released
        std::lock_guard const lock(mutex_);
        std::erase(ticket.origin_->waiting, &ticket.waiter_);
        unused = std::move(ticket.waiter_.granted);
    }

    std::size_t const most_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Origin>> origins_;
};

} // namespace hilum::inline HILUM_ABI::detail
