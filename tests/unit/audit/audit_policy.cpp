// SPDX-License-Identifier: BSL-1.0
#include <hilum/audit/audit_policy.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/phi/phi_filter_policy.hpp>
#include <hilum/phi/phi_free_policy.hpp>

#include "catch.hpp"
#include "unit/phi/support.hpp"

using namespace hilum_test;

namespace {

/// Makes a failed call again, at once.
class Twice {
public:
    using policy = deciding;
    static constexpr bool repeats = true;

    class Visit {
    public:
        Verdict leave(CallContext& cx, Outcome const& outcome) {
            if (!outcome.error || cx.attempt > 1 || *outcome.error == errc::audit_failed)
                return {};
            return Again();
        }
    };

    Result<Visit> enter(CallContext&) { return Visit(); }
};

std::vector<std::string> kinds(MemoryJournal const& journal) {
    std::vector<std::string> out;
    for (auto const& r : journal.records()) {
        std::string kind = to_string(r.kind);
        if (r.attempt != 0)
            kind += " " + std::to_string(r.attempt);
        if (!r.result.empty())
            kind += " " + r.result;
        out.push_back(std::move(kind));
    }
    return out;
}

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("a call leaves a transformation, an intent and an outcome, joined by its id") {
    ManualClock time;
    auto seen = std::make_shared<Recording>();
    seen->environment = Environment(Clock(time));
    auto journal = std::make_shared<MemoryJournal>();
    auto service = PhiFilterPolicy{} | AuditPolicy{journal} | Recorder(seen);
    auto options =
        CallOptions{}.actor("dr.lee").purpose("summary").subject("case-81").tenant("north");
    REQUIRE(run(service.generate_text(
                    "Summarise.", about(example_patient()).only("id", "age"), std::move(options)
                ))
                .has_value());
    CHECK(kinds(*journal) == Kinds{"transformation", "intent 1", "outcome 1 ok"});
    auto const records = journal->records();
    for (auto const& r : records) {
        CHECK(r.request_id == records[0].request_id);
        CHECK(r.destination.model == "model-1");
    }
    auto const& intent = records[1];
    CHECK(intent.actor == "dr.lee");
    CHECK(intent.purpose == "summary");
    CHECK(intent.subject == "case-81");
    CHECK(intent.tenant == "north");
    CHECK(intent.disclosure.policy == "minimum_necessary");
    CHECK(intent.disclosure.fields == std::vector<std::string>{"id", "age"});
    CHECK(records[0].disclosure.rules.size() == 2);
    CHECK(records[0].disclosure.counts.at("pseudonyms") == 1);
    CHECK(records[2].finished);
    CHECK(records[2].delivery == Delivery::answered);
    // The call's own id is random, and is the one in what was sent.
    CHECK(
        block_of(seen->prompts[0]).at("_audit").at("request_id") == json::string(intent.request_id)
    );
    auto const text = journal->text();
    for (auto const* known : {"Quillfeather", "mrn-4711", "1961-05", "71.4", "Hypertension"})
        CHECK(text.find(known) == std::string::npos);
}

TEST_CASE("each attempt has its own intent and outcome") {
    auto seen = std::make_shared<Recording>();
    seen->error = Error(errc::throttled, "slower").with_status(429).with_provider_request_id("p-1");
    auto journal = std::make_shared<MemoryJournal>();
    auto service = PhiFilterPolicy{} | Twice{} | AuditPolicy{journal} | Recorder(seen);
    auto reply = run(service.predict(about(example_patient()).only("age")));
    CHECK(reply.has_value()); // the recorder predicts all the same
    journal = std::make_shared<MemoryJournal>();
    auto failing = PhiFilterPolicy{} | Twice{} | AuditPolicy{journal} | Recorder(seen);
    auto text = run(failing.generate_text("Say hello."));
    CHECK(text.error() == errc::throttled);
    CHECK(
        kinds(*journal) ==
        Kinds{
            "transformation", "intent 1", "outcome 1 throttled", "intent 2", "outcome 2 throttled"}
    );
    auto const outcome = journal->records().back();
    CHECK(outcome.status == 429);
    CHECK(outcome.provider_request_id == "p-1");
    CHECK_FALSE(outcome.finished);
}

TEST_CASE("what can't be written down isn't sent") {
    for (std::size_t stored : {0U, 1U}) {
        auto seen = std::make_shared<Recording>();
        auto journal = std::make_shared<MemoryJournal>();
        journal->fail_after(stored);
        auto service = PhiFilterPolicy{} | Twice{} | AuditPolicy{journal} | Recorder(seen);
        auto reply = run(service.generate_text("Summarise.", about(example_patient()).only("age")));
        CHECK(reply.error() == errc::audit_failed);
        CHECK(reply.error().delivery() == Delivery::rejected);
        CHECK(seen->prompts.empty());
        CHECK(journal->records().size() == stored);
    }
}

TEST_CASE("an outcome that can't be stored is counted, the reply stands") {
    auto seen = std::make_shared<Recording>();
    auto journal = std::make_shared<MemoryJournal>();
    journal->fail_after(2);
    auto service = PhiFilterPolicy{} | AuditPolicy{journal} | Recorder(seen);
    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    CHECK(service.layer<1>().lost_outcomes() == 1);
}

TEST_CASE("a stream's outcome comes when it ends, or is dropped") {
    auto seen = std::make_shared<Recording>();
    auto journal = std::make_shared<MemoryJournal>();
    auto service = PhiFilterPolicy{} | AuditPolicy{journal} | Recorder(seen);
    auto stream = run(service.stream_text("Say hello."));
    REQUIRE(stream.has_value());
    CHECK(kinds(*journal) == Kinds{"transformation", "intent 1"});
    CHECK(run(drain(std::move(*stream))).first == "Say hello.");
    CHECK(kinds(*journal) == Kinds{"transformation", "intent 1", "outcome 1 ok"});
    CHECK(journal->records().back().streamed);
    {
        auto dropped = run(service.stream_text("Say hello."));
        REQUIRE(dropped.has_value());
        CHECK(journal->records().size() == 5);
    }
    REQUIRE(journal->records().size() == 6);
    CHECK(journal->records().back().result == "abandoned");
    CHECK_FALSE(journal->records().back().finished);
}

TEST_CASE("without a filter a release is written down, a literal says none") {
    auto seen = std::make_shared<Recording>();
    auto journal = std::make_shared<MemoryJournal>();
    auto service = AuditPolicy{journal} | Recorder(seen);
    REQUIRE(run(service.generate_text("Say hello.")).has_value());
    CHECK(kinds(*journal) == Kinds{"intent 1", "outcome 1 ok"});
    CHECK(journal->records()[0].disclosure.policy == "none");
    auto text = release(std::string("When?"), "faq", "a public question");
    REQUIRE(run(service.generate_text(std::move(text))).has_value());
    auto const records = journal->records();
    REQUIRE(records.size() == 5);
    CHECK(records[2].kind == AuditKind::transformation);
    CHECK(records[3].disclosure.policy == "release");
    CHECK(records[3].disclosure.release_purpose == "faq");
    CHECK(records[3].disclosure.release_reason == "a public question");
}

TEST_CASE("the id that was sent is joined to the caller's own") {
    auto seen = std::make_shared<Recording>();
    auto journal = std::make_shared<MemoryJournal>();
    auto service = PhiFilterPolicy{} | AuditPolicy{journal} | Recorder(seen);
    REQUIRE(run(service.predict(
                    about(example_patient()).only("age"), CallOptions{}.request_id("visit-7")
                ))
                .has_value());
    auto const record = journal->records().at(0);
    CHECK(record.request_id == "visit-7");
    CHECK(
        seen->inputs.at(0).at("_audit").at("request_id") ==
        json::string(record.disclosure.wire_request_id)
    );
}

TEST_CASE("a policy without a journal is a mistake in the program") {
    CHECK_THROWS_AS(AuditPolicy(std::shared_ptr<MemoryJournal>()), ConfigurationError);
}
