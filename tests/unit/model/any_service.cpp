// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/any_service.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include "catch.hpp"
#include "stream_support.hpp"

using namespace hilum_test;

static_assert(TextGenerationService<AnyModelService>);
static_assert(ModelService<AnyModelService>);
static_assert(StreamingTextService<AnyModelService>);
static_assert(EmbeddingService<AnyModelService>);
static_assert(!Handles<AnyService<GenerateText>, StreamText>);
static_assert(!Handles<AnyModelService, Unfiltered<GenerateText>>);
static_assert(sizeof(AnyModelService) == 16);
static_assert(!std::is_convertible_v<Fake, AnyModelService>);

TEST_CASE("any service: the service behind it answers, guarded or not") {
    Log log;
    AnyModelService service(Fake({}, log));
    CHECK(run(service.generate_text("hello"))->text == "re: hello");
    service = AnyModelService(Note("A", log) | Repeat(2) | Fake({}, log));
    CHECK(run(service.generate_text("again"))->text == "re: again");
    CHECK(log.text() == "call A> call A<");
    CHECK(service.destination().host == "fake.test");
}

TEST_CASE("any service: what it lacks is answered with unsupported") {
    AnyModelService const service{Fake()};
    CHECK(service.can<GenerateText>());
    CHECK(!service.can<StreamText>());
    CHECK(!service.can<Predict<>>());
    CHECK(run(service.stream_text("hello")).error() == errc::unsupported);
    CHECK(run(service.get_model_info()).error() == errc::unsupported);
    CHECK(run(service.embed(std::vector<Outbound<std::string>>())).error().operation() == "embed");
    CallContext cx;
    GetModelInfo const op;
    CHECK(run(service.handle(cx, op)).error() == errc::unsupported);
}

TEST_CASE("any service: copies share the service behind it") {
    Log log;
    auto const guarded = Note("A", log) | Fake();
    AnyModelService const first(guarded);
    AnyModelService const second = first;
    REQUIRE(run(first.generate_text("hello")));
    REQUIRE(run(second.generate_text("hello")));
    CHECK(guarded.layer<0>().calls == 2);
}

TEST_CASE("any service: can be guarded again, and its deadlines hold") {
    Simulation simulation;
    AnyModelService const any{HonestFake(simulation).takes(Clock::duration::max())};
    auto const service = Repeat(2) | TimeoutPolicy{10s} | any;
    CHECK(simulation.run(service.generate_text("hello")).error() == errc::timeout);
    CHECK(simulation.elapsed() == 20s);
    CHECK(any.environment().clock.manual() == &simulation.clock());
}

TEST_CASE("any service: the caller's limit and cancellation hold") {
    Simulation simulation;
    AnyModelService const any{Fake(simulation).takes(Clock::duration::max())};
    auto const late = simulation.run(any.generate_text("hello", CallOptions{}.timeout(3s)));
    CHECK(late.error() == errc::timeout);
    CHECK(simulation.elapsed() == 3s);
    auto const cancelled = cancelled_at(simulation, 5s, any.generate_text("hello"));
    REQUIRE(cancelled);
    CHECK(cancelled->error() == errc::cancelled);
}

TEST_CASE("any service: streams") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello"));
    AnyModelService const any(Note("A", log) | streams);
    auto scenario = [](AnyModelService s) -> Task<std::string> {
        auto stream = co_await s.stream_text("hello");
        auto const delta = co_await stream->next();
        auto const end = co_await stream->next();
        co_return (*delta)->text + (end && !*end ? "." : "!");
    };
    CHECK(run(scenario(any)) == "Hello.");
    CHECK(log.text() == "A> open A= close A<");
}

namespace {

struct Record {};

/// Lets a record through as a text of no content.
class Blank {
public:
    using policy = transforming;
    static constexpr bool filters_phi = true;

    template <class Op>
    using forwards_t = filtered_t<Op>;

    class Passage {
    public:
        explicit Passage(GenerateText o) : op(std::move(o)) {}

        Phi<TextReply> restore(TextReply reply) const { return Phi<TextReply>(std::move(reply)); }

        GenerateText op;
    };

    template <class Subject>
    Result<Passage> pass(CallContext&, Unfiltered<GenerateText, Subject> const&) const {
        return Passage(GenerateText("blank"));
    }
};

} // namespace

TEST_CASE("any service: behind a filter, for run-time text and records") {
    AnyPhiSafeService<Record> const service{Blank() | Fake()};
    STATIC_REQUIRE(PhiSafeService<AnyPhiSafeService<Record>>);
    STATIC_REQUIRE(!Handles<AnyPhiSafeService<Record>, GenerateText>);
    STATIC_REQUIRE(!std::is_constructible_v<AnyPhiSafeService<Record>, Fake>);
    std::string const note = "Ann has a cough";
    auto const text = run(service.generate_text(note));
    REQUIRE(text);
    CHECK(text->reveal("a test looks at it").text == "re: blank");
    auto const about_her = run(service.generate_text("Summarise.", about(Record()).only("age")));
    REQUIRE(about_her);
    CHECK(run(service.get_model_info()).error() == errc::unsupported);
    CHECK(service.destination().provider == "fake");
}
