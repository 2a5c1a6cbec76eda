// SPDX-License-Identifier: BSL-1.0
//
// What one chat call costs: written by hand with Beast, through hilum's bare adapter, and through
// hilum with everything that `standard` puts in front of it. All of them in one run, in turns,
// against one server in a process of its own, because figures of different runs on a shared machine
// can't be compared. docs/performance.md says how to read them.

#include <hilum.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/beast_calls.hpp"
#include "support/canned_server.hpp"
#include "support/certificate.hpp"
#include "support/chat.hpp"
#include "support/mallocs.hpp"
#include "support/measure.hpp"

using namespace hilum;

namespace {

constexpr char const* usage =
    "usage: bench_call [--rounds N] [--calls N] [--only PART] [--client PART] [--json]\n"
    "\n"
    "  --rounds N     how often all clients take their turns, there and back (default 5)\n"
    "  --calls N      calls of one turn, after a tenth more that isn't counted (default 3000)\n"
    "  --only PART    only the settings whose name contains this: sequential, concurrent, tcp, "
    "tls\n"
    "  --client PART  only the clients whose name contains this: beast, bare, standard\n"
    "  --json         one JSON object instead of tables\n";

class Options {
public:
    Options() = default;

    int rounds = 5, calls = 3000;
    std::string only, client;
    bool as_json = false;
};

/// The audit's work without its disk: what is measured is the way of a call.
class CountingStore {
public:
    Result<void> write(AuditRecord const& record) {
        line_.clear();
        record.append_json(line_);
        bytes_ += line_.size();
        return {};
    }

private:
    std::string line_;
    std::size_t bytes_ = 0;
};

//[bare
/// The adapter alone.
auto bare(BeastHttpClient const& http, OpenAiConfig const& config) {
    return OpenAiService(http, config);
}

//]

//[guarded
/// What the examples use: filter, total limit, retry, breaker, limit of an attempt, audit.
auto guarded(BeastHttpClient const& http, OpenAiConfig const& config) {
    return standard(OpenAiService(http, config), std::make_shared<CountingStore>());
}

//]

std::string_view text_of(TextReply const& reply) { return reply.text; }

std::string_view text_of(Phi<TextReply> const& reply) {
    return reply.reveal("compared with what the benchmark's server says").text;
}

template <class Service>
class HilumCalls {
public:
    explicit HilumCalls(Service service) : service_(std::move(service)) {}

    Task<bool> call(std::size_t) {
        TextOptions options(bench::max_tokens);
        options = std::move(options).system(bench::system_text);
        auto const reply = co_await service_.generate_text(bench::user_text, std::move(options));
        if (!reply)
            throw std::runtime_error(reply.error().message());
        co_return text_of(*reply) == bench::answer_text;
    }

private:
    Service service_;
};

/// A setting in which all clients are measured.
class Setting {
public:
    Setting(std::string n, std::size_t c, bool t) : name(std::move(n)), concurrency(c), tls(t) {}

    std::string name;
    std::size_t concurrency;
    bool tls;
};

class Client {
public:
    Client(std::string name, std::function<void(int)> r)
        : samples(std::move(name)), run(std::move(r)) {}

    bench::Samples samples;
    std::function<void(int)> run; ///< so many calls
};

class Bench {
public:
    Bench(Options const& options, Setting const& setting, std::uint16_t port, std::string ca_file)
        : options_(options), setting_(setting), port_(port), ca_file_(std::move(ca_file)) {}

