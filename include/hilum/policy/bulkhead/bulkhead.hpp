// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// How many calls may be on their way at once, and how many may wait for that.
struct BulkheadOptions {
    /// 1 to a million.
    int max_concurrent = 16;
    /// 0 to a million; 0: who can't go at once is refused.
    int max_queue = 64;
};

/// Throws `ConfigurationError` for what can't work, and names the field.
inline void validate(BulkheadOptions const& options) {
    if (options.max_concurrent < 1 || options.max_concurrent > 1'000'000)
        throw ConfigurationError("bulkhead.max_concurrent", "must be 1 to 1000000");
    if (options.max_queue < 0 || options.max_queue > 1'000'000)
        throw ConfigurationError("bulkhead.max_queue", "must be 0 to 1000000");
}

/// Permits with a fair queue, first come, first served: whoever comes while somebody waits, waits
/// behind him. Usable alone; knows no executor.
///
/// @code
/// if (bulkhead.try_enter()) {
///     work();
///     bulkhead.leave();
/// }
/// @endcode
///
/// Who can't enter at once derives from `Waiter` and enqueues it. A permit that comes free goes to
/// the first waiter, not to whoever runs fastest. Thread safety: safe; `granted` is called without
/// the lock, on the thread that left.
class Bulkhead {
public:
    /// One who waits. Settled exactly once: by `granted`, or by `withdraw`.
    class Waiter {
    public:
        virtual ~Waiter() = default;

        /// The permit is yours; wake up whoever waits. Any thread; must not throw.
        virtual void granted() noexcept = 0;

    private:
        friend Bulkhead;
        enum class Place { nowhere, queued, inside };
        Place place_ = Place::nowhere; // guarded by the bulkhead's mutex
    };

    enum class Admission {
        inside, ///< at once
        queued, ///< `granted` will be called
        full,   ///< neither
    };

    explicit Bulkhead(BulkheadOptions options = {})
        : options_((validate(options), options)), free_(options.max_concurrent) {}

    Bulkhead(Bulkhead const&) = delete;
    Bulkhead& operator=(Bulkhead const&) = delete;

    /// A permit, if one is free and nobody waits for it.
    bool try_enter() noexcept {
        std::lock_guard const lock(mutex_);
        return take();
    }

    /// Whether one more may wait now.
    bool has_room() const noexcept {
        std::lock_guard const lock(mutex_);
        return queue_.size() < static_cast<std::size_t>(options_.max_queue);
    }

    /// A permit at once, or a place in the queue.
    Admission enter(std::shared_ptr<Waiter> waiter) {
        std::lock_guard const lock(mutex_);
        if (take()) {
            waiter->place_ = Waiter::Place::inside;
            return Admission::inside;
        }
        if (queue_.size() >= static_cast<std::size_t>(options_.max_queue))
            return Admission::full;
        queue_.push_back(waiter);
        waiter->place_ = Waiter::Place::queued;
        return Admission::queued;
    }

    /// Whether the waiter has its permit.
    bool inside(Waiter const& waiter) const noexcept {
        std::lock_guard const lock(mutex_);
        return waiter.place_ == Waiter::Place::inside;
    }

    /// Gives up waiting: leaves the queue, or passes on the permit that came in the meantime.
    void withdraw(Waiter& waiter) noexcept {
        bool has_permit = false;
        {
            std::lock_guard const lock(mutex_);
            has_permit = waiter.place_ == Waiter::Place::inside;
            if (waiter.place_ == Waiter::Place::queued)
                queue_.erase(std::find_if(queue_.begin(), queue_.end(), [&](auto const& w) {
                    return w.get() == &waiter;
                }));
            waiter.place_ = Waiter::Place::nowhere;
        }
        if (has_permit)
            leave();
    }

    /// Gives a permit back: to the first waiter if there is one.
    void leave() noexcept {
        std::shared_ptr<Waiter> next;
        {
            std::lock_guard const lock(mutex_);
            if (queue_.empty()) {
                ++free_;
                return;
            }
            next = std::move(queue_.front());
            queue_.pop_front();
            next->place_ = Waiter::Place::inside;
        }
        next->granted();
    }

    int in_flight() const noexcept {
        std::lock_guard const lock(mutex_);
        return options_.max_concurrent - free_;
    }

    std::size_t waiting() const noexcept {
        std::lock_guard const lock(mutex_);
        return queue_.size();
    }

    BulkheadOptions const& options() const noexcept { return options_; }

private:
    bool take() noexcept {
        if (free_ == 0 || !queue_.empty())
            return false;
        --free_;
        return true;
    }

    BulkheadOptions options_;
    mutable std::mutex mutex_;
    int free_;
    std::deque<std::shared_ptr<Waiter>> queue_;
};

} // namespace hilum::inline HILUM_ABI
