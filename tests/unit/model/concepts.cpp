// SPDX-License-Identifier: BSL-1.0
// The smallest types that satisfy the concepts of services, and some that don't.
#include <hilum/model/any_service.hpp>
#include <hilum/model/concepts.hpp>
#include <hilum/model/guarded.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;

namespace {

struct SmallestModel {
    Task<Result<ModelResult>> handle(CallContext&, Predict<> const&) {
        co_return ModelResult(0.5, 0.8);
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) { co_return ModelInfo(); }
};

struct SmallestText {
    Task<Result<TextReply>> handle(CallContext&, GenerateText const& op) {
        co_return TextReply(op.prompt.value());
    }
};

struct SmallestStreaming {
    Task<Result<TextStream>> handle(CallContext& cx, StreamText const&) {
        co_return TextStream(cx, nullptr);
    }
};

struct SmallestEmbedding {
    Task<Result<Embeddings>> handle(CallContext&, Embed const&) { co_return Embeddings(); }
};

static_assert(ModelService<SmallestModel>);
static_assert(TextGenerationService<SmallestText>);
static_assert(StreamingTextService<SmallestStreaming>);
static_assert(EmbeddingService<SmallestEmbedding>);
static_assert(!ModelService<SmallestText>);
static_assert(!TextGenerationService<SmallestModel>);
static_assert(!StreamingTextService<SmallestText>);
static_assert(!EmbeddingService<SmallestText>);
static_assert(!TextGenerationService<int>);

// What doesn't fit: a reply that isn't a result, a context by value, another operation's reply.
struct PlainReply {
    Task<TextReply> handle(CallContext&, GenerateText const&) { co_return TextReply(); }
};

struct ChangesTheOperation {
    Task<Result<TextReply>> handle(CallContext&, GenerateText&) { co_return TextReply(); }
};

struct WrongReply {
    Task<Result<ModelInfo>> handle(CallContext&, GenerateText const&) { co_return ModelInfo(); }
};

static_assert(!TextGenerationService<PlainReply>);
static_assert(!TextGenerationService<ChangesTheOperation>);
static_assert(!TextGenerationService<WrongReply>);

// An operation of a host's own, and a service for it.
struct Translate {
    using response_type = std::string;
    static constexpr std::string_view name = "translate";
};

struct Count {
    using response_type = int;
};

struct Translator {
    Task<Result<std::string>> handle(CallContext&, Translate const&) { co_return "bonjour"; }

    Task<Result<int>> handle(CallContext&, Count const&) { co_return 1; }
};

static_assert(Handles<Translator, Translate>);
static_assert(operation_name<Translate> == "translate");
static_assert(operation_name<GetModelInfo> == "get_model_info");

// A guard changes nothing about what a service offers, and a filter makes it safe.
struct Pass {
    using policy = deciding;

    struct Visit {
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    Result<Visit> enter(CallContext&) { return Visit(); }
};

struct Filter : Pass {
    static constexpr bool filters_phi = true;
};

using Plain = decltype(Pass() | SmallestText());
using Filtered = decltype(Filter() | Pass() | SmallestText());
using Nested = decltype(Pass() | (Filter() | SmallestText()));

static_assert(TextGenerationService<Plain> && !ModelService<Plain>);
static_assert(Handles<Plain const, GenerateText>);
static_assert(!PhiSafeService<SmallestText>);
static_assert(!PhiSafeService<Plain>);
static_assert(PhiSafeService<Filtered>);
static_assert(PhiSafeService<Nested>);
static_assert(!PhiSafeService<AnyModelService>);
static_assert(PhiSafeService<AnyPhiSafeService<int>>);

std::string_view demands_a_filter(PhiSafe<Filtered> const& service) {
    return operation_name<GenerateText>.substr(0, service.service.destination().host.size() + 8);
}

struct Answers : ServiceFacade<Answers> {
    static constexpr bool honours_deadline = true;

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const {
        co_return ModelInfo();
    }
};

static_assert(honours_deadline<Answers>);
static_assert(!honours_deadline<SmallestText>);
static_assert(honours_deadline<decltype(Pass() | Answers())>);
static_assert(!honours_deadline<Plain>);

} // namespace

TEST_CASE("concepts: the smallest services can be guarded and called") {
    auto const text = Pass() | SmallestText();
    CHECK(run(text.generate_text("hello"))->text == "hello");
    auto const model = Pass() | SmallestModel();
    CHECK(run(model.get_model_info()).has_value());
    auto const predicted = run(model.predict(release(json::value(1), "test", "made up")));
    CHECK(predicted->confidence == 0.8);
    auto const embedding = Pass() | SmallestEmbedding();
    CHECK(run(embedding.embed(std::vector<Outbound<std::string>>())).has_value());
}

TEST_CASE("concepts: an operation of the host's own passes all guards") {
    auto const service = Pass() | Pass() | Translator();
    CallContext cx;
    Translate const op;
    CHECK(run(service.handle(cx, op)).value() == "bonjour");
    CHECK(run(service.call(CallContext(), Translate())).value() == "bonjour");
}

TEST_CASE("concepts: PhiSafe takes a filtered service") {
    CHECK(demands_a_filter(Filter() | Pass() | SmallestText()) == "generate");
}
