// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <atomic>
#include <memory>

namespace hilum::inline HILUM_ABI::detail {

/// Keeps one object from one use to the next, with the memory that it owns. Who finds none makes
/// one.
///
/// @code
/// auto buffer = spare.take();
/// if (!buffer)
///     buffer = std::make_unique<std::string>();
/// ...
/// spare.put(std::move(buffer));
/// @endcode
///
/// Thread safety: safe, without a lock.
template <class T>
class Spare {
public:
    Spare() = default;
    Spare(Spare const&) = delete;
    Spare& operator=(Spare const&) = delete;

    ~Spare() { delete kept_.load(std::memory_order_acquire); }

    /// What is kept, or null.
    std::unique_ptr<T> take() noexcept {
        return std::unique_ptr<T>(kept_.exchange(nullptr, std::memory_order_acquire));
    }

    /// Keeps it instead of what was kept.
    void put(std::unique_ptr<T> object) noexcept {
        delete kept_.exchange(object.release(), std::memory_order_acq_rel);
    }

private:
    std::atomic<T*> kept_{nullptr};
};

} // namespace hilum::inline HILUM_ABI::detail
