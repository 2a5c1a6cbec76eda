// SPDX-License-Identifier: BSL-1.0
// The smallest policies of each form, and what they say about themselves.
#include <hilum/model/policy.hpp>

#include <string>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

namespace {

struct SmallestDeciding {
    using policy = deciding;

    struct Visit {
        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    Result<Visit> enter(CallContext&) { return Visit(); }
};

struct SmallestWaiting {
    using policy = deciding;

    struct Visit {
        bool ready() const { return false; }

        Task<Result<bool>> admitted(CallContext&) { co_return true; }

        Verdict leave(CallContext&, Outcome const&) { return {}; }
    };

    Result<Visit> enter(CallContext&) { return Visit(); }
};

struct SmallestTransforming {
    using policy = transforming;

    template <class Op>
    struct Passage {
        Op const& op;

        auto restore(response_t<Op> reply) const { return reply; }
    };

    template <class Op>
    Result<Passage<Op>> pass(CallContext&, Op const& op) {
        return Passage<Op>{op};
    }
};

struct SmallestWrapping {
    using policy = wrapping;

    template <class Op, class Next>
    Task<Result<response_t<Op>>> apply(CallContext& cx, Op const& op, Next next) {
        return next.handle(cx, op);
    }
};

static_assert(Policy<SmallestDeciding>);
static_assert(Policy<SmallestWaiting>);
static_assert(Policy<SmallestTransforming>);
static_assert(Policy<SmallestWrapping>);
static_assert(Policy<Policies<SmallestDeciding, SmallestWrapping>>);
static_assert(Policy<SmallestDeciding const&>);
static_assert(!Policy<int>);
static_assert(!Policy<Fake>);

/// Says all that a policy may say.
struct Talkative : SmallestDeciding {
    static constexpr bool repeats = true;
    static constexpr bool multiplies = true;
    static constexpr bool retains = true;
    static constexpr bool per_attempt = true;
    static constexpr bool filters_phi = true;
    static constexpr bool sets_deadline = true;
    static constexpr std::string_view name = "talkative";

    struct Layer : SmallestDeciding {
        explicit Layer(Talkative const&) {}
    };
};

static_assert(detail::repeats<Talkative> && !detail::repeats<SmallestDeciding>);
static_assert(detail::multiplies<Talkative> && !detail::multiplies<SmallestDeciding>);
static_assert(detail::retains<Talkative> && !detail::retains<SmallestDeciding>);
static_assert(detail::per_attempt<Talkative> && !detail::per_attempt<SmallestDeciding>);
static_assert(detail::filters_phi<Talkative> && !detail::filters_phi<SmallestDeciding>);
static_assert(detail::sets_deadline<Talkative> && !detail::sets_deadline<SmallestDeciding>);
static_assert(std::same_as<layer_t<Talkative>, Talkative::Layer>);
static_assert(std::same_as<layer_t<SmallestDeciding>, SmallestDeciding>);

} // namespace

TEST_CASE("policy: the smallest of each form guards a call") {
    auto const answers = [](auto const& service) {
        auto const reply = run(service.generate_text("hello"));
        return reply && reply->text == "re: hello";
    };
    CHECK(answers(SmallestDeciding() | Fake()));
    CHECK(answers(SmallestWaiting() | Fake()));
    CHECK(answers(SmallestTransforming() | Fake()));
    CHECK(answers(SmallestWrapping() | Fake()));
    CHECK(answers(
        SmallestWrapping() | SmallestTransforming() | SmallestDeciding() | SmallestWaiting() |
        SmallestTransforming() | SmallestWrapping() | SmallestWrapping() | Fake()
    ));
}

TEST_CASE("policy: the host's own names may be anything, 'policy' if there is none") {
    CHECK(detail::policy_name<Talkative>() == "talkative");
    CHECK(detail::policy_name<SmallestDeciding>() == "policy");
}

namespace {

/// Asks again at once, without counting it as an attempt.
struct Uncounted : SmallestDeciding {
    static constexpr bool repeats = true;

    struct Visit {
        bool asked = false;

        Verdict leave(CallContext&, Outcome const& outcome) {
            if (!outcome.error || std::exchange(asked, true))
                return {};
            return Again({}, false);
        }
    };

    Result<Visit> enter(CallContext&) { return Visit(); }
};

} // namespace

TEST_CASE("policy: a repetition that doesn't count isn't another attempt") {
    auto const fake = Fake().fails(errc::credentials_expired);
    REQUIRE(run((Uncounted() | fake).generate_text("hello")));
    CHECK(fake.seen().attempts == std::vector<int>{1, 1});
}
