// SPDX-License-Identifier: BSL-1.0
//
// A stand-in for OpenAI and Bedrock on this machine: other programs, in any language, can call it
// with the key "test-key" or with AWS's published example credentials.
//
// test: --help -> 0 : usage
// test: --no-such-option -> 1 : usage
// test: --port 65536 -> 1 : usage
// test: --faults explode -> 1 : unknown kind
// test: --tls {source}/none.pem {source}/none.pem --port 0 -> 1 : certificate_file

#include <hilum/testing/wire_simulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr char const* usage =
    "usage: simulator [--port N] [--tls CERT KEY] [--faults SPEC] [--seed N] [--verbose]\n"
    "\n"
    "Speaks the protocols of OpenAI and AWS Bedrock on 127.0.0.1 until SIGTERM or SIGINT.\n"
    "Accepts the key 'test-key' and AWS's published example credentials.\n"
    "\n"
    "  --port N         the port, 0 picks one (default 8080)\n"
    "  --tls CERT KEY   speak TLS with these PEM files\n"
    "  --faults SPEC    what goes wrong: KIND[:ARG][@N|@N-M|@P%][,...] with the kinds\n"
    "                   status:CODE[;NAME=VALUE...], throttle[:MS], refuse, delay:MS, stall,\n"
    "                   reset[:BYTE], truncate[:BYTES], drip[:MS], malformed\n"
    "  --seed N         decides answers and the faults that have a probability (default 1)\n"
    "  --verbose        one line for each request, never a body\n"
    "\n"
    "  OPENAI_API_KEY=test-key OPENAI_BASE_URL=http://127.0.0.1:8080/v1 your-program\n";

struct Options {
    Options() = default;

    std::uint16_t port = 8080;
    bool verbose = false;
    bool help = false;
    hilum::WireSimulatorOptions simulator;
};

template <class Number>
bool read_number(std::string_view text, Number& out) {
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() && !text.empty();
}

// What is wrong with the arguments; empty when nothing is.
std::string read_arguments(std::span<char* const> arguments, Options& out) {
    auto const next = [&](std::size_t& i) -> std::optional<std::string_view> {
        if (i + 1 >= arguments.size())
            return std::nullopt;
        return std::string_view(arguments[++i]);
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const name = arguments[i];
        if (name == "--help" || name == "-h")
            out.help = true;
        else if (name == "--verbose")
            out.verbose = true;
        else if (name == "--port") {
            auto const value = next(i);
            if (!value || !read_number(*value, out.port))
                return "--port wants a number from 0 to 65535";
        } else if (name == "--seed") {
            auto const value = next(i);
            if (!value || !read_number(*value, out.simulator.seed))
                return "--seed wants a number";
        } else if (name == "--tls") {
            auto const certificate = next(i);
            auto const key = next(i);
            if (!certificate || !key)
                return "--tls wants two files, certificate and key";
            out.simulator.certificate_file = *certificate;
            out.simulator.key_file = *key;
        } else if (name == "--faults") {
            auto const value = next(i);
            if (!value)
                return "--faults wants what should go wrong";
            auto plan = hilum::FaultPlan::parse(*value);
            if (!plan)
                return std::string(plan.error().text());
            out.simulator.faults = *plan;
        } else
            return "unknown option: " + std::string(name);
    }
    return {};
}

} // namespace

int main(int argc, char* argv[]) {
    Options options;
    std::span<char* const> const arguments(
        argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)
    );
    if (auto const wrong = read_arguments(arguments, options); !wrong.empty()) {
        std::cerr << "simulator: " << wrong << "\n\n" << usage;
        return 1;
    }
    if (options.help) {
        std::cout << usage;
        return 0;
    }
    if (options.verbose)
        options.simulator.on_request = [](hilum::WireRecord const& request) {
            std::cout << request.number << ' ' << request.method << ' ' << request.target << " -> "
                      << (request.status ? std::to_string(request.status) : "no answer")
                      << (request.fault.empty() ? "" : " (" + request.fault + ")") << std::endl;
        };
    try {
        boost::asio::io_context io(1);
        boost::asio::signal_set signals(io, SIGINT, SIGTERM);
        signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
        hilum::WireSimulator simulator(io.get_executor(), options.simulator);
        simulator.listen(options.port);
        std::cout << "listening on " << simulator.url() << std::endl;
        io.run();
    } catch (hilum::ConfigurationError const& e) {
        std::cerr << "simulator: " << e.what() << '\n';
        return 1;
    }
    return 0;
}
