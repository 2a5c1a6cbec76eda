// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Runs a few small threads in every order in which they can interleave.
///
/// Code under test takes its atomics from a template parameter and is given `Stepped`. Each
/// operation on one is a step; before each, any thread may be the next one to run. `explore` goes
/// depth-first through all schedules with at most so many preemptions (switches away from a thread
/// that could go on), each in a fresh world: CHESS (Musuvathi, Qadeer, PLDI 2007) in one page. It
/// explores sequential consistency; weaker memory orders are for ThreadSanitizer and for review.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ucontext.h>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#    include <sanitizer/common_interface_defs.h>
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        include <sanitizer/common_interface_defs.h>
#        define __SANITIZE_ADDRESS__ 1
#    endif
#endif

namespace hilum_test {

class Explorer {
public:
    using Thread = std::function<void()>;

    static constexpr int unlimited = 1 << 30;

    /// Calls `world` for each schedule, which gives the threads to run, and `done` after it.
    /// Returns the number of schedules.
    std::uint64_t explore(
        int preemptions,
        std::function<std::vector<Thread>()> const& world,
        std::function<void()> const& done
    ) {
        preemptions_ = preemptions;
        path_.clear();
        std::uint64_t schedules = 0;
        do {
            run(world());
            done();
            ++schedules;
        } while (next_path());
        return schedules;
    }

    /// The next thread's turn, perhaps.
    static void step() {
        if (active_ && active_->current_ >= 0)
            active_->yield();
    }

    /// Which thread runs; -1 outside of all.
    static int current() { return active_ ? active_->current_ : -1; }

    std::uint64_t steps() const { return steps_; }

private:
    struct Fiber {
        ucontext_t context{};
        std::unique_ptr<char[]> stack = std::make_unique<char[]>(stack_size);
        Thread body;
        bool over = true;
        void* fake_stack = nullptr;
    };

    /// One point at which the next thread was chosen.
    struct Choice {
        std::vector<int> options;
        std::size_t taken = 0;
    };

    static constexpr std::size_t stack_size = 128 * 1024;

    void run(std::vector<Thread> threads) {
        while (fibers_.size() < threads.size())
            fibers_.push_back(std::make_unique<Fiber>());
        for (std::size_t i = 0; i < fibers_.size(); ++i) {
            auto& fiber = *fibers_[i];
            fiber.over = i >= threads.size();
            if (fiber.over)
                continue;
            fiber.body = std::move(threads[i]);
            getcontext(&fiber.context);
            fiber.context.uc_stack.ss_sp = fiber.stack.get();
            fiber.context.uc_stack.ss_size = stack_size;
            fiber.context.uc_link = nullptr;
            makecontext(&fiber.context, &Explorer::enter, 0);
        }
        at_ = 0;
        used_ = 0;
        current_ = -1;
        active_ = this;
        current_ = choose();
        switch_to(main_, main_fake_stack_, *fibers_[static_cast<std::size_t>(current_)]);
        active_ = nullptr;
        current_ = -1;
    }

    static void enter() {
        auto* const self = active_;
        self->arrived(nullptr);
        auto& fiber = *self->fibers_[static_cast<std::size_t>(self->current_)];
        fiber.body();
        fiber.body = nullptr;
        fiber.over = true;
        int const next = self->choose();
        self->current_ = next;
        if (next < 0)
            self->leave_to_main();
        else
            self->switch_to(
                fiber.context, fiber.fake_stack, *self->fibers_[static_cast<std::size_t>(next)]
            );
    }

    void yield() {
        ++steps_;
        int const next = choose();
        if (next == current_)
            return;
        auto& from = *fibers_[static_cast<std::size_t>(current_)];
        current_ = next;
        switch_to(from.context, from.fake_stack, *fibers_[static_cast<std::size_t>(next)]);
    }

