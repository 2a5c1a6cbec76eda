// SPDX-License-Identifier: BSL-1.0
//
// The main job: FHIR patient records go through the PHI filter, retries, a breaker, deadlines and
// the audit to a model service, and the answers come back. With no URL it talks to a simulator in
// this process, over real sockets, once as OpenAI and once as Bedrock.
//
// test: -> 0 : 4 answered, 0 reported
// test: --help -> 0 : usage
// test: --no-such-option -> 1 : usage
// test: {tmp}/missing.json -> 1 : can't read
// test: --faults --audit {tmp}/audit.jsonl --sent {tmp}/sent.jsonl -> 2 : 3 answered, 1 reported
// test: --faults=stall@1 -> 2 : reported
// test: --openai http://127.0.0.1:1/v1 -> 2 : connection_failed

#include <hilum.hpp>
#include <hilum/testing/sample_records.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <boost/json.hpp>

#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <unistd.h>

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr char const* usage =
    "usage: patient_summary [--openai URL | --bedrock URL] [--model ID] [--faults[=SPEC]]\n"
    "                       [--audit FILE] [--sent FILE] [BUNDLE.json...]\n"
    "\n"
    "Summarises the patients of FHIR R4 bundles; two made-up ones if none is given.\n"
    "\n"
    "  --openai URL    an OpenAI-compatible base URL; the key is OPENAI_API_KEY\n"
    "  --bedrock URL   a Bedrock base URL; credentials and region come from the AWS_* variables\n"
    "                  (with neither: a simulator in this process, as both)\n"
    "  --model ID      the model to ask\n"
    "  --faults[=SPEC] what the simulator does wrong; see docs/simulator.md for SPEC\n"
    "  --audit FILE    append the disclosure records to FILE, as JSON lines\n"
    "  --sent FILE     write each request body as it went out to FILE, one a line\n"
    "\n"
    "Exit code: 0 all answered, 1 usage or start, 2 some failed and were reported.\n";

// One throttled call, one whose connection breaks after it was sent, and enough failures in a row
// to open a breaker, which recovers.
constexpr char const* default_faults = "throttle:200@1,reset@3,status:503;retry-after-ms=50@4-6";

constexpr char instruction[] = // an array: a literal may leave, run-time text may not

    "Summarise this patient's findings for the treating physician in three sentences. "
    "Refer to the patient by id.";

struct Options {
    Options() = default;

    std::string openai, bedrock, model, audit, sent;
    std::optional<std::string> faults;
    std::vector<std::string> bundles;
    bool help = false;
};

std::string read_arguments(std::span<char*> arguments, Options& out) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const name = arguments[i];
        auto const value = [&](std::string& into) {
            if (i + 1 < arguments.size())
                into = arguments[++i];
            return !into.empty();
        };
        bool complete = true;
        if (name == "--help" || name == "-h")
            out.help = true;
        else if (name == "--openai")
            complete = value(out.openai);
        else if (name == "--bedrock")
            complete = value(out.bedrock);
        else if (name == "--model")
            complete = value(out.model);
        else if (name == "--audit")
            complete = value(out.audit);
        else if (name == "--sent")
            complete = value(out.sent);
        else if (name == "--faults")
            out.faults = default_faults;
        else if (name.starts_with("--faults="))
            out.faults = name.substr(9);
        else if (name.starts_with("-"))
            return "unknown option: " + std::string(name);
        else
            out.bundles.emplace_back(name);
        if (!complete)
            return std::string(name) + " wants a value";
    }
    if (!out.openai.empty() && !out.bedrock.empty())
        return "--openai and --bedrock exclude each other";
    if (out.faults && !(out.openai.empty() && out.bedrock.empty()))
        return "--faults is for the simulator in this process; a service at a URL has its own";
    return {};
}

// ---- what left: an HTTP client in front of the real one, which keeps the body of each request
// ----

class SentLog {
public:
    explicit SentLog(std::string const& path) {
        if (path.empty())
            return;
        file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file_ < 0)
            throw ConfigurationError("--sent", "can't write this file");
    }

    SentLog(SentLog const&) = delete;

    ~SentLog() {
        if (file_ >= 0)
            ::close(file_);
    }

    bool keep(std::string_view body) {
        last_ = body;
        auto const line = last_ + "\n";
        return file_ < 0 ||
               ::write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    }

    std::string const& last() const { return last_; }

private:
    std::string last_;
    int file_ = -1;
};

class RecordingClient {
public:
    static constexpr bool honours_deadline = true;

    RecordingClient(BeastHttpClient http, std::shared_ptr<SentLog> sent)
        : http_(std::move(http)), sent_(std::move(sent)) {}

