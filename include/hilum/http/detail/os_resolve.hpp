// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// Blocks until the operating system has resolved a host name, in its order of preference.
inline boost::system::error_code os_resolve(
    std::string const& host, std::vector<asio::ip::address>& addresses
) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    int const failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    switch (failed) {
    case 0:
        break;
    case EAI_AGAIN:
        return asio::error::host_not_found_try_again;
    case EAI_FAIL:
        return asio::error::no_recovery;
    case EAI_MEMORY:
        return asio::error::no_memory;
    case EAI_SYSTEM:
        return {errno, boost::system::system_category()};
    default:
        return asio::error::host_not_found;
    }
    for (auto const* a = list; a; a = a->ai_next) {
        if (a->ai_family == AF_INET && a->ai_addrlen >= sizeof(sockaddr_in)) {
            sockaddr_in in{};
            std::memcpy(&in, a->ai_addr, sizeof in);
            addresses.emplace_back(asio::ip::address_v4(ntohl(in.sin_addr.s_addr)));
        } else if (a->ai_family == AF_INET6 && a->ai_addrlen >= sizeof(sockaddr_in6)) {
            sockaddr_in6 in{};
            std::memcpy(&in, a->ai_addr, sizeof in);
            asio::ip::address_v6::bytes_type bytes;
            std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
            addresses.emplace_back(asio::ip::address_v6(bytes, in.sin6_scope_id));
        }
    }
    ::freeaddrinfo(list);
    return {};
}

} // namespace hilum::inline HILUM_ABI::detail
