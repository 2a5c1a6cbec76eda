// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/resolver.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/http/detail/cancellation.hpp>
#include <hilum/http/detail/os_resolve.hpp>
#include <hilum/http/detail/parking.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace hilum::inline HILUM_ABI {

class SystemResolver::State : public std::enable_shared_from_this<State> {
public:
    using Addresses = std::vector<asio::ip::address>;

    State(ResolverOptions options, Lookup lookup)
        : options_(options), lookup_(lookup ? lookup : &detail::os_resolve) {}

    /// One who waits; it deregisters when it dies.
    class Waiter {
    public:
        Waiter(std::shared_ptr<State> state, std::string const& host, detail::Parking& parking)
            : state_(std::move(state)), host_(host), parking_(parking) {}

        Waiter(Waiter const&) = delete;
        Waiter& operator=(Waiter const&) = delete;

        ~Waiter() {
            std::lock_guard const lock(state_->mutex_);
            auto const found = state_->entries_.find(host_);
            if (found != state_->entries_.end())
                std::erase(found->second.waiters, this);
        }

        boost::system::error_code ec;
        Addresses addresses;

    private:
        friend class State;
        std::shared_ptr<State> state_;
        std::string const& host_;
        detail::Parking& parking_;
        bool answered_ = false;
    };

    /// True when the answer is in the waiter already; otherwise it will be put there and woken.
    bool ask(Waiter& waiter, Clock::time_point now) {
        std::lock_guard const lock(mutex_);
        auto found = entries_.find(waiter.host_);
        if (found != entries_.end() && !found->second.looking && found->second.until <= now) {
            entries_.erase(found);
            found = entries_.end();
        }
        if (found == entries_.end()) {
            if (!make_room(now)) {
                waiter.ec = asio::error::host_not_found_try_again;
                return true;
            }
            found = entries_.try_emplace(waiter.host_).first;
            queue_.push_back(waiter.host_);
            if (threads_ < options_.max_threads)
                start_thread();
        }
        auto& entry = found->second;
        if (entry.looking) {
            entry.waiters.push_back(&waiter);
            return false;
        }
        waiter.addresses = entry.addresses;
        waiter.ec = entry.ec;
        return true;
    }

    /// Whether the answer has come.
    bool answered(Waiter const& waiter) {
        std::lock_guard const lock(mutex_);
        return waiter.answered_;
    }

private:
    struct Entry {
        bool looking = true;
        boost::system::error_code ec;
        Addresses addresses;
        Clock::time_point until{};
        std::vector<Waiter*> waiters;
    };

    void start_thread() {
        ++threads_;
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
        } catch (std::system_error const&) {
            --threads_; // another one, or the next question, will do it
        }
    }

    void work() {
        std::unique_lock lock(mutex_);
        while (!queue_.empty()) {
            std::string const host = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            Addresses addresses;
            auto const ec = lookup_(host, addresses);
            auto const now = Clock().now(); // names live in real time
            lock.lock();
            auto& entry = entries_[host];
            entry.looking = false;
            entry.ec = ec;
            entry.until = Clock::after(now, ec ? options_.negative_ttl : options_.positive_ttl);
            // Under the lock, because a waiter that is gone has taken its context with it.
            for (auto* waiter : entry.waiters) {
                waiter->ec = ec;
                waiter->addresses = addresses;
                waiter->answered_ = true;
                waiter->parking_.wake();
            }
            entry.waiters.clear();
            entry.addresses = std::move(addresses);
        }
        --threads_;
    }

    bool make_room(Clock::time_point now) {
        if (entries_.size() < options_.max_entries)
            return true;
        std::erase_if(entries_, [&](auto& e) {
            return !e.second.looking && e.second.until <= now;
        });
        for (auto at = entries_.begin();
             entries_.size() >= options_.max_entries && at != entries_.end();)
            at = at->second.looking ? std::next(at) : entries_.erase(at);
        return entries_.size() < options_.max_entries;
    }

    ResolverOptions const options_;
    Lookup const lookup_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::deque<std::string> queue_;
    std::size_t threads_ = 0;
};

HILUM_DECL SystemResolver::SystemResolver(ResolverOptions options, Lookup lookup)
    : state_(std::make_shared<State>(options, lookup)) {}

HILUM_DECL Task<Result<Endpoints>> SystemResolver::resolve(
    CallContext& cx, std::string host, std::uint16_t port, Clock::time_point deadline
) {
    auto const state = state_;
    auto const cancel_state = co_await asio::this_coro::cancellation_state;
    detail::Cancellation const cancelled(cancel_state);
    auto executor = co_await asio::this_coro::executor;
    auto const parking = std::make_shared<detail::Parking>(executor, cx.clock());
    State::Waiter waiter(state, host, *parking);
    if (!state->ask(waiter, Clock().now())) {
        if (cancelled())
            co_return Error(errc::cancelled).with(Delivery::not_sent);
        co_await parking->async_wait_until(deadline, detail::as_result);
        if (!state->answered(waiter)) {
            if (cancelled())
                co_return Error(errc::cancelled).with(Delivery::not_sent);
            co_return Error(errc::timeout, "resolving the host name took too long")
                .with(Delivery::not_sent);
        }
    }
    auto ec = waiter.ec;
    auto const& addresses = waiter.addresses;
    if (!ec && addresses.empty())
        ec = asio::error::host_not_found;
    if (ec)
        co_return Error(errc::connection_failed, "can't resolve " + host + ": " + ec.message());
    Endpoints endpoints;
    endpoints.reserve(addresses.size());
    for (auto const& address : addresses)
        endpoints.emplace_back(address, port);
    co_return endpoints;
}

} // namespace hilum::inline HILUM_ABI