    Task<Result<HttpResponse>> send(CallContext& cx, HttpRequest const& request) {
        if (!sent_->keep(request.body))
            co_return Error(errc::audit_failed, "the body could not be kept, so nothing was sent");
        co_return co_await http_.send(cx, request);
    }

    Environment environment() const { return http_.environment(); }

private:
    BeastHttpClient http_;
    std::shared_ptr<SentLog> sent_;
};

// ---- what a person sees ----

class Screen {
public:
    Screen() : terminal_(::isatty(STDOUT_FILENO) != 0) {}

    std::string bold(std::string_view text) const { return paint("1", text); }

    std::string dim(std::string_view text) const { return paint("2", text); }

    std::string green(std::string_view text) const { return paint("32", text); }

    std::string yellow(std::string_view text) const { return paint("33", text); }

    std::string red(std::string_view text) const { return paint("31", text); }

    void working(std::string_view what) const {
        if (terminal_)
            std::cout << "    " << dim(what) << " ..." << std::flush;
    }

    void line(std::string_view text) const {
        std::cout << (terminal_ ? "\r\033[K" : "") << text << std::endl;
    }

    // Breaks a text into lines of at most 88 columns.
    void paragraph(std::string_view text, std::string_view indent) const {
        while (!text.empty()) {
            auto end = std::min(std::min(text.find('\n'), text.size()), std::size_t(88));
            if (end == 88 && text.size() > 88)
                if (auto const space = text.rfind(' ', 88);
                    space != std::string_view::npos && space)
                    end = space;
            line(std::string(indent) + std::string(text.substr(0, end)));
            text.remove_prefix(end);
            while (!text.empty() && (text.front() == ' ' || text.front() == '\n'))
                text.remove_prefix(1);
        }
    }

private:
    std::string paint(char const* code, std::string_view text) const {
        if (!terminal_)
            return std::string(text);
        return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
    }

    bool terminal_;
};

// What happened on the way, in words; and the counts for the end.
class Story {
public:
    explicit Story(Screen const& screen) : screen_(screen) {}

    void on(EventView const& event, CallContext const&) {
        auto const text = [&](std::string_view name) {
            for (auto const& field : event.fields())
                if (field.name == name)
                    if (auto const* value = std::get_if<std::string_view>(&field.value))
                        return std::string(*value);
            return std::string();
        };
        auto const number = [&](std::string_view name) -> std::int64_t {
            for (auto const& field : event.fields())
                if (field.name == name)
                    if (auto const* value = std::get_if<std::int64_t>(&field.value))
                        return *value;
            return 0;
        };
        if (event.name() == "retry_scheduled") {
            ++retries;
            note(
                "attempt " + std::to_string(number("attempt")) + ": " + text("error") +
                ", again in " + std::to_string(number("delay_us") / 1000) + " ms"
            );
        } else if (event.name() == "circuit_state_changed") {
            opened += text("to") == "open";
            recovered += text("to") == "closed";
            note("breaker '" + text("circuit") + "': " + text("from") + " -> " + text("to"));
        } else if (event.name() == "call_finished")
            attempts = number("attempts");
        else if (event.name() == "phi_tokens_restored")
            restored = number("restored");
    }

    std::int64_t retries = 0, attempts = 0, restored = 0;
    int opened = 0, recovered = 0;

private:
    void note(std::string const& what) { screen_.line("      " + screen_.yellow(what)); }

    Screen const& screen_;
};

// The block of JSON with a patient's fields, found in the body that really went out.
std::string what_left(std::string const& body) {
    boost::system::error_code ec;
    auto const sent = json::parse(body, ec);
    auto const* text = sent.find_pointer("/messages/0/content", ec);
    for (std::string_view const path : {"/messages/1/content", "/messages/0/content/0/text"})
        if (!text || !text->is_string())
            text = sent.find_pointer(path, ec);
    if (!text || !text->is_string())
        return "(nothing)";
    std::string_view const prompt = text->get_string();
    auto const block = prompt.find("\n\n");
    auto const fields = json::parse(prompt.substr(std::min(block + 2, prompt.size())), ec);
    if (ec || !fields.is_object())
        return "(the instruction only)";
    std::string out;
    for (auto const& [name, value] : fields.get_object()) {
        if (!out.empty())
            out += ", ";
        if (value.is_array())
            out += std::to_string(value.get_array().size()) + " ";
        out += name == "_audit" ? "audit note" : std::string(name);
        if (value.is_int64() || value.is_string())
            out += " " + json::serialize(value);
    }
    return out;
}

std::string what_stayed(Patient const& patient) {
    std::string out = "name, birth date";
    out += ", " + std::to_string(patient.known->size()) + " identifiers and references";
    for (auto const& [kind, count] : patient.left_out)
        out += ", " + std::to_string(count) + " " + kind;
    return out;
}

