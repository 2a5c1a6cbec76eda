// SPDX-License-Identifier: BSL-1.0
// labels: threads
#include <hilum/model/guarded.hpp>
#include <hilum/model/text.hpp>
#include <hilum/policies.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <deque>
#include <memory>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// Hops over the executor once and fails now and then.
class Busy {
public:
    struct State {
        std::atomic<int> inside{0}, most{0}, calls{0};
    };

    static constexpr bool honours_deadline = true;

    Busy() : state_(std::make_shared<State>()) {}

    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const {
        auto& s = *state_;
        int const n = ++s.inside;
        int seen = s.most;
        while (n > seen && !s.most.compare_exchange_weak(seen, n)) {
        }
        auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        --s.inside;
        if (++s.calls % 7 == 0)
            co_return Error(errc::connection_failed);
        co_return TextReply("hello");
    }

    State& state() const { return *state_; }

private:
    std::shared_ptr<State> state_;
};

} // namespace

TEST_CASE("four threads, one guarded service: bounded, nobody lost, nobody forgotten") {
    asio::thread_pool pool(4);
    Busy const busy;
    auto const service = RetryPolicy{.max_attempts = 5, .backoff = {.base = 0s}} |
                         CircuitBreakerPolicy{}.failures(1000) | TimeoutPolicy{60s} |
                         BulkheadPolicy{.max_concurrent = 3, .max_queue = 1000} | busy;
    constexpr int calls = 400;
    std::atomic<int> ended{0}, cancelled{0};
    std::deque<asio::cancellation_signal> signals(calls);
    for (int i = 0; i < calls; ++i) {
        auto& signal = signals[static_cast<std::size_t>(i)];
        auto strand = asio::make_strand(pool.get_executor());
        auto done = [&](std::exception_ptr e, Result<TextReply> reply) {
            ++ended;
            cancelled += e || (reply.has_error() && reply.error() == errc::cancelled);
        };
        asio::co_spawn(
            strand,
            service.call(CallContext(), GenerateText("hello")),
            asio::bind_cancellation_slot(signal.slot(), std::move(done))
        );
        if (i % 5 == 0)
            asio::post(strand, [&signal] { signal.emit(asio::cancellation_type::terminal); });
    }
    pool.join();
    CHECK(ended == calls);
    CHECK(busy.state().most <= 3);
    CHECK(busy.state().inside == 0);
    CHECK(service.layer<3>().bulkhead().in_flight() == 0);
    CHECK(service.layer<3>().bulkhead().waiting() == 0);
}
