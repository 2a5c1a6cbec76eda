// SPDX-License-Identifier: BSL-1.0
#include <hilum/model/text_stream.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>

#include <string>

#include "catch.hpp"
#include "stream_support.hpp"

using namespace hilum_test;

namespace {

/// Opens a stream and reads it: "Hello |Ann|." and how it ended.
template <class Service>
Task<std::string> read(Service service, CallOptions call = {}) {
    auto stream = co_await service.stream_text("hello", std::move(call));
    if (!stream)
        co_return "not opened: " + stream.error().message();
    std::string out;
    for (;;) {
        auto delta = co_await stream->next();
        if (!delta)
            co_return out + "! " + delta.error().message() + " after '" + stream->text() + "'";
        if (!*delta)
            co_return out + ".";
        out += (*delta)->text + "|";
    }
}

/// One delta and the end.
Task<std::string> rest(TextStream stream) {
    auto const delta = co_await stream.next();
    auto const end = co_await stream.next();
    co_return (*delta)->text + (end && !*end ? "." : "!");
}

} // namespace

TEST_CASE("text stream: deltas in order, and the end that the provider said") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello ", "Ann", "."));
    CHECK(run(read(streams)) == "Hello |Ann|.|.");
    CHECK(log.text() == "open close");
}

TEST_CASE("text stream: keeps its text and knows how it ended") {
    Streams const streams;
    streams.next(Script("Hello ", "Ann"));
    auto scenario = [](Streams s) -> Task<TextStream> {
        auto stream = co_await s.stream_text("hello");
        while ((co_await stream->next()).value()) {
        }
        auto const more = co_await stream->next(); // and goes on saying so
        CHECK((more && !*more));
        co_return std::move(*stream);
    };
    auto const stream = run(scenario(streams));
    CHECK(stream.text() == "Hello Ann");
    CHECK(stream.summary().finish_reason == FinishReason::stop);
    CHECK(stream.summary().usage.output_tokens == 2);
}

TEST_CASE("text stream: empty, but complete") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script());
    CHECK(run(read(Note("A", log) | streams)) == ".");
    CHECK(log.text() == "A> open A= close A<");
}

TEST_CASE("text stream: an empty delta is nothing that a reader sees") {
    Streams const streams;
    streams.next(Script("", "Hello", "", "."));
    CHECK(run(read(streams)) == "Hello|.|.");
}

TEST_CASE("text stream: layers are left when it ends, from right to left, after its source") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello"));
    CHECK(run(read(Note("A", log) | Note("B", log) | streams)) == "Hello|.");
    CHECK(log.text() == "A> B> open A= B= close B< A<");
}

TEST_CASE("text stream: segments that are parted by a wrapping policy, too") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello"));
    CHECK(run(read(Note("A", log) | Wrap("W", log) | Note("B", log) | streams)) == "Hello|.");
    CHECK(log.text() == "A> W> B> open B= W< A= close B< A<");
}

TEST_CASE("text stream: the first delta is awaited within the attempt") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script(Error(errc::server_error)));
    streams.next(Script("Hello"));
    auto const service = Note("A", log) | Repeat(3) | Note("B", log) | streams;
    CHECK(run(read(service)) == "Hello|.");
    CHECK(log.text() == "A> B> open close B<server_error B> open A= B= close B< A<");
}

TEST_CASE("text stream: nothing is retried after the first delta, and the text is kept") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello ", Error(errc::truncated)));
    streams.next(Script("never asked for"));
    auto const service = Note("A", log) | Repeat(3) | Note("B", log) | streams;
    CHECK(run(read(service)) == "Hello |! truncated after 'Hello '");
    CHECK(log.text() == "A> B> open A= B= close B<truncated A<truncated");
}

TEST_CASE("text stream: nor after a first delta that held no text") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("", Error(errc::truncated)));
    auto const service = Note("A", log) | Repeat(3) | Note("B", log) | streams;
    CHECK(run(read(service)) == "! truncated after ''");
    CHECK(log.text() == "A> B> open A= B= close B<truncated A<truncated");
}

