// SPDX-License-Identifier: BSL-1.0
// Code that README.md, docs/quickstart.md and docs/audit.md are cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <iostream>
#include <memory>
#include <string>

#include "catch.hpp"
#include "unit/docs/page.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

void show(std::string const& text) { std::cout << text << '\n'; }

//[readme
Task<int> summarise(asio::io_context& io, std::string fhir_bundle) {
    BeastHttpClient http(io);
    auto journal = FileJournal::open("disclosures.jsonl").value();
    auto config = OpenAiConfig::from_environment().model("gpt-4.1-mini");
    auto service = PhiFilterPolicy{}                // only what is asked for by name
                   | TimeoutPolicy{60s}             // the whole call
                   | RetryPolicy{.max_attempts = 4} // what wasn't sent, or was refused for now
                   | CircuitBreakerPolicy{}         // each attempt is counted
                   | TimeoutPolicy{20s}             // one attempt
                   | AuditPolicy{journal}           // written down before its first byte
                   | OpenAiService(http, config);

    Patient patient = patient_from_bundle(fhir_bundle).value();
    auto reply = co_await service.generate_text(
        "Summarise the findings in three sentences.",
        about(patient).only("age", "conditions"),
        CallOptions{}.actor("dr.lee").purpose("summary")
    );
    if (!reply) {
        std::cerr << reply.error().message() << '\n'; // ours: never what a provider wrote
        co_return 1;
    }
    show(reply->reveal("shown to the treating physician").text);
    co_return 0;
}

//]

//[hello
Task<void> say_hello(asio::io_context& io) {
    BeastHttpClient http(io);
    OpenAiService service(http, OpenAiConfig::from_environment().model("gpt-4.1-mini"));
    auto reply = co_await service.generate_text("Say hello.");
    std::cout << (reply ? reply->text : reply.error().message()) << '\n';
}

//]

//[hello-main
int hello_main() {
    asio::io_context io(1);
    asio::co_spawn(io, say_hello(io), asio::detached);
    io.run();
    return 0;
}

//]

//[callback
void without_coroutines(asio::io_context& io, AnyPhiSafeService<Patient> const& service) {
    asio::co_spawn(
        io,
        service.generate_text("Say hello."),
        [](std::exception_ptr failed, Result<Phi<TextReply>> reply) {
            if (!failed && reply)
                show(reply->reveal("shown to the operator").text);
        }
    );
}

//]

//[providers
template <class Journal>
Providers<BeastHttpClient> start_up(asio::io_context& io, std::shared_ptr<Journal> journal) {
    Providers<BeastHttpClient> providers(BeastHttpClient(io), std::move(journal));
    providers.add("summaries", OpenAiConfig::from_environment().model("gpt-4.1-mini"));
    providers.add("coding", BedrockConfig::from_environment().model("amazon.nova-lite-v1:0"));
    return providers; // providers.get("summaries").generate_text(...)
}

//]

} // namespace

TEST_CASE("docs: the code of the README and the quick start compiles") {
    CHECK(&summarise != nullptr);
    CHECK(&hello_main != nullptr);
    CHECK(&start_up<MemoryJournal> != nullptr);
}

TEST_CASE("docs: a service without a named type, without coroutines") {
    asio::io_context io(1);
    MockModelService mock;
    without_coroutines(io, AnyPhiSafeService<Patient>(PhiFilterPolicy{} | mock));
    io.run();
    CHECK(mock.call_count() == 1);
}

TEST_CASE("docs: the house standard") {
    MockModelService openai;
    auto journal = std::make_shared<MemoryJournal>();
    //[standard
    StandardPolicies policies;
    policies.retry.max_attempts = 5;
    policies.total = 20s;
    auto service = standard(openai, journal, policies);
    std::cout << describe(service).text() << '\n';
    //]
    CHECK(page_says("quickstart.md", describe(service).text()));
    CHECK(describe(service).has("phi_filter"));
    CHECK(describe(service).has("circuit_breaker"));
}

//[own-store
class CountingStore {
public:
    Result<void> write(AuditRecord const& record) {
        if (record.to_json().size() > 64 * 1024)
            return Error(errc::audit_failed, "the record is too long for this store");
        ++records;
        return {};
    }

    std::atomic<int> records = 0; // any thread may write
};

//]

TEST_CASE("docs: an audit store of one's own, and what records look like") {
    auto store = std::make_shared<CountingStore>();
    auto counted = AuditPolicy{store} | MockModelService();
    CHECK(run(counted.generate_text("Say hello.")).has_value());
    CHECK(store->records == 2); // an intent, an outcome

    Simulation simulation;
    MockModelService mock(simulation.environment());
    mock.delay(412ms);
    auto const patient = read_fhir_bundle(sample_bundles()[0]).value().patients.front();
    //[audit
    auto journal = std::make_shared<MemoryJournal>(); // FileJournal::open(path).value() in earnest
    auto service = standard(mock, journal);
    auto reply = simulation.run(service.generate_text(
        "Summarise.",
        about(patient).only("id", "age", "conditions"),
        CallOptions().actor("dr.lee").purpose("summary").subject("case-81")
    ));
    //]
    CHECK(reply.has_value());
    CHECK(journal->records().size() == 3);
    INFO(journal->text());
    CHECK(journal->text().find("Marchetti") == std::string::npos);
    for (auto const& record : journal->records())
        CHECK(page_says("audit.md", with_page_ids(record.to_json(), record.request_id)));
}