// ---- the job ----

struct Record {
    Record(std::string l, Patient p) : label(std::move(l)), patient(std::move(p)) {}

    std::string label; // where it stands, not whose it is
    Patient patient;
};

struct Work {
    Work(std::size_t s, std::size_t r) : service(s), record(r) {}

    std::size_t service, record;
};

class Job {
public:
    Job(Screen const& screen, std::shared_ptr<SentLog> sent)
        : story(std::make_shared<Story>(screen)), screen_(screen), sent_(std::move(sent)) {}

    std::vector<Record> records;
    std::vector<std::pair<std::string, AnyPhiSafeService<Patient>>> services;
    std::shared_ptr<Story> story;
    int answered = 0, reported = 0;

    Task<void> run() {
        std::vector<Work> work;
        for (std::size_t i = 0; i < records.size(); ++i)
            for (std::size_t k = 0; k < services.size(); ++k)
                work.emplace_back(k, i);
        // What was refused for now is tried again later, when the breaker lets a probe pass.
        for (int pass = 1; pass <= passes && !work.empty(); ++pass) {
            std::vector<Work> later;
            Clock::duration pause{};
            for (auto& item : work) {
                auto const error = co_await summarise(item, pass);
                if (!error)
                    ++answered;
                else if (pass < passes && may_come_later(*error)) {
                    pause = std::max<Clock::duration>(pause, error->retry_after().value_or(0ms));
                    later.push_back(std::move(item));
                } else
                    ++reported;
            }
            work = std::move(later);
            if (work.empty())
                break;
            screen_.line(
                "\n  " + std::to_string(work.size()) + " not done; again in " +
                std::to_string(pause / 1ms) + " ms"
            );
            Clock const clock;
            co_await sleep_until(clock, clock.now() + pause + 1ms);
        }
    }

private:
    static constexpr int passes = 4;

    // What was refused for now; never what was sent with an unknown effect.
    static bool may_come_later(Error const& error) {
        return error == condition::transient && error.delivery() != Delivery::unknown;
    }

    Task<std::optional<Error>> summarise(Work const& work, int pass) {
        auto const& record = records[work.record];
        auto const& [provider, service] = services[work.service];
        screen_.line("\n  " + screen_.bold(record.label) + "  ->  " + provider);
        screen_.working("asking");
        auto const started = Clock().now();
        auto call = CallOptions()
                        .actor("patient_summary")
                        .purpose("summary")
                        .subject("record-" + std::to_string(work.record + 1));
        auto about_patient =
            about(record.patient).only("id", "age", "conditions", "medications", "biometrics");
        auto const reply = co_await service.generate_text(
            instruction, std::move(about_patient), TextOptions(400), std::move(call)
        );
        auto const took = std::to_string((Clock().now() - started) / 1ms) + " ms";
        std::optional<Error> failed;
        if (!reply) {
            failed = reply.error();
            bool const later = pass < passes && may_come_later(*failed);
            screen_.line(
                "    " + (later ? screen_.yellow("not now") : screen_.red("reported")) + "   " +
                failed->message()
            );
            if (failed->delivery() == Delivery::unknown)
                screen_.line("               sent, and nobody knows its effect: not repeated");
            co_return failed;
        }
        screen_.line("    left       " + what_left(sent_->last()));
        screen_.line("    stayed     " + what_stayed(record.patient));
        screen_.line(
            "    " + screen_.green("answered") + "   in " + took + ", " +
            std::to_string(story->attempts) + (story->attempts == 1 ? " attempt" : " attempts") +
            ", " + std::to_string(story->restored) + " tokens turned back"
        );
        screen_.paragraph(
            reply->reveal("shown to the person who runs this example").text, "      | "
        );
        co_return failed;
    }

    Screen const& screen_;
    std::shared_ptr<SentLog> sent_;
};

std::vector<Record> read_records(Options const& options, Screen const& screen, int& reported) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (auto const& path : options.bundles) {
        std::ifstream file(path, std::ios::binary);
        if (!file)
            throw ConfigurationError("BUNDLE.json", "can't read " + path);
        texts.emplace_back(
            path.substr(path.find_last_of('/') + 1),
            std::string(std::istreambuf_iterator<char>(file), {})
        );
    }
    std::vector<Record> out;
    auto const add = [&](std::string const& label, std::string_view text) {
        auto bundle = read_fhir_bundle(text);
        if (!bundle) {
            ++reported;
            screen.line(
                "  " + label + "  " + screen.red("reported") + "  " + bundle.error().message()
            );
            return;
        }
        for (auto& patient : bundle->patients)
            out.emplace_back("record " + std::to_string(out.size() + 1), std::move(patient));
        if (bundle->patients.empty()) {
            ++reported;
            screen.line("  " + label + "  " + screen.red("reported") + "  holds no patient");
        }
    };
    for (std::size_t i = 0; i < texts.size(); ++i)
        add("bundle " + std::to_string(i + 1), texts[i].second);
    if (texts.empty())
        for (std::size_t i = 0; i < sample_bundles().size(); ++i)
            add("sample " + std::to_string(i + 1), sample_bundles()[i]);
    return out;
}