TEST_CASE("text stream: an error stays an error, however often one asks") {
    Streams const streams;
    streams.next(Script("Hello ", Error(errc::truncated)));
    auto scenario = [](Streams s) -> Task<int> {
        auto stream = co_await s.stream_text("hello");
        int errors = 0;
        for (int i = 0; i < 4; ++i) {
            auto const delta = co_await stream->next();
            errors += !delta && delta.error() == errc::truncated ? 1 : 0;
        }
        co_return errors;
    };
    CHECK(run(scenario(streams)) == 3);
}

TEST_CASE("text stream: an error of opening is retried like any other") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script().refused(errc::throttled));
    streams.next(Script("Hello"));
    CHECK(run(read(Repeat(2) | streams)) == "Hello|.");
    CHECK(run(read(streams)) == "not opened: unsupported: no script");
}

// ---- time

TEST_CASE("text stream: the attempt's limit is the first delta's, and is lifted then") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    streams.next(Script("late").each_after(20s));
    streams.next(Script("late").each_after(20s));
    streams.next(Script("a", "b", "c").each_after(4s));
    auto const service = Repeat(3) | Note("A", log) | TimeoutPolicy{6s} | streams;
    CHECK(simulation.run(read(service)) == "a|b|c|.");
    CHECK(simulation.elapsed() == 6s + 6s + 12s);
    CHECK(log.text() == "A> open close A<timeout A> open close A<timeout A> open A= close A<");
}

TEST_CASE("text stream: idle limits the silence between two deltas, not before the first") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    streams.next(Script("a", "b").each_after(4s).then_after(30s));
    auto const service = Note("A", log) | TimeoutPolicy{.limit = 10s, .idle = 5s} | streams;
    CHECK(simulation.run(read(service)) == "a|b|! timeout (idle) after 'ab'");
    CHECK(simulation.elapsed() == 13s);
    CHECK(log.text() == "A> open A= close A<timeout");
}

TEST_CASE("text stream: a total limit goes on through all of it") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    streams.next(Script("a", "b", "c", "d").each_after(4s));
    auto const service = TimeoutPolicy{10s} | Repeat(3) | TimeoutPolicy{5s} | streams;
    CHECK(simulation.run(read(service)) == "a|b|! timeout (total) after 'ab'");
    CHECK(simulation.elapsed() == 10s);
}

TEST_CASE("text stream: the caller's own limit, too, and of a service without policies") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    auto const ends_at_10s = [&](auto const& service) {
        streams.next(Script("a", "b", "c", "d").each_after(4s));
        auto const before = simulation.elapsed();
        CHECK(
            simulation.run(read(service, CallOptions{}.timeout(10s))) ==
            "a|b|! timeout (total) after 'ab'"
        );
        CHECK(simulation.elapsed() - before == 10s);
    };
    ends_at_10s(streams);
    ends_at_10s(Repeat(3) | TimeoutPolicy{5s} | streams);
    ends_at_10s(Wrap("W", log) | streams);
}

// ---- early ends

TEST_CASE("text stream: dropped half way: the connection first, then the visits as abandoned") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello ", "Ann"));
    auto const service = Note("A", log) | Wrap("W", log) | Note("B", log) | streams;
    auto scenario = [](auto s) -> Task<void> {
        auto stream = co_await s.stream_text("hello");
        auto const delta = co_await stream->next();
        CHECK((delta && *delta && (*delta)->text == "Hello "));
    };
    run(scenario(service));
    CHECK(log.text() == "A> W> B> open B= W< A= close B~ A~");
}

TEST_CASE("text stream: dropped before anything was read") {
    Log log;
    Streams const streams({}, log);
    streams.next(Script("Hello"));
    (void)run((Note("A", log) | streams).stream_text("hello"));
    CHECK(log.text() == "A> open A= close A~");
}

TEST_CASE("text stream: cancelled while it is read: left as cancelled") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    streams.next(Script("Hello ", "never").each_after(4s));
    auto const service = Note("A", log) | TimeoutPolicy{.limit = 20s, .idle = 10s} | streams;
    auto const end = cancelled_at(simulation, 6s, read(service));
    REQUIRE(end);
    CHECK(*end == "Hello |! cancelled after 'Hello '");
    CHECK(log.text() == "A> open A= close A<cancelled");
}

