// SPDX-License-Identifier: BSL-1.0
// Policies that change the operation on its way, and those that wait before they let it in.
#include <hilum/model/guarded.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

/// A filter in miniature: "Ann" leaves as "[N1]" and comes back.
class Mask {
public:
    using policy = transforming;
    static constexpr bool filters_phi = true;

    template <class Operation>
    using forwards_t = filtered_t<Operation>;

    class Passage {
    public:
        explicit Passage(GenerateText o) : op(std::move(o)) {}

        Phi<TextReply> restore(TextReply reply) const {
            if (auto const at = reply.text.find("[N1]"); at != std::string::npos)
                reply.text.replace(at, 4, "Ann");
            return Phi<TextReply>(std::move(reply));
        }

        GenerateText op;
    };

    class Untouched {
    public:
        explicit Untouched(GenerateText const& o) : op(o) {}

        TextReply restore(TextReply reply) const { return reply; }

        GenerateText const& op;
    };

    Result<Passage> pass(CallContext& cx, Unfiltered<GenerateText> const& op) const {
        cx.disclosure = std::make_shared<Disclosure>();
        cx.disclosure->policy = "mask";
        if (op.text.cleared())
            return Passage(GenerateText(op.text.outbound(), op.options));
        auto text = op.text.raw().reveal("a filter in a test reads it");
        if (auto const at = text.find("Ann"); at != std::string::npos)
            text.replace(at, 3, "[N1]");
        return Passage(GenerateText(OutboundAccess::clear(std::move(text)), op.options));
    }

    Result<Untouched> pass(CallContext&, GenerateText const& op) const { return Untouched(op); }
};

/// Waiting: lets a call in after a while, or never.
class Gate {
public:
    using policy = deciding;

    Gate(Log log, Clock::duration d, bool open = true)
        : log_(std::move(log)), delay_(d), open_(open) {}

    class Visit {
    public:
        explicit Visit(Gate const& gate) : gate_(&gate), ready_(gate.delay_ == 0s) {}

        Visit(Visit&& other) noexcept
            : gate_(std::exchange(other.gate_, nullptr)), ready_(other.ready_) {}

        ~Visit() {
            if (gate_)
                gate_->log_.add("G~");
        }

        bool ready() const { return ready_; }

        Task<Result<bool>> admitted(CallContext& cx) {
            auto const at = Clock::after(cx.clock().now(), gate_->delay_);
            auto const until = std::min(at, cx.deadline);
            bool const slept = co_await sleep_until(cx.clock(), until);
            if (!slept)
                co_return Error(errc::cancelled);
            if (until < at)
                co_return Error(errc::timeout, cx.deadline_scope);
            if (!gate_->open_)
                co_return Error(errc::bulkhead_full);
            gate_->log_.add("G+");
            co_return true;
        }

        Verdict leave(CallContext&, Outcome const& outcome) {
            std::string const what = outcome.error ? to_string(outcome.error->value()) : "";
            std::exchange(gate_, nullptr)->log_.add("G<" + what);
            return {};
        }

    private:
        Gate const* gate_;
        bool ready_;
    };

    Result<Visit> enter(CallContext&) const {
        log_.add("G>");
        return Visit(*this);
    }

private:
    Log log_;
    Clock::duration delay_;
    bool open_;
};

template <class Service>
Result<TextReply> ask(Service const& service) {
    return run(service.generate_text("hello"));
}

} // namespace

TEST_CASE("transforming: changes what goes out and what comes back") {
    auto const fake = Fake();
    auto const reply = ask(Decorate("x") | fake);
    REQUIRE(reply);
    CHECK(reply->text == "re: hello x /x");
    CHECK(fake.seen().prompts == std::vector<std::string>{"hello x"});
}

TEST_CASE("transforming: several, one right after another, and anywhere") {
    Log log;
    auto const fake = Fake({}, log);
    auto const text = [&](auto const& service) { return ask(service).value().text; };
    CHECK(text(Decorate("x") | Decorate("y") | fake) == "re: hello x y /y /x");
    CHECK(text(Note("A", log) | Decorate("x") | fake) == "re: hello x /x");
    CHECK(log.take() == "call A> call A<");
    CHECK(text(Note("A", log) | Decorate("x") | Note("B", log) | fake) == "re: hello x /x");
    CHECK(log.take() == "A> B> call B< A<");
    CHECK(text(Wrap("W", log) | Decorate("x") | Note("A", log) | fake) == "re: hello x /x");
    CHECK(log.take() == "W> A> call A< W<");
    CHECK(text(Wrap("W", log) | Decorate("x") | fake) == "re: hello x /x");
    CHECK(log.take() == "W> call W<");
    CHECK(text(Decorate("x") | Wrap("W", log) | Decorate("y") | fake) == "re: hello x y /y /x");
    CHECK(
        text(Note("A", log) | Wrap("W", log) | Decorate("y") | Wrap("V", log) | fake) ==
        "re: hello y /y"
    );
}

TEST_CASE("transforming: done once for all attempts right of it, anew for each left of it") {
    auto const fake = Fake().fails(errc::server_error, 2);
    REQUIRE(ask(Decorate("x") | Repeat(3) | fake));
    CHECK(fake.seen().prompts == std::vector<std::string>(3, "hello x"));
    auto const second = Fake().fails(errc::server_error, 2);
    auto const reply = ask(Repeat(3) | Decorate("x") | second);
    REQUIRE(reply);
    CHECK(reply->text == "re: hello x /x");
}

