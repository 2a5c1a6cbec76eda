// SPDX-License-Identifier: BSL-1.0
// What a call allocates: nothing, as long as its layers decide. Counted by standing in for malloc,
// which a sanitizer does itself.
#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>
#include <hilum/policy/retry/retry_policy.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <cstddef>

#include "catch.hpp"
#include "support.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define HILUM_TEST_SANITIZED
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define HILUM_TEST_SANITIZED
#    endif
#endif

#if defined(__GLIBC__) && !defined(HILUM_TEST_SANITIZED)

namespace {

thread_local std::size_t mallocs = 0;

}

extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);

extern "C" void* malloc(std::size_t size) {
    ++mallocs;
    return __libc_malloc(size);
}

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++mallocs;
    return __libc_memalign(alignment, size);
}

using namespace hilum_test;

namespace {

/// Answers at once with a short text, which needs no memory of its own.
class Quick : public ServiceFacade<Quick> {
public:
    static constexpr bool honours_deadline = true;

    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const {
        co_return TextReply("ok");
    }
};

/// Mallocs of a hundred calls, after a few that fill asio's caches.
template <class Service>
Task<std::size_t> mallocs_of_calls(Service service) {
    std::size_t before = 0;
    for (int i = 0; i < 110; ++i) {
        if (i == 10)
            before = mallocs;
        auto const reply = co_await service.generate_text("hello");
        if (!reply)
            co_return 999;
    }
    co_return mallocs - before;
}

/// The same for calls that borrow their context.
template <class Service>
Task<std::size_t> mallocs_of_handles(Service service) {
    CallContext cx;
    GenerateText const op("hello");
    std::size_t before = 0;
    for (int i = 0; i < 110; ++i) {
        if (i == 10)
            before = mallocs;
        auto const reply = co_await service.handle(cx, op);
        if (!reply)
            co_return 999;
    }
    co_return mallocs - before;
}

struct Nothing {
    using policy = deciding;

    struct Visit {
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    Result<Visit> enter(CallContext&) const { return Visit(); }
};

} // namespace

TEST_CASE("mallocs: the counter counts") {
    auto const before = mallocs;
    auto const text = std::make_unique<std::string>(100, 'x');
    CHECK(mallocs == before + 2);
}

// asio 1.81 keeps frames up to 1,020 bytes; those of clang 14, or without optimisation, are larger.
#    if defined(__OPTIMIZE__) && !defined(__clang__)
std::size_t constexpr beyond_the_cache = 0;
#    else
std::size_t constexpr beyond_the_cache = 200;
#    endif

TEST_CASE("mallocs: none for a bare call") {
    CHECK(run(mallocs_of_calls(Quick())) <= beyond_the_cache);
    CHECK(run(mallocs_of_handles(Quick())) == 0);
}

TEST_CASE("mallocs: none for deciding policies, unless the call owns its context") {
    auto const service = RetryPolicy() | CircuitBreakerPolicy() | TimeoutPolicy{10s} | Quick();
    auto const more = Nothing() | Nothing() | Nothing() | Nothing() | Nothing() | RetryPolicy() |
                      CircuitBreakerPolicy() | TimeoutPolicy{10s} | Quick();
    CHECK(run(mallocs_of_handles(service)) <= beyond_the_cache);
    CHECK(run(mallocs_of_handles(more)) <= beyond_the_cache);
    // A frame that owns context and operation has 1.4 kB: one malloc for it, and one for the
    // service's frame, which it drives out of the cache.
    CHECK(run(mallocs_of_calls(service)) <= 200);
    CHECK(run(mallocs_of_calls(more)) <= 200);
}

#endif
