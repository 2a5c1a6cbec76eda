// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/basic_beast_http_client.hpp>
#include <hilum/testing/simulated_network.hpp>

#include <memory>

namespace hilum::inline HILUM_ABI {

/// The real client over a simulated network: the code of production in virtual time.
///
/// @code
/// Simulation simulation(7);
/// WireSimulator simulator(simulation.executor(), options);
/// simulator.serve(simulation.network(), "https://api.openai.com");
/// SimulatedHttpClient http(simulation.network());
/// auto reply = simulation.run(OpenAiService(http, config).generate_text("Say hello."));
/// @endcode
using SimulatedHttpClient = BasicBeastHttpClient<SimulatedNetwork>;

#ifdef HILUM_SEPARATE_COMPILATION
// Member by member: the constructor that makes a network from an executor isn't for this one.
extern template SimulatedHttpClient::BasicBeastHttpClient(
    std::unique_ptr<SimulatedNetwork>, HttpClientOptions
);
extern template Task<Result<HttpResponse>>
SimulatedHttpClient::send(CallContext&, HttpRequest const&);
extern template Environment SimulatedHttpClient::environment() const;
extern template ConnectionCounts SimulatedHttpClient::connections() const;
extern template void SimulatedHttpClient::close_resting();
#endif

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/simulated_http_client.ipp>
#endif
