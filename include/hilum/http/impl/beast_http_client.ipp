// SPDX-License-Identifier: BSL-1.0
// The one instantiation of production of hilum/http/beast_http_client.hpp, which includes this file
// or leaves it to hilum/src.hpp.

#include <hilum/http/custom_network.hpp>
#include <hilum/http/system_network.hpp>

namespace hilum::inline HILUM_ABI {

static_assert(HttpClient<BeastHttpClient>);

#ifdef HILUM_SEPARATE_COMPILATION
template class BasicBeastHttpClient<SystemNetwork>;
#endif

} // namespace hilum::inline HILUM_ABI