int summarise_all(Options const& options) {
    asio::io_context io{1};
    Screen screen;
    auto sent = std::make_shared<SentLog>(options.sent);
    Job job(screen, sent);

    std::optional<WireSimulator> simulator;
    OpenAiConfig openai = OpenAiConfig::from_environment().model("gpt-4.1-mini");
    BedrockConfig bedrock = BedrockConfig::from_environment();
    bedrock.model("anthropic.claude-3-haiku-20240307-v1:0").api(bedrock::Api::converse);
    if (options.openai.empty() && options.bedrock.empty()) {
        WireSimulatorOptions how;
        if (options.faults) {
            auto plan = FaultPlan::parse(*options.faults);
            if (!plan)
                throw ConfigurationError("--faults", std::string(plan.error().text()));
            how.faults = *plan;
        }
        simulator.emplace(io.get_executor(), how);
        simulator->listen();
        openai.api_key(Secret("test-key")).base_url(simulator->url() + "/v1");
        bedrock.endpoint(simulator->url())
            .region("us-east-1")
            .credentials(aws::StaticCredentials(
                aws::Credentials("AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
            ));
    }
    if (!options.openai.empty())
        openai.base_url(options.openai);
    if (!options.bedrock.empty())
        bedrock.endpoint(options.bedrock);
    if (!options.model.empty())
        openai.model(options.model), bedrock.model(options.model);

    // Small figures, so that a person sees a breaker open and recover; see docs/policies.md for
    // those of production.
    StandardPolicies policies;
    policies.total = 20s;
    policies.attempt = options.faults ? Clock::duration(2s) : Clock::duration(15s);
    policies.retry.backoff.base = 50ms;

    auto const journal = [&]() -> std::shared_ptr<AnyAuditStore> {
        if (options.audit.empty())
            return std::make_shared<AnyAuditStore>(std::make_shared<MemoryJournal>());
        auto file = FileJournal::open(options.audit);
        if (!file)
            throw ConfigurationError("--audit", file.error().message());
        return std::make_shared<AnyAuditStore>(*file);
    }();
    RecordingClient http(BeastHttpClient(io), sent);
    auto const guard = [&](std::string const& name, auto service) {
        policies.breaker = CircuitBreakerPolicy().failures(3).open_for(500ms).named(name);
        auto guarded = TelemetryPolicy(job.story) | standard(std::move(service), journal, policies);
        screen.line("  " + screen.bold(name) + " is guarded by");
        screen.paragraph(describe(guarded).text(), "    ");
        job.services.emplace_back(name, std::move(guarded));
    };

    screen.line(screen.bold("patient_summary") + "  what may leave, guarded, and what came back\n");
    if (options.bedrock.empty())
        guard("openai", OpenAiService(http, openai));
    if (options.openai.empty())
        guard("bedrock", BedrockService(http, bedrock));
    job.records = read_records(options, screen, job.reported);

    std::exception_ptr failure;
    asio::co_spawn(io, job.run(), [&](std::exception_ptr e) {
        failure = std::move(e);
        if (simulator)
            simulator->stop();
        io.stop();
    });
    io.run();
    if (failure)
        std::rethrow_exception(failure);

    auto const& story = *job.story;
    screen.line(
        "\n" + screen.bold("summary") + "  " + std::to_string(job.answered) + " answered, " +
        std::to_string(job.reported) + " reported; " + std::to_string(story.retries) +
        " retries, breaker opened " + std::to_string(story.opened) + " and recovered " +
        std::to_string(story.recovered) + " times"
    );
    if (!options.audit.empty())
        screen.line("  disclosures are recorded in " + options.audit);
    if (!options.sent.empty())
        screen.line("  what left stands in " + options.sent);
    return job.reported == 0 ? 0 : 2;
}

} // namespace

int main(int argc, char* argv[]) {
    Options options;
    std::span<char*> const arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    if (auto const wrong = read_arguments(arguments, options); !wrong.empty()) {
        std::cerr << "patient_summary: " << wrong << "\n\n" << usage;
        return 1;
    }
    if (options.help) {
        std::cout << usage;
        return 0;
    }
    try {
        return summarise_all(options);
    } catch (std::exception const& e) {
        std::cerr << "patient_summary: " << e.what() << '\n';
        return 1;
    }
}
