// SPDX-License-Identifier: BSL-1.0
// How policies and a service become one service; guarded_*.cpp go on with forms, time and streams.
#include <hilum/model/guarded.hpp>

#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

template <class Service>
Result<TextReply> ask(Service const& service) {
    return run(service.generate_text("hello"));
}

} // namespace

TEST_CASE("guarded: a request meets the policies from left to right, a reply from right to left") {
    Log log;
    auto const service = Note("A", log) | Note("B", log) | Note("C", log) | Fake({}, log);
    auto const reply = ask(service);
    REQUIRE(reply);
    CHECK(reply->text == "re: hello");
    CHECK(log.text() == "A> B> C> call C< B< A<");
}

TEST_CASE("guarded: a policy that refuses: those left of it are left, those right of it not met") {
    Log log;
    auto const service = Note("A", log) | Note("B", log).refuses(errc::rate_limited) |
                         Note("C", log) | Fake({}, log);
    CHECK(ask(service).error() == errc::rate_limited);
    CHECK(log.text() == "A> B> A<rate_limited");
}

TEST_CASE("guarded: an error of the service passes all layers") {
    Log log;
    auto const service = Note("A", log) | Note("B", log) | Fake({}, log).fails(errc::server_error);
    CHECK(ask(service).error() == errc::server_error);
    CHECK(log.text() == "A> B> call B<server_error A<server_error");
}

TEST_CASE("guarded: a retry re-enters only what stands right of it") {
    Log log;
    auto const service =
        Note("A", log) | Repeat(3) | Note("B", log) | Fake({}, log).fails(errc::server_error, 2);
    REQUIRE(ask(service));
    CHECK(log.text() == "A> B> call B<server_error B> call B<server_error B> call B< A<");
    CHECK(service.service().seen().attempts == std::vector<int>{1, 2, 3});
}

TEST_CASE("guarded: a retry goes through a policy that refuses as well") {
    Log log;
    auto const service =
        Repeat(2) | Note("A", log) | Note("B", log).refuses(errc::circuit_open) | Fake({}, log);
    CHECK(ask(service).error() == errc::circuit_open);
    CHECK(log.text() == "A> B> A<circuit_open A> B> A<circuit_open");
}

TEST_CASE("guarded: the pause before a retry passes in the service's clock") {
    Simulation simulation;
    auto const service = Repeat(3, 10s) | Fake(simulation).fails(errc::server_error, 2);
    REQUIRE(simulation.run(service.generate_text("hello")));
    CHECK(simulation.elapsed() == 20s);
}

TEST_CASE("guarded: wrapping policies stand anywhere between deciding ones") {
    Log log;
    auto const fake = Fake({}, log).fails(errc::server_error, 1);
    auto const service = Note("A", log) | Repeat(2) | Wrap("W", log) | Note("B", log) | fake;
    REQUIRE(ask(service));
    CHECK(log.take() == "A> W> B> call B<server_error W< W> B> call B< W< A<");

    auto const leftmost = Wrap("V", log) | Note("A", log) | Wrap("W", log) | fake;
    REQUIRE(ask(leftmost));
    CHECK(log.take() == "V> A> W> call W< A< V<");

    auto const alone = Wrap("V", log) | fake;
    REQUIRE(ask(alone));
    CHECK(log.take() == "V> call V<");

    auto const row = Wrap("V", log) | Wrap("W", log) | Note("A", log) | fake;
    REQUIRE(ask(row));
    CHECK(log.take() == "V> W> A> call A< W< V<");
}

TEST_CASE("guarded: state is born at the join, once for each service") {
    Log log;
    auto const policy = Note("A", log);
    auto const first = policy | Fake();
    auto const second = policy | Fake();
    REQUIRE(ask(first));
    REQUIRE(ask(first));
    REQUIRE(ask(second));
    CHECK(first.layer<0>().calls == 2);
    CHECK(second.layer<0>().calls == 1);

    auto const house = Note("A", log) | Note("B", log);
    auto const third = house | Fake();
    auto const fourth = house | Fake();
    REQUIRE(ask(third));
    CHECK(third.layer<1>().calls == 1);
    CHECK(fourth.layer<1>().calls == 0);
}

namespace {

/// A policy whose state may be handed in.
class Counted {
public:
    using policy = deciding;

    explicit Counted(std::shared_ptr<int> n) : count(std::move(n)) {}

    class Visit {
    public:
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    Result<Visit> enter(CallContext&) {
        ++*count;
        return Visit();
    }

