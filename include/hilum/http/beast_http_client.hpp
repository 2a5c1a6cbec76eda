// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/basic_beast_http_client.hpp>

namespace hilum::inline HILUM_ABI {

class SystemNetwork;

/// The client of production, over the operating system's sockets; see `BasicBeastHttpClient`.
///
/// @code
/// asio::io_context io;
/// BeastHttpClient client(io, HttpClientOptions().timeout(20s));
/// @endcode
using BeastHttpClient = BasicBeastHttpClient<SystemNetwork>;

#ifdef HILUM_SEPARATE_COMPILATION
extern template class BasicBeastHttpClient<SystemNetwork>;
#endif

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/beast_http_client.ipp>
#endif
