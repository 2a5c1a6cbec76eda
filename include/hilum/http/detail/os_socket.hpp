// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cerrno>
#include <cstddef>
#include <sys/socket.h>

namespace hilum::inline HILUM_ABI::detail {

/// Whether a connection that should be silent is: the peer has neither closed nor sent anything.
inline bool os_is_quiet(int socket) noexcept {
    char byte = 0;
    auto const n = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/// Sends what the kernel takes without waiting. 0 also for an error: the next send says which.
inline std::size_t os_try_send(int socket, void const* data, std::size_t size) noexcept {
    auto const n = ::send(socket, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return n < 0 ? 0 : static_cast<std::size_t>(n);
}

/// Ends both directions; the descriptor stays valid, so another thread may be using it.
inline void os_shut(int socket) noexcept { ::shutdown(socket, SHUT_RDWR); }

} // namespace hilum::inline HILUM_ABI::detail