    std::shared_ptr<int> count;
};

} // namespace

TEST_CASE("guarded: state that is handed in is shared") {
    auto const count = std::make_shared<int>(0);
    auto const first = Counted(count) | Fake();
    auto const second = Counted(count) | Fake();
    REQUIRE(ask(first));
    REQUIRE(ask(second));
    CHECK(*count == 2);
}

TEST_CASE("guarded: copies share state, and cost 16 bytes") {
    Log log;
    auto const service = Note("A", log) | Note("B", log) | Fake();
    auto const copy = service;
    REQUIRE(ask(service));
    REQUIRE(ask(copy));
    CHECK(service.layer<0>().calls == 2);
    CHECK(&copy.layer<0>() == &service.layer<0>());
    STATIC_REQUIRE(sizeof(service) == 16);
}

TEST_CASE("guarded: a task keeps a temporary service alive") {
    Log log;
    auto task = (Note("A", log) | Repeat(2) | Fake({}, log)).generate_text("hello");
    CHECK(log.text().empty());
    auto const reply = run(std::move(task));
    REQUIRE(reply);
    CHECK(log.text() == "A> call A<");

    auto wrapped = (Wrap("W", log) | Note("A", log) | Fake({}, log)).generate_text("again");
    auto const second = run(std::move(wrapped));
    REQUIRE(second);
    CHECK(second->text == "re: again");
}

TEST_CASE("guarded: policies | policies is one flat list, whatever the brackets") {
    Log log;
    auto const fake = Fake({}, log);
    auto const flat = Note("A", log) | Note("B", log) | Note("C", log) | fake;
    auto const house = Note("A", log) | Note("B", log);
    auto const first = house | Note("C", log) | fake;
    auto const second = Note("A", log) | (Note("B", log) | Note("C", log)) | fake;
    auto const third = (house | (Note("C", log) | Note("D", log))) | fake;
    STATIC_REQUIRE(std::is_same_v<decltype(flat), decltype(first)>);
    STATIC_REQUIRE(std::is_same_v<decltype(flat), decltype(second)>);
    STATIC_REQUIRE(Policy<decltype(house)>);
    REQUIRE(ask(third));
    CHECK(log.text() == "A> B> C> D> call D< C< B< A<");
}

TEST_CASE("guarded: a guarded service can be guarded again") {
    Log log;
    auto const inner = Note("B", log) | Fake({}, log).fails(errc::server_error);
    auto const outer = Note("A", log) | Repeat(2) | inner;
    REQUIRE(ask(outer));
    CHECK(log.take() == "A> B> call B<server_error B> call B< A<");
    CHECK(inner.layer<0>().calls == 2);
    REQUIRE(ask(inner));
    CHECK(inner.layer<0>().calls == 3);

    auto const bracketed = Note("A", log) | (Wrap("W", log) | (Note("B", log) | Fake({}, log)));
    log.take();
    REQUIRE(ask(bracketed));
    CHECK(log.text() == "A> W> B> call B< W< A<");
}

TEST_CASE("guarded: handle borrows what call owns") {
    Log log;
    auto const service = Note("A", log) | Repeat(2) | Fake({}, log);
    CallContext cx;
    GenerateText const op("hello");
    auto const reply = run(service.handle(cx, op));
    REQUIRE(reply);
    CHECK(reply->text == "re: hello");
    auto const again = run(service.call(CallContext(), GenerateText("again")));
    REQUIRE(again);
    CHECK(again->text == "re: again");
    CHECK(log.text() == "A> call A< A> call A<");
}

TEST_CASE("guarded: a call whose coroutine is destroyed is abandoned, from right to left") {
    Log log;
    {
        Simulation simulation;
        auto const service =
            Note("A", log) | Note("B", log) | Fake(simulation, log).takes(Clock::duration::max());
        simulation.spawn([](auto s) -> Task<void> {
            auto const reply = co_await s.generate_text("hello");
            (void)reply;
        }(service));
        simulation.run();
        CHECK(log.text() == "A> B> call");
    }
    CHECK(log.text() == "A> B> call B~ A~");
}

TEST_CASE("guarded: an exception of the service passes, and its visits are abandoned") {
    Log log;

    class Broken : public ServiceFacade<Broken> {
    public:
        Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const {
            throw std::runtime_error("a bug");
            co_return TextReply();
        }
    };

    auto const service = Note("A", log) | Wrap("W", log) | Note("B", log) | Broken();
    CHECK_THROWS_AS(ask(service), std::runtime_error);
    CHECK(log.text() == "A> W> B> B~ A~");
}

TEST_CASE("guarded: time, chance and destination are those of the service") {
    Simulation simulation;
    Log log;
    auto const service = Note("A", log) | (Note("B", log) | Fake(simulation));
    CHECK(service.environment().clock.manual() == &simulation.clock());
    CHECK(service.destination().host == "fake.test");
    CHECK(service.service().service().calls() == 0);
}

namespace {

/// Learns about the service that it joins.
class Curious {
public:
    using policy = deciding;

    class Visit {
    public:
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    class Layer {
    public:
        Layer(Curious const&, Joined const& joined)
            : host(joined.destination.host), clock(joined.environment.clock) {}

        void placed(bool repeats_to_the_right) { total = repeats_to_the_right; }

        Result<Visit> enter(CallContext&) { return Visit(); }

        std::string host;
        Clock clock;
        std::optional<bool> total;
    };
};

} // namespace

TEST_CASE("guarded: a layer may learn what it guards, and what stands right of it") {
    Simulation simulation;
    auto const service = Curious() | Repeat(2) | Curious() | Fake(simulation);
    CHECK(service.layer<0>().host == "fake.test");
    CHECK(service.layer<0>().clock.manual() == &simulation.clock());
    CHECK(service.layer<0>().total == true);
    CHECK(service.layer<2>().total == false);
    REQUIRE(simulation.run(service.generate_text("hello")));
}
