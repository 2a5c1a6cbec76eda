// SPDX-License-Identifier: BSL-1.0
//
// Sends the same prompt many times and says what it cost: for comparing services, policies and
// clients. The server runs elsewhere, in the `simulator` example for instance.
//
// test: --help -> 0 : usage
// test: -> 1 : usage
// test: --openai http://127.0.0.1:1/v1 --requests nonsense -> 1 : usage
// test: --openai http://127.0.0.1:1/v1 --requests 3 --policies all -> 2 : "failed":3
// test: --bedrock http://127.0.0.1:1 --requests 3 --concurrency 2 -> 2 : "failed":3

#include <hilum.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <sys/resource.h>
#include <vector>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)
#    define COUNT_MALLOCS 1
#else
#    define COUNT_MALLOCS 0
#endif

#if COUNT_MALLOCS
// Every allocation of the process passes here, those of operator new, asio and OpenSSL as well.
namespace {
std::atomic<long> mallocs{0};
}

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
    mallocs.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
    mallocs.fetch_add(1, std::memory_order_relaxed);
    return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
    mallocs.fetch_add(1, std::memory_order_relaxed);
    return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    mallocs.fetch_add(1, std::memory_order_relaxed);
    return __libc_memalign(alignment, size);
}
}
#endif

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr char const* usage =
    "usage: load --openai URL | --bedrock URL [--requests N] [--concurrency N] [--stream]\n"
    "            [--policies none|all]\n"
    "\n"
    "Sends one prompt N times and prints what it cost as one JSON object.\n"
    "\n"
    "  --openai URL     an OpenAI-compatible base URL; key in OPENAI_API_KEY (else test-key)\n"
    "  --bedrock URL    a Bedrock base URL; credentials in the AWS_* variables (else AWS's "
    "example)\n"
    "  --requests N     how many, after a tenth more that isn't counted (default 1000)\n"
    "  --concurrency N  how many at a time (default 1)\n"
    "  --stream         ask for the answer in pieces\n"
    "  --policies       none: the bare adapter; all: filter, timeouts, retry, breaker, audit\n"
    "\n"
    "Exit code: 0 all answered, 1 usage or start, 2 some failed.\n";

constexpr char prompt[] = "Which three questions should a discharge letter answer? One line each.";

struct Options {
    Options() = default;

    std::string openai, bedrock;
    int requests = 1000, concurrency = 1;
    bool stream = false, all_policies = false, help = false;
};

bool read_count(std::string_view text, int& out) {
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() && out > 0;
}

std::string read_arguments(std::span<char*> arguments, Options& out) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const name = arguments[i];
        if (name == "--help" || name == "-h") {
            out.help = true;
            continue;
        }
        if (name == "--stream") {
            out.stream = true;
            continue;
        }
        if (name != "--openai" && name != "--bedrock" && name != "--requests" &&
            name != "--concurrency" && name != "--policies")
            return "unknown option: " + std::string(name);
        if (i + 1 == arguments.size())
            return std::string(name) + " wants a value";
        std::string_view const value = arguments[++i];
        if (name == "--openai")
            out.openai = value;
        else if (name == "--bedrock")
            out.bedrock = value;
        else if (name == "--policies" && (value == "none" || value == "all"))
            out.all_policies = value == "all";
        else if (name == "--policies")
            return "--policies is none or all";
        else if (!read_count(value, name == "--requests" ? out.requests : out.concurrency))
            return std::string(name) + " wants a number above 0";
    }
    if (!out.help && out.openai.empty() == out.bedrock.empty())
        return "exactly one of --openai and --bedrock is needed";
    return {};
}

// The audit's work without its disk: what is measured here is the way of a call.
class CountingJournal {
public:
    Result<void> write(AuditRecord const& record) {
        bytes_ += record.to_json().size();
        return {};
    }

private:
    std::size_t bytes_ = 0;
};

class Measure {
public:
    std::vector<Clock::duration> latencies;
    std::string first_error;
    int failed = 0;

    void start() {
        latencies.clear();
        failed = 0;
        cpu_ = cpu_now();
#if COUNT_MALLOCS
        mallocs_ = mallocs.load();
#endif
        started_ = Clock().now();
    }

