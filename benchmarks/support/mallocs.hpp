// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Counts what a program allocates. Include it in one source of a program, and nowhere else: it
/// replaces the functions of the C library, which operator new, asio and OpenSSL call in the end.

#include <atomic>
#include <cstddef>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#    define HILUM_BENCH_COUNTS_MALLOCS 1
#else
#    define HILUM_BENCH_COUNTS_MALLOCS 0
#endif

namespace bench {

inline std::atomic<long> mallocs{0};

/// Called for each allocation while it isn't null; for looking who allocates.
inline void (*on_malloc)(std::size_t) = nullptr;

inline void note_malloc(std::size_t size) {
    mallocs.fetch_add(1, std::memory_order_relaxed);
    if (on_malloc)
        on_malloc(size);
}

} // namespace bench

#if HILUM_BENCH_COUNTS_MALLOCS
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
    bench::note_malloc(size);
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
    bench::note_malloc(count * size);
    return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
    bench::note_malloc(size);
    return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    bench::note_malloc(size);
    return __libc_memalign(alignment, size);
}
}
#endif