TEST_CASE("text stream: cancelled before the first delta: the attempt is left") {
    Simulation simulation;
    Log log;
    Streams const streams(simulation.environment(), log);
    streams.next(Script("never").each_after(40s));
    auto const service = Note("A", log) | Repeat(3) | Note("B", log) | streams;
    auto const end = cancelled_at(simulation, 6s, read(service));
    REQUIRE(end);
    CHECK(*end == "not opened: cancelled");
    CHECK(log.text() == "A> B> open close B<cancelled A<cancelled");
}

TEST_CASE("text stream: outlives the service that opened it") {
    Log log;
    auto const open = [&](auto service) {
        return [](auto s) -> Task<TextStream> {
            auto stream = co_await s.stream_text("hello");
            co_return std::move(*stream);
        }(std::move(service));
    };
    auto const outlives = [&](auto policies) {
        Streams const streams({}, log);
        streams.next(Script("Hello"));
        auto stream = run(open(std::move(policies) | streams));
        CHECK(run(rest(std::move(stream))) == "Hello.");
    };
    outlives(Note("A", log) | Repeat(2));
    CHECK(log.take() == "A> open A= close A<");
    outlives(Wrap("W", log) | Note("A", log));
    CHECK(log.take() == "W> A> open A= W< close A<");
    outlives(Wrap("W", log));
    CHECK(log.take() == "W> open W< close");
}

TEST_CASE("text stream: also one from a borrowed handle keeps what it needs") {
    Log log;
    auto const outlives = [&](auto policies) {
        std::optional<TextStream> stream;
        {
            Streams const streams({}, log);
            streams.next(Script("Hello"));
            auto const service = std::move(policies) | streams;
            CallContext cx;
            StreamText const op("hello");
            stream = std::move(*run(service.handle(cx, op)));
        }
        CHECK(run(rest(std::move(*stream))) == "Hello.");
    };
    outlives(Note("A", log) | Repeat(2));
    outlives(Wrap("W", log) | Note("B", log));
    CHECK(log.text() == "A> open A= close A< W> B> open B= W< close B<");
}

// ---- stages

TEST_CASE("text stream: a stage may hold text back, until a token is whole or the end comes") {
    Streams const streams;
    auto const service = Restore("[N1]", "Ann") | streams;
    auto const all = [&](Script script) {
        streams.next(std::move(script));
        return run(read(service));
    };
    CHECK(all(Script("Hello [N", "1], and [N1", "]! [N")) == "Hello |Ann, and |Ann! |[N|.");
    CHECK(all(Script("[", "N", "1", "]")) == "Ann|.");
    CHECK(all(Script("[N")) == "[N|.");
    CHECK(all(Script("no token")) == "no token|.");
    CHECK(all(Script("cut [N", Error(errc::truncated))) == "cut |! truncated after 'cut '");
}

TEST_CASE("text stream: what one stage held back passes through the next one") {
    Streams const streams;
    streams.next(Script("Hello [N1", "] and [N"));
    auto const service = Restore("[N", "<N") | Restore("[N1]", "Ann") | streams;
    CHECK(run(read(service)) == "Hello |Ann and |<N|.");
}

TEST_CASE("text stream: a call and its stream have one request id") {
    Streams const streams;
    streams.next(Script("Hello"));
    CallContext const cx;
    TextStream stream(cx, nullptr);
    CHECK(stream.context().request_id() == cx.request_id());
}

TEST_CASE("text stream: of Phi, when tokens were turned back in it") {
    Streams const streams;
    streams.next(Script("Hello ", "Ann"));
    auto scenario = [](Streams s) -> Task<std::string> {
        auto opened = co_await s.stream_text("hello");
        PhiTextStream stream(std::move(*opened));
        std::string out;
        for (;;) {
            auto delta = co_await stream.next();
            if (!delta || !*delta)
                break;
            out += (*delta)->reveal("a test looks at it").text + "|";
        }
        co_return out + stream.text().reveal("a test looks at it");
    };
    CHECK(run(scenario(streams)) == "Hello |Ann|Hello Ann");
}