    json::object finish(Options const& options) {
        std::chrono::duration<double> const took = Clock().now() - started_;
        double const n = static_cast<double>(latencies.size());
        double const cpu = cpu_now() - cpu_;
#if COUNT_MALLOCS
        json::value const each = static_cast<double>(mallocs.load() - mallocs_) / n;
#else
        json::value const each = nullptr;
#endif
        std::sort(latencies.begin(), latencies.end());
        auto const percentile = [&](double p) {
            auto const at = static_cast<std::size_t>(p * (n - 1));
            return std::chrono::duration<double, std::micro>(latencies[at]).count();
        };
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        json::object out;
        out["requests"] = latencies.size();
        out["failed"] = failed;
        out["concurrency"] = options.concurrency;
        out["policies"] = options.all_policies ? "all" : "none";
        out["stream"] = options.stream;
        out["requests_per_s"] = n / took.count();
        out["latency_us"] = {
            {"p50", percentile(0.5)},
            {"p90", percentile(0.9)},
            {"p99", percentile(0.99)},
            {"max", percentile(1)}};
        out["cpu_us_per_request"] = cpu * 1e6 / n;
        out["mallocs_per_request"] = each;
        out["peak_memory_mib"] = static_cast<double>(used.ru_maxrss) / 1024;
        if (!first_error.empty())
            out["first_error"] = first_error;
        return out;
    }

private:
    static double cpu_now() {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        auto const seconds = [](timeval t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
        };
        return seconds(used.ru_utime) + seconds(used.ru_stime);
    }

    Clock::time_point started_;
    double cpu_ = 0;
    long mallocs_ = 0;
};

template <class Service>
Task<void> worker(Service const& service, int& left, bool stream, Measure& measure) {
    Clock const clock;
    while (left > 0) {
        --left;
        auto const started = clock.now();
        std::optional<Error> error;
        if (!stream) {
            auto reply = co_await service.generate_text(prompt, TextOptions(100));
            if (!reply)
                error = reply.error();
        } else if constexpr (StreamingTextService<Service>) {
            auto pieces = co_await service.stream_text(prompt, TextOptions(100));
            if (!pieces)
                error = pieces.error();
            while (!error) {
                auto delta = co_await pieces->next();
                if (!delta)
                    error = delta.error();
                else if (!*delta)
                    break;
            }
        }
        measure.latencies.push_back(clock.now() - started);
        if (error) {
            ++measure.failed;
            if (measure.first_error.empty())
                measure.first_error = error->message();
        }
    }
}

template <class Service>
int measure(asio::io_context& io, Service const& service, Options const& options) {
    if (options.stream && !StreamingTextService<Service>) {
        std::cerr << "load: --stream: this adapter doesn't stream yet\n";
        return 1;
    }
    Measure result;
    result.latencies.reserve(static_cast<std::size_t>(options.requests));
    for (int const count : {options.requests / 10, options.requests}) {
        int left = count;
        std::exception_ptr failure;
        result.start();
        for (int i = 0; i < options.concurrency; ++i)
            asio::co_spawn(
                io,
                worker(service, left, options.stream, result),
                [&](std::exception_ptr e) {
                    if (e)
                        failure = std::move(e);
                }
            );
        io.restart();
        io.run();
        if (failure)
            std::rethrow_exception(failure);
    }
    std::cout << json::serialize(result.finish(options)) << std::endl;
    return result.failed == 0 ? 0 : 2;
}

template <class Service>
int with_policies(asio::io_context& io, Service service, Options const& options) {
    if (!options.all_policies)
        return measure(io, service, options);
    return measure(io, standard(std::move(service), std::make_shared<CountingJournal>()), options);
}

int run_load(Options const& options) {
    asio::io_context io{1};
    BeastHttpClient http(
        io, HttpClientOptions().max_connections(static_cast<std::size_t>(options.concurrency))
    );
    if (!options.openai.empty()) {
        auto config = OpenAiConfig::from_environment().model("gpt-4.1-mini");
        config.base_url(options.openai);
        if (config.api_key().empty())
            config.api_key(Secret("test-key"));
        return with_policies(io, OpenAiService(http, config), options);
    }
    auto config = BedrockConfig::from_environment();
    config.model("anthropic.claude-3-haiku-20240307-v1:0").endpoint(options.bedrock);
    if (!std::getenv("AWS_ACCESS_KEY_ID") && !std::getenv("AWS_BEARER_TOKEN_BEDROCK"))
        config.region("us-east-1")
            .credentials(aws::StaticCredentials(
                aws::Credentials("AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
            ));
    return with_policies(io, BedrockService(http, config), options);
}

} // namespace

int main(int argc, char* argv[]) {
    Options options;
    std::span<char*> const arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    if (auto const wrong = read_arguments(arguments, options); !wrong.empty()) {
        std::cerr << "load: " << wrong << "\n\n" << usage;
        return 1;
    }
    if (options.help) {
        std::cout << usage;
        return 0;
    }
    try {
        return run_load(options);
    } catch (std::exception const& e) {
        std::cerr << "load: " << e.what() << '\n';
        return 1;
    }
}
