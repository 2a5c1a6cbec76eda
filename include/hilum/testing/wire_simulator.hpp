// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/environment.hpp>
#include <hilum/core/task.hpp>
#include <hilum/testing/faults.hpp>
#include <hilum/testing/simulated_network.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// One request that a `WireSimulator` got, and what it did with it.
class WireRecord {
public:
    WireRecord() = default;

    std::size_t number = 0; ///< from 1, in the order of arrival
    std::string method;     ///< "POST"
    std::string target;     ///< "/v1/chat/completions", as it was written
    std::string fault;      ///< the faults that it met, "delay,status:429"; empty for none
    unsigned status = 0;    ///< of the answer, 0 when there was none
    std::size_t body_size = 0;
    std::string body; ///< kept only if `keep_bodies`
    /// Header lines as they came; kept only if `keep_bodies`.
    std::vector<std::pair<std::string, std::string>> headers;
};

/// How a `WireSimulator` behaves.
class WireSimulatorOptions {
public:
    WireSimulatorOptions() = default;

    std::uint64_t seed = 1; ///< of its answers and of faults with a probability
    FaultPlan faults;
    std::string api_key = "test-key"; ///< bearer key, for both protocols
    /// Access key ids with their secrets: by default the two that AWS uses in its documentation.
    std::vector<std::pair<std::string, std::string>> aws_keys = {
        {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};
    std::uint32_t max_header = 16 * 1024;     ///< bytes; more is answered with 431
    std::uint64_t max_body = 8 * 1024 * 1024; ///< bytes; more is answered with 413
    std::size_t max_records = 100'000;        ///< records kept; later ones are only counted
    bool keep_bodies = false;
    /// PEM files; with both, `listen` speaks TLS.
    std::string certificate_file, key_file;
    Environment environment; ///< whose clock delays follow
    /// Called for each request before its answer goes out; from the session's executor.
    std::function<void(WireRecord const&)> on_request;
};

/// A stand-in for the providers that speaks their protocols: OpenAI's chat completions (streamed
/// too), embeddings and models, and Bedrock's Converse and InvokeModel.
///
/// @code
/// WireSimulator simulator(co_await asio::this_coro::executor);
/// simulator.listen();                                          // a port of its own on loopback
/// OpenAiConfig config(simulator.url() + "/v1", "test-key");
///
/// Simulation world;                                            // or in memory, in virtual time
/// WireSimulator simulator(world.executor(), options);
/// simulator.serve(world.network(), "https://api.openai.com");
/// @endcode
///
/// It checks the key (`test-key`) and computes each SigV4 signature anew. Its answers look like a
/// model's, depend on the prompt and the seed only, and quote the pseudonyms that they were sent,
/// some in another case or in markdown. What goes wrong is scripted (`FaultPlan`). Models whose id
/// begins with "missing" don't exist.
///
/// Thread safety: all functions may be called from any thread. Destruction stops it: sessions end
/// soon, on their executors.
class WireSimulator {
public:
    explicit WireSimulator(asio::any_io_executor executor, WireSimulatorOptions options = {});
    ~WireSimulator();
    WireSimulator(WireSimulator const&) = delete;
    WireSimulator& operator=(WireSimulator const&) = delete;

    /// Listens on 127.0.0.1 only; 0 picks a port. Throws `ConfigurationError` for a port that is
    /// taken or files that can't be used.
    void listen(std::uint16_t port = 0);

    /// "http://127.0.0.1:49152": what a base URL begins with. Empty before `listen`. With TLS the
    /// host is the one that the certificate names.
    std::string url() const;

    /// Answers the connections to an origin of a simulated network.
    void serve(SimulatedNetwork& network, std::string_view url);

    /// Answers one connection: for a server of one's own.
    Task<void> session(SimulatedStream stream);

    /// Accepts no more and ends what is going on.
    void stop();

    /// Requests so far.
    std::size_t requests() const;
    std::vector<WireRecord> records() const;

    /// Other faults from the next request on; they count from there.
    void script(FaultPlan faults);

private:
    class State;

    std::shared_ptr<State> state_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/wire_simulator.ipp>
#endif
