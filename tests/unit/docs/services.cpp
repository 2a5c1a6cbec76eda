// SPDX-License-Identifier: BSL-1.0
// Code that docs/services.md and docs/errors.md are cut from.

#include <hilum.hpp>
#include <hilum/testing.hpp>

#include <iostream>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

// Outside of the unnamed namespace: g++ warns of its types in coroutines of headers.
//[own-service
class Shouter : public ServiceFacade<Shouter> {
public:
    Task<Result<TextReply>> handle(CallContext&, GenerateText const& op) const {
        std::string text = op.prompt.value();
        for (char& c : text)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        co_return TextReply(text);
    }

    Destination destination() const { return Destination("in-house", "localhost", {}, "shouter"); }
};

static_assert(TextGenerationService<Shouter> && !EmbeddingService<Shouter>);

//]

namespace {

//[adapt
class Rules {
public:
    Task<ModelResult> predict(json::value input) {
        bool const high = input.at("stays").to_number<int>() > 2;
        co_return ModelResult(high ? 0.8 : 0.1, 1.0);
    }

    Task<ModelInfo> get_model_info() { co_return ModelInfo("rules-2", "in-house", {"prediction"}); }
};

auto rules() { return RetryPolicy{} | adapt(Rules()); }

//]

//[any
AnyModelService choose(bool bedrock, Shouter const& one, Shouter const& other) {
    return AnyModelService(bedrock ? one : other); // guarded services as well, of any type
}

//]

//[stream
Task<Result<std::string>> read_aloud(AnyModelService service) {
    auto stream = co_await service.stream_text("Tell a story.");
    if (!stream)
        co_return stream.error();
    for (;;) {
        auto delta = co_await stream->next();
        if (!delta)
            co_return delta.error(); // stream->text() keeps what came
        if (!*delta)
            break; // the provider said that it is complete
        std::cout << (*delta)->text << std::flush;
    }
    co_return stream->text();
}

//]

//[demand
template <class Service>
Task<Result<Phi<TextReply>>> summary(PhiSafe<Service> behind_a_filter, Patient patient) {
    auto& service = behind_a_filter.service;
    auto reply = co_await service.generate_text("Summarise.", about(patient).only("conditions"));
    co_return reply;
}

//]

//[result
Task<std::string> ask(AnyModelService service) {
    auto reply = co_await service.generate_text("Say hello.");
    if (reply)
        co_return reply->text;
    auto const error = reply.error();
    if (error == errc::circuit_open || error == condition::throttled)
        co_return "later: " + std::to_string(error.retry_after().value_or(1s).count()) + " ms";
    if (error == condition::timeout)
        co_return "too slow: " + std::string(to_string(error.scope()));
    co_return error.message(); // "openai generate_text: 401 unauthorized: ..."
}

//]

//[exceptions
Task<std::string> ask_or_throw(AnyModelService service) {
    auto reply = co_await service.generate_text("Say hello.");
    co_return reply.value().text;
}

std::string shown(AnyModelService const& service) {
    try {
        return run(ask_or_throw(service));
    } catch (CircuitOpenError const& e) {
        return "later";
    } catch (ExternalServiceError const& e) {
        return e.what(); // free of payload
    }
}

//]

} // namespace

TEST_CASE("docs: services of one's own") {
    CHECK(run(Shouter().generate_text("hello"))->text == "HELLO");
    auto const input = json::value{{"stays", 3}};
    auto const result = run(rules().predict(release(input, "demo", "a made-up record")));
    CHECK(result->prediction == 0.8);
    CHECK(choose(true, Shouter(), Shouter()).destination().model == "shouter");
    CHECK_FALSE(choose(true, Shouter(), Shouter()).can<Embed>());
}

TEST_CASE("docs: a release") {
    MockModelService mock;
    auto journal = std::make_shared<MemoryJournal>();
    auto service = AuditPolicy{journal} | mock;
    std::string const question = "When is the pharmacy open?";
    auto ask_the_public_question = [&]() -> Task<bool> {
        //[release
        auto text = release(question, "faq", "asked on the public web site, nobody is signed in");
        auto reply = co_await service.generate_text(std::move(text));
        //]
        co_return reply.has_value();
    };
    CHECK(run(ask_the_public_question()));
    CHECK(journal->records().front().disclosure.release_purpose == "faq");
}

TEST_CASE("docs: streams, and a parameter that demands a filter") {
    CHECK(run(read_aloud(AnyModelService(MockModelService()))).has_value());
    auto guarded = PhiFilterPolicy{} | MockModelService();
    auto patient = read_fhir_bundle(sample_bundles()[1]).value().patients.front();
    PhiSafe<decltype(guarded)> safe(guarded);
    CHECK(run(summary(safe, patient)).has_value());
}

TEST_CASE("docs: errors as values and as exceptions") {
    MockModelService mock;
    AnyModelService const service(mock);
    mock.fail_next(Error(errc::throttled).with_retry_after(250ms));
    CHECK(run(ask(service)) == "later: 250 ms");
    mock.fail_next(Error(errc::circuit_open));
    CHECK(shown(service) == "later");
    mock.fail_next(Error(errc::unauthorized));
    CHECK(shown(service) != "later");
}