TEST_CASE("transforming: what it refuses doesn't go on") {
    Log log;
    auto const service = Note("A", log) | Decorate("x") | Note("B", log) | Fake({}, log);
    auto const reply = run(service.generate_text("secret"));
    CHECK(reply.error() == errc::phi_blocked);
    CHECK(log.text() == "A> A<phi_blocked");
    CHECK(run((Decorate("x") | Fake()).generate_text("secret")).error() == errc::phi_blocked);
}

TEST_CASE("transforming: an error goes back as it is") {
    auto const reply = ask(Decorate("x") | Fake().fails(errc::content_filtered));
    CHECK(reply.error() == errc::content_filtered);
}

TEST_CASE("transforming: a filter turns one type into another, and back") {
    Log log;
    auto const fake = Fake({}, log);
    auto const service = Mask() | Repeat(2) | Note("A", log) | fake;
    using Service = std::remove_cvref_t<decltype(service)>;
    STATIC_REQUIRE(Handles<Service, Unfiltered<GenerateText>>);
    STATIC_REQUIRE(Handles<Service, GenerateText>);
    STATIC_REQUIRE(!Handles<Service, Unfiltered<StreamText>>); // the fake can't
    STATIC_REQUIRE(!Handles<Fake, Unfiltered<GenerateText>>);

    std::string const note = "Ann has a cough";
    Result<Phi<TextReply>> const reply = run(service.generate_text(note));
    REQUIRE(reply);
    CHECK(reply->reveal("a test looks at it").text == "re: Ann has a cough");
    CHECK(fake.seen().prompts == std::vector<std::string>{"[N1] has a cough"});
    REQUIRE(fake.seen().disclosures.at(0));
    CHECK(fake.seen().disclosures.at(0)->policy == "mask");

    auto const literal = run(service.generate_text("Ann in a literal is meant"));
    REQUIRE(literal);
    CHECK(fake.seen().prompts.at(1) == "Ann in a literal is meant");
}

TEST_CASE("transforming: a filter between wrapping and deciding policies") {
    Log log;
    auto const fake = Fake({}, log);
    auto const service = Note("A", log) | Wrap("W", log) | Mask() | Decorate("x") | Wrap("V", log) |
                         Note("B", log) | fake;
    std::string const note = "about Ann";
    auto const reply = run(service.generate_text(note));
    REQUIRE(reply);
    CHECK(reply->reveal("a test looks at it").text == "re: about Ann x /x");
    CHECK(log.text() == "A> W> V> B> call B< V< W< A<");
}

// ---- waiting

TEST_CASE("waiting: a visit that is ready costs nothing") {
    Log log;
    REQUIRE(ask(Note("A", log) | Gate(log, 0s) | Note("B", log) | Fake({}, log)));
    CHECK(log.text() == "A> G> B> call B< G< A<");
}

TEST_CASE("waiting: what stands right of it is entered when the wait is over") {
    Simulation simulation;
    Log log;
    auto const service =
        Note("A", log) | Gate(log, 5s) | Note("B", log) | Gate(log, 2s) | Fake(simulation, log);
    REQUIRE(simulation.run(service.generate_text("hello")));
    CHECK(log.text() == "A> G> G+ B> G> G+ call G< B< G< A<");
    CHECK(simulation.elapsed() == 7s);
}

TEST_CASE("waiting: a refusal after the wait passes those left of it") {
    Simulation simulation;
    Log log;
    auto const service =
        Note("A", log) | Gate(log, 5s, false) | Note("B", log) | Fake(simulation, log);
    auto const reply = simulation.run(service.generate_text("hello"));
    CHECK(reply.error() == errc::bulkhead_full);
    CHECK(log.text() == "A> G> G<bulkhead_full A<bulkhead_full");
}

TEST_CASE("waiting: each attempt waits anew") {
    Simulation simulation;
    Log log;
    auto const service =
        Repeat(2) | Gate(log, 5s) | Fake(simulation, log).fails(errc::server_error, 1);
    REQUIRE(simulation.run(service.generate_text("hello")));
    CHECK(log.text() == "G> G+ call G<server_error G> G+ call G<");
    CHECK(simulation.elapsed() == 10s);
}

TEST_CASE("waiting: under the call's deadline") {
    Simulation simulation;
    Log log;
    auto const service = TimeoutPolicy{3s} | Gate(log, 5s) | Fake(simulation, log);
    auto const reply = simulation.run(service.generate_text("hello"));
    CHECK(reply.error() == errc::timeout);
    CHECK(simulation.elapsed() == 3s);
    CHECK(log.text() == "G> G<timeout");
}

TEST_CASE("waiting: a cancelled wait is left, and nobody calls") {
    Simulation simulation;
    Log log;
    auto const service = Note("A", log) | Repeat(3) | Gate(log, 5s) | Fake(simulation, log);
    auto const reply = cancelled_at(simulation, 2s, service.generate_text("hello"));
    REQUIRE(reply);
    CHECK(reply->error() == errc::cancelled);
    CHECK(log.text() == "A> G> G<cancelled A<cancelled");
}

TEST_CASE("waiting: a wait that is destroyed is abandoned") {
    Log log;
    {
        Simulation simulation;
        auto const service = Note("A", log) | Gate(log, 5s) | Fake(simulation, log);
        simulation.spawn([](auto s) -> Task<void> {
            (void)co_await s.generate_text("hello");
        }(service));
        simulation.run_for(2s);
        CHECK(log.text() == "A> G>");
    }
    CHECK(log.text() == "A> G> G~ A~");
}
