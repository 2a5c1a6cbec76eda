// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/task.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <stdexcept>
#include <string>

#include "catch.hpp"

using namespace hilum;

namespace {

Task<std::string> hello() {
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    co_return "hello";
}

Task<void> note(bool& done) {
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    done = true;
}

Task<int> failing() {
    throw std::runtime_error("it failed");
    co_return 0;
}

/// Suspends, and forgets who would resume it.
Task<int> abandoned() {
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        [](auto handler) { (void)handler; }, asio::use_awaitable
    );
    co_return 0;
}

} // namespace

TEST_CASE("task: run gives back what the task gives") {
    CHECK(run(hello()) == "hello");
    bool done = false;
    run(note(done));
    CHECK(done);
}

TEST_CASE("task: run gives back what can only be moved") {
    auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
    CHECK(*run(make()) == 7);
}

TEST_CASE("task: run throws what the task throws") {
    CHECK_THROWS_AS(run(failing()), std::runtime_error);
}

TEST_CASE("task: a task starts when it is awaited or spawned, not before") {
    bool done = false;
    {
        auto task = note(done);
        CHECK(!done);
    }
    CHECK(!done);
}

TEST_CASE("task: run says so when a task can never end") {
    CHECK_THROWS_AS(run(abandoned()), std::logic_error);
}