    std::vector<bench::Samples> run() {
        HttpClientOptions http_options;
        http_options.max_connections(setting_.concurrency).tls(TlsOptions().ca_file(ca_file_));
        BeastHttpClient const http(io_, http_options);
        OpenAiConfig config(Secret(bench::api_key), bench::model);
        config.base_url(
            (setting_.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
            "/v1"
        );
        if (setting_.tls)
            add("beast", beast_calls<bench::TlsStream>());
        else
            add("beast", beast_calls<bench::PlainStream>());
        add("hilum, bare",
            std::make_shared<HilumCalls<decltype(bare(http, config))>>(bare(http, config)));
        add("hilum, standard",
            std::make_shared<HilumCalls<decltype(guarded(http, config))>>(guarded(http, config)));

        if (clients_.empty())
            throw std::runtime_error("no client has that in its name");
        for (int round = 0; round < options_.rounds; ++round) {
            for (auto& client : clients_)
                turn(client);
            std::for_each(clients_.rbegin(), clients_.rend(), [this](Client& c) { turn(c); });
        }
        std::vector<bench::Samples> out;
        for (auto& client : clients_)
            out.push_back(std::move(client.samples));
        return out;
    }

private:
    template <class Stream>
    std::shared_ptr<bench::BeastCalls<Stream>> beast_calls() {
        return std::make_shared<bench::BeastCalls<Stream>>(
            io_, setting_.concurrency, port_, ca_file_
        );
    }

    template <class Calls>
    void add(std::string name, std::shared_ptr<Calls> calls) {
        if (name.find(options_.client) == std::string::npos)
            return;
        clients_.emplace_back(std::move(name), [this, calls](int count) { spend(*calls, count); });
    }

    void turn(Client& client) {
        client.run(options_.calls / 10 + 1);
        latencies_.clear();
        bench::Stretch const stretch(bench::mallocs);
        client.run(options_.calls);
        client.samples.list.push_back(stretch.end(latencies_));
    }

    template <class Calls>
    Task<void> worker(Calls& calls, std::size_t who, int& left) {
        while (left-- > 0) {
            auto const started = bench::Stretch::now();
            bool const right = co_await calls.call(who);
            std::chrono::duration<double, std::micro> const took = bench::Stretch::now() - started;
            if (!right)
                throw std::runtime_error("an answer isn't what the server sent");
            latencies_.push_back(took.count());
        }
    }

    template <class Calls>
    void spend(Calls& calls, int count) {
        latencies_.reserve(static_cast<std::size_t>(options_.calls));
        std::exception_ptr failure;
        for (std::size_t who = 0; who < setting_.concurrency; ++who)
            asio::co_spawn(io_, worker(calls, who, count), [&](std::exception_ptr e) {
                if (e)
                    failure = std::move(e);
            });
        io_.restart();
        io_.run();
        if (failure)
            std::rethrow_exception(failure);
    }

    Options const& options_;
    Setting const& setting_;
    std::uint16_t port_;
    std::string ca_file_;
    asio::io_context io_{1};
    std::vector<Client> clients_;
    std::vector<double> latencies_;
};

void print(Setting const& setting, std::vector<bench::Samples> const& results) {
    std::printf(
        "\n%s\n%-18s%10s%10s%10s%10s%10s%10s\n",
        setting.name.c_str(),
        "client",
        "CPU us",
        "(median)",
        "x first",
        "mallocs",
        "p50 us",
        "p99 us"
    );
    using bench::Sample;
    double const reference = results.front().best(&Sample::cpu_us);
    for (auto const& samples : results)
        std::printf(
            "%-18s%10.2f%10.2f%10.2f%10.2f%10.1f%10.1f\n",
            samples.name.c_str(),
            samples.best(&Sample::cpu_us),
            samples.median(&Sample::cpu_us),
            samples.best(&Sample::cpu_us) / reference,
            samples.best(&Sample::mallocs),
            samples.best(&Sample::p50_us),
            samples.best(&Sample::p99_us)
        );
    std::fflush(stdout);
}

json::object to_json(Setting const& setting, std::vector<bench::Samples> const& results) {
    json::object out;
    out["setting"] = setting.name;
    out["concurrency"] = setting.concurrency;
    out["tls"] = setting.tls;
    double const reference = results.front().best(&bench::Sample::cpu_us);
    json::array clients;
    for (auto const& samples : results) {
        auto client = samples.to_json();
        client["cpu_ratio"] = samples.best(&bench::Sample::cpu_us) / reference;
        clients.push_back(std::move(client));
    }
    out["clients"] = std::move(clients);
    return out;
}

bool read_count(std::string_view text, int& out) {
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() && out > 0 && out <= 1000000;
}

bool read_arguments(std::span<char*> arguments, Options& out) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const name = arguments[i];
        if (name == "--json") {
            out.as_json = true;
            continue;
        }
        if (i + 1 == arguments.size())
            return false;
        std::string_view const value = arguments[++i];
        if (name == "--only")
            out.only = value;
        else if (name == "--client")
            out.client = value;
        else if (name != "--rounds" && name != "--calls")
            return false;
        else if (!read_count(value, name == "--rounds" ? out.rounds : out.calls))
            return false;
    }
    return true;
}

void run_all(Options const& options) {
    auto const answer = bench::answer();
    bench::Certificate const certificate;
    bench::CannedServer const plain(answer, nullptr);
    bench::CannedServer const tls(answer, certificate.server_context());
    json::array all;
    for (auto const& setting :
         {Setting("sequential, tcp", 1, false),
          Setting("64 concurrent, tcp", 64, false),
          Setting("sequential, tls", 1, true),
          Setting("64 concurrent, tls", 64, true)}) {
        if (setting.name.find(options.only) == std::string::npos)
            continue;
        auto const& server = setting.tls ? tls : plain;
        // One after the other, both ends on one core: waking an idle one costs more than the call.
        bench::pin(0, 0);
        bench::pin(server.process(), setting.concurrency == 1 ? 0 : 1);
        auto const results = Bench(options, setting, server.port(), certificate.file()).run();
        if (options.as_json)
            all.push_back(to_json(setting, results));
        else
            print(setting, results);
    }
    if (options.as_json)
        std::cout << json::serialize(all) << std::endl;
}

} // namespace

int main(int argc, char* argv[]) {
    Options options;
    std::span<char*> const arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    if (!read_arguments(arguments, options)) {
        std::cerr << usage;
        return 1;
    }
    try {
        run_all(options);
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "bench_call: " << e.what() << '\n';
        return 1;
    }
}
