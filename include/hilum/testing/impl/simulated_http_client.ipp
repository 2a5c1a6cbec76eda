// SPDX-License-Identifier: BSL-1.0
// The instantiation of hilum/testing/simulated_http_client.hpp, which includes this file or leaves
// it to hilum/src.hpp.

#include <hilum/http/custom_network.hpp>
#include <hilum/http/http_client.hpp>

namespace hilum::inline HILUM_ABI {

static_assert(Network<SimulatedNetwork>);
static_assert(HttpClient<SimulatedHttpClient>);

#ifdef HILUM_SEPARATE_COMPILATION
template SimulatedHttpClient::BasicBeastHttpClient(
    std::unique_ptr<SimulatedNetwork>, HttpClientOptions
);
template Task<Result<HttpResponse>> SimulatedHttpClient::send(CallContext&, HttpRequest const&);
template Environment SimulatedHttpClient::environment() const;
template ConnectionCounts SimulatedHttpClient::connections() const;
template void SimulatedHttpClient::close_resting();
#endif

} // namespace hilum::inline HILUM_ABI