    /// Follows the path, or extends it with its first option.
    int choose() {
        if (at_ == path_.size()) {
            Choice choice;
            bool const can_go_on =
                current_ >= 0 && !fibers_[static_cast<std::size_t>(current_)]->over;
            if (can_go_on)
                choice.options.push_back(current_);
            if (!can_go_on || used_ < preemptions_)
                for (int i = 0; i < static_cast<int>(fibers_.size()); ++i)
                    if (!fibers_[static_cast<std::size_t>(i)]->over && i != current_)
                        choice.options.push_back(i);
            path_.push_back(std::move(choice));
        }
        auto const& choice = path_[at_++];
        if (choice.options.empty())
            return -1;
        int const next = choice.options[choice.taken];
        if (current_ >= 0 && next != current_ && !fibers_[static_cast<std::size_t>(current_)]->over)
            ++used_;
        return next;
    }

    bool next_path() {
        while (!path_.empty()) {
            auto& last = path_.back();
            if (last.taken + 1 < last.options.size()) {
                ++last.taken;
                return true;
            }
            path_.pop_back();
        }
        return false;
    }

#ifdef __SANITIZE_ADDRESS__
    void switch_to(ucontext_t& from, void*& fake_stack, Fiber& to) {
        bool const dying = &from != &main_ && from_is_over(from);
        __sanitizer_start_switch_fiber(dying ? nullptr : &fake_stack, to.stack.get(), stack_size);
        swapcontext(&from, &to.context);
        arrived(fake_stack);
    }

    void leave_to_main() {
        auto& fiber_context = scratch_;
        __sanitizer_start_switch_fiber(nullptr, main_stack_, main_stack_size_);
        swapcontext(&fiber_context, &main_);
    }

    void arrived(void* fake_stack) {
        void const* bottom = nullptr;
        std::size_t size = 0;
        __sanitizer_finish_switch_fiber(fake_stack, &bottom, &size);
        if (!main_stack_) {
            main_stack_ = bottom;
            main_stack_size_ = size;
        }
    }

    bool from_is_over(ucontext_t const& context) const {
        for (auto const& fiber : fibers_)
            if (&fiber->context == &context)
                return fiber->over;
        return false;
    }

    void const* main_stack_ = nullptr;
    std::size_t main_stack_size_ = 0;
#else
    void switch_to(ucontext_t& from, void*&, Fiber& to) { swapcontext(&from, &to.context); }

    void leave_to_main() { swapcontext(&scratch_, &main_); }

    void arrived(void*) {}
#endif

    static inline Explorer* active_ = nullptr;

    int preemptions_ = 0, used_ = 0, current_ = -1;
    std::uint64_t steps_ = 0;
    std::size_t at_ = 0;
    std::vector<Choice> path_;
    std::vector<std::unique_ptr<Fiber>> fibers_;
    ucontext_t main_{}, scratch_{};
    void* main_fake_stack_ = nullptr;
};

/// An atomic whose every operation is a step of an `Explorer`. `on_write` sees each change.
template <class T>
class Stepped {
public:
    using Listener = std::function<void(Stepped const&, T from, T to)>;

    Stepped() = default;

    explicit Stepped(T value) : value_(value) {}

    T load(std::memory_order) const {
        Explorer::step();
        return value_;
    }

    T fetch_add(T by, std::memory_order) {
        Explorer::step();
        T const old = value_;
        value_ = static_cast<T>(value_ + by);
        if (on_write())
            on_write()(*this, old, value_);
        return old;
    }

    bool compare_exchange_strong(
        T& expected, T desired, std::memory_order, std::memory_order = std::memory_order_seq_cst
    ) {
        Explorer::step();
        if (value_ != expected) {
            expected = value_;
            return false;
        }
        value_ = desired;
        if (on_write())
            on_write()(*this, expected, desired);
        return true;
    }

    bool compare_exchange_weak(T& expected, T desired, std::memory_order order) {
        return compare_exchange_strong(expected, desired, order);
    }

    static Listener& on_write() {
        static Listener listener;
        return listener;
    }

private:
    T value_{};
};

} // namespace hilum_test
