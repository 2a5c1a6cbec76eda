// SPDX-License-Identifier: BSL-1.0
// labels: threads
// Many calls at once on four threads: on a strand of the caller's, and on one that the facade
// makes.
#include <hilum/model/any_service.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>
#include <hilum/policy/retry/retry_policy.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

/// Goes through the scheduler a few times; writes into a context that only its call may touch.
class Busy : public ServiceFacade<Busy> {
    class Source final : public TextSource {
    public:
        Task<Result<std::optional<TextDelta>>> next(CallContext& cx) override {
            auto const executor = co_await asio::this_coro::executor;
            if (!detail::is_serial(executor))
                co_return Error(errc::invalid_configuration, "not serial");
            co_await asio::post(executor, asio::use_awaitable);
            ++cx.attempt;
            std::optional<TextDelta> out;
            if (left_-- > 0)
                out.emplace("a");
            co_return out;
        }

    private:
        int left_ = 3;
    };

public:
    explicit Busy(int every = 0) : every_(every), calls_(std::make_shared<std::atomic<int>>(0)) {}

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const {
        auto const executor = co_await asio::this_coro::executor;
        if (!detail::is_serial(executor))
            co_return Error(errc::invalid_configuration, "not serial");
        for (int i = 0; i < 3; ++i) {
            co_await asio::post(executor, asio::use_awaitable);
            cx.refresh_credentials = !cx.refresh_credentials;
        }
        int const number = ++*calls_;
        if (every_ != 0 && number % every_ == 0)
            co_return Error(errc::throttled);
        co_return TextReply(op.prompt.value());
    }

    Task<Result<TextStream>> handle(CallContext& cx, StreamText const&) const {
        co_return TextStream(cx, std::make_unique<Source>());
    }

private:
    int every_;
    std::shared_ptr<std::atomic<int>> calls_;
};

int constexpr calls = 400;

template <class Service>
Task<bool> talk(Service service) {
    auto const reply = co_await service.generate_text("hello", CallOptions().timeout(60s));
    co_return reply && reply->text == "hello";
}

template <class Service>
Task<bool> listen(Service service) {
    auto stream = co_await service.stream_text("hello", CallOptions().timeout(60s));
    if (!stream)
        co_return false;
    for (;;) {
        auto const delta = co_await stream->next();
        if (!delta)
            co_return false;
        if (!*delta)
            co_return stream->text() == "aaa";
    }
}

/// How many of so many tasks answered, on four threads.
template <class Make>
int answered(bool strands, Make make) {
    asio::thread_pool pool(4);
    std::atomic<int> good = 0;
    auto const count = [&good](std::exception_ptr e, bool ok) { good += !e && ok ? 1 : 0; };
    for (int i = 0; i < calls; ++i) {
        asio::any_io_executor executor = pool.get_executor();
        if (strands)
            executor = asio::make_strand(executor);
        asio::co_spawn(executor, make(), count);
    }
    pool.join();
    return good;
}

} // namespace

TEST_CASE("threads: one guarded service, called by four threads") {
    auto const service = RetryPolicy{.max_attempts = 5, .budget = {.enabled = false}} |
                         CircuitBreakerPolicy() | TimeoutPolicy{30s} | Busy(50);
    CHECK(answered(false, [&] { return talk(service); }) == calls);
    CHECK(answered(true, [&] { return talk(service); }) == calls);
}

TEST_CASE("threads: streams go on where they were opened") {
    auto const service =
        RetryPolicy() | CircuitBreakerPolicy() | TimeoutPolicy{.limit = 30s, .idle = 30s} | Busy();
    CHECK(answered(false, [&] { return listen(service); }) == calls);
    CHECK(answered(true, [&] { return listen(service); }) == calls);
}

TEST_CASE("threads: a bare service, and one whose type is forgotten") {
    Busy const bare;
    CHECK(answered(false, [&] { return talk(bare); }) == calls);
    CHECK(answered(false, [&] { return listen(bare); }) == calls);
    AnyModelService const any(TimeoutPolicy{30s} | Busy());
    CHECK(answered(false, [&] { return talk(any); }) == calls);
    CHECK(answered(false, [&] { return listen(any); }) == calls);
}

TEST_CASE("threads: calls that are cancelled by another thread") {
    class Idle : public ServiceFacade<Idle> {
    public:
        Task<Result<TextReply>> handle(CallContext& cx, GenerateText const&) const {
            bool const slept = co_await sleep_until(cx.clock(), Clock::never);
            (void)slept;
            co_return Error(errc::cancelled);
        }
    };

    auto const service = RetryPolicy() | CircuitBreakerPolicy() | TimeoutPolicy{60s} | Idle();
    asio::thread_pool pool(4);
    std::atomic<int> cancelled = 0;
    for (int i = 0; i < calls; ++i) {
        auto const strand = asio::make_strand(pool.get_executor());
        auto signal = std::make_shared<asio::cancellation_signal>();
        asio::co_spawn(
            strand,
            service.generate_text("hello"),
            asio::bind_cancellation_slot(
                signal->slot(),
                [&cancelled, signal](std::exception_ptr e, Result<TextReply> const& reply) {
                    cancelled += !e && reply.has_error() && reply.error() == errc::cancelled;
                }
            )
        );
        asio::post(strand, [signal] { signal->emit(asio::cancellation_type::terminal); });
    }
    pool.join();
    CHECK(cancelled == calls);
}
