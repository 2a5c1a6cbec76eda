// SPDX-License-Identifier: BSL-1.0
// The named functions of a service, with and without a guard.
#include <hilum/model/facade.hpp>

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

/// Writes down what it is asked. Its handle functions aren't const, as a host's first ones may be.
class Everything : public ServiceFacade<Everything> {
public:
    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) {
        asked.push_back(op.prompt.value() + " " + std::to_string(op.options.max_tokens()));
        actors.emplace_back(cx.options.actor());
        co_return TextReply();
    }

    Task<Result<TextStream>> handle(CallContext& cx, StreamText const& op) {
        asked.push_back(op.prompt.value() + " " + std::to_string(op.options.max_tokens()));
        actors.emplace_back(cx.options.actor());
        co_return TextStream();
    }

    Task<Result<Embeddings>> handle(CallContext& cx, Embed const& op) {
        for (auto const& input : op.inputs)
            asked.push_back(input.value());
        actors.emplace_back(cx.options.actor());
        co_return Embeddings();
    }

    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) {
        asked.push_back(json::serialize(op.input.value()));
        actors.emplace_back(cx.options.actor());
        co_return ModelResult();
    }

    Task<Result<ModelInfo>> handle(CallContext& cx, GetModelInfo const&) {
        actors.emplace_back(cx.options.actor());
        co_return ModelInfo();
    }

    std::vector<std::string> asked, actors;
};

CallOptions lee() { return CallOptions{}.actor("lee"); }

} // namespace

TEST_CASE("facade: every function, with and without options") {
    Everything service;
    REQUIRE(run(service.generate_text("a")));
    REQUIRE(run(service.generate_text("b", 20)));
    REQUIRE(run(service.generate_text("c", lee())));
    REQUIRE(run(service.generate_text("d", TextOptions{}.max_tokens(7), lee())));
    CHECK(service.asked == std::vector<std::string>{"a 1000", "b 20", "c 1000", "d 7"});
    REQUIRE(run(service.stream_text("e")));
    REQUIRE(run(service.stream_text("f", 20)));
    REQUIRE(run(service.stream_text("g", lee())));
    REQUIRE(run(service.stream_text("h", 7, lee())));
    std::vector<Outbound<std::string>> texts;
    texts.push_back(release(std::string("i"), "test", "made up"));
    REQUIRE(run(service.embed(texts)));
    REQUIRE(run(service.embed(std::move(texts), lee())));
    REQUIRE(run(service.predict(release(json::value(1), "test", "made up"))));
    REQUIRE(run(service.predict(release(json::value(2), "test", "made up"), lee())));
    REQUIRE(run(service.get_model_info()));
    REQUIRE(run(service.get_model_info(lee())));
    service.asked.erase(service.asked.begin(), service.asked.begin() + 4);
    CHECK(
        service.asked ==
        std::vector<std::string>{"e 1000", "f 20", "g 1000", "h 7", "i", "i", "1", "2"}
    );
    CHECK(
        service.actors ==
        std::vector<std::string>{
            "", "", "lee", "lee", "", "", "lee", "lee", "", "lee", "", "lee", "", "lee"}
    );
}

TEST_CASE("facade: a task owns its arguments, and may be kept") {
    Fake const service;
    auto make = [&service] {
        std::string text = "a text that lives on the heap, because it is long";
        auto task = service.generate_text(release(text, "test", "made up"), lee());
        text.assign(text.size(), '?');
        return task;
    };
    auto task = make();
    CHECK(service.calls() == 0);
    auto const reply = run(std::move(task));
    REQUIRE(reply);
    CHECK(reply->text == "re: a text that lives on the heap, because it is long");
}

TEST_CASE("facade: hosts without coroutines spawn the task with any token") {
    Fake const service;
    asio::io_context io{1};
    std::string text;
    asio::co_spawn(
        io,
        service.generate_text("hello"),
        [&text](std::exception_ptr, Result<TextReply> reply) {
            if (reply)
                text = reply->text;
        }
    );
    io.run();
    CHECK(text == "re: hello");
}

TEST_CASE("facade: the context is made from the service's environment and the options") {
    Simulation simulation;
    auto const service = HonestFake(simulation).takes(1s);
    REQUIRE(simulation.run(service.generate_text("hello", CallOptions{}.timeout(20s))));
    CHECK(service.seen().deadline == Clock::time_point(20s));
}

TEST_CASE("facade: an exception of a bare service passes") {
    class Broken : public ServiceFacade<Broken> {
    public:
        Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const {
            throw std::runtime_error("a bug");
            co_return TextReply();
        }
    };

    Broken const service;
    CHECK_THROWS_AS(run(service.generate_text("hello")), std::runtime_error);
    CHECK_THROWS_AS(
        run(service.generate_text("hello", CallOptions{}.timeout(20s))), std::runtime_error
    );
}

TEST_CASE("text options: what isn't set isn't sent") {
    TextOptions const none;
    CHECK(none.max_tokens() == 1000);
    CHECK(!none.temperature());
    CHECK(none.system().value().empty());
    auto const some = TextOptions{}.max_tokens(300).temperature(0.2).system("Be brief.");
    CHECK(some.max_tokens() == 300);
    CHECK(some.temperature() == 0.2);
    CHECK(some.system().value() == "Be brief.");
    CHECK(to_string(FinishReason::content_filter) == std::string("content_filter"));
}

TEST_CASE("about: a record with the fields that one call needs") {
    auto const named = about(std::string("a record")).only("age", std::string("sex")).type("risk");
    CHECK(named.record == "a record");
    CHECK(named.fields == std::vector<std::string>{"age", "sex"});
    CHECK(named.kind == "risk");
    std::vector<std::string> const asked{"conditions"};
    CHECK(about(1).only(asked).fields == asked);
    CHECK(about(1).fields.empty());
}

TEST_CASE("instruction: cleared, or Phi") {
    std::string const at_run_time = "Ann has a cough";
    auto const literal = AnyText("a literal").take();
    CHECK(literal.cleared());
    CHECK(literal.outbound().value() == "a literal");
    auto const released = AnyText(release(at_run_time, "faq", "made up")).take();
    CHECK(released.cleared());
    CHECK(released.outbound().release()->purpose == "faq");
    char buffer[] = "cut\0off";
    for (auto const& tainted :
         {AnyText(at_run_time).take(),
          AnyText(std::string_view(at_run_time)).take(),
          AnyText(at_run_time.c_str()).take(),
          AnyText(Phi<std::string>(at_run_time)).take()}) {
        CHECK(!tainted.cleared());
        CHECK(tainted.raw().reveal("a test looks at it") == at_run_time);
    }
    CHECK(AnyText(buffer).take().raw().reveal("a test looks at it") == "cut");
    AnyText first(at_run_time);
    AnyText second(std::move(first));
    CHECK(!std::move(second).take().cleared());
}
