// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cerrno>
#include <cstddef>
#include <span>
#include <sys/random.h>
#include <system_error>

// POSIX-only: getrandom(2), Linux 3.17 and glibc 2.25.
namespace hilum::inline HILUM_ABI::detail {

inline void os_random(std::span<std::byte> out) {
    while (!out.empty()) {
        ssize_t const n = ::getrandom(out.data(), out.size(), 0);
        if (n > 0)
            out = out.subspan(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "getrandom");
    }
}

} // namespace hilum::inline HILUM_ABI::detail
