// SPDX-License-Identifier: BSL-1.0
// The text gate; what must not compile stands in tests/compile_fail/text_gate.cpp.
#include <hilum/model/outbound.hpp>

#include <string>
#include <type_traits>

#include "catch.hpp"
#include "support.hpp"

using namespace hilum_test;

static_assert(!std::is_constructible_v<Outbound<std::string>, std::string>);
static_assert(!std::is_convertible_v<std::string, Outbound<std::string>>);
static_assert(!std::is_copy_constructible_v<TextWrittenInSourceOrReleased>);

TEST_CASE("outbound: a literal, whole") {
    auto const text = TextWrittenInSourceOrReleased("with a nul \0 in it").take();
    CHECK(text.value() == std::string("with a nul \0 in it", 18));
    CHECK(!text.release());
    CHECK(TextWrittenInSourceOrReleased("").take().value().empty());
}

TEST_CASE("outbound: what was released says why") {
    std::string const question = "made at run time";
    auto const released = release(question, "faq", "public question");
    CHECK(released.value() == question);
    REQUIRE(released.release());
    CHECK(released.release()->purpose == "faq");
    CHECK(released.release()->reason.text() == "public question");
    auto const text = TextWrittenInSourceOrReleased(released).take();
    CHECK(text.value() == question);
    CHECK(text.release() == released.release());
    auto const number = release(7, "demo", "a number that is nobody's");
    CHECK(number.value() == 7);
}

TEST_CASE("outbound: nothing leaks when it isn't taken, or is moved") {
    TextWrittenInSourceOrReleased first(release(std::string(100, 'x'), "faq", "made up"));
    TextWrittenInSourceOrReleased second(std::move(first));
    CHECK(std::move(second).take().value().size() == 100);
    TextWrittenInSourceOrReleased const dropped(release(std::string(100, 'x'), "faq", "made up"));
}

namespace {

/// What a service sees of the release of what it was sent.
template <class Service>
std::string seen_by(Fake const& fake, Service const& service, Outbound<std::string> text) {
    auto const before = fake.seen().disclosures.size();
    auto const reply = run(service.generate_text(std::move(text)));
    REQUIRE(reply);
    auto const disclosure = fake.seen().disclosures.at(before);
    if (!disclosure)
        return "none";
    return disclosure->policy + ": " + disclosure->release_purpose + ", " +
           disclosure->release_reason;
}

} // namespace

TEST_CASE("outbound: a release reaches the call's disclosure, whatever guards the service") {
    Log log;
    Fake const fake;
    std::string const expected = "release: faq, public question";
    auto const text = release(std::string("made at run time"), "faq", "public question");
    CHECK(seen_by(fake, fake, text) == expected);
    CHECK(seen_by(fake, Note("A", log) | fake, text) == expected);
    CHECK(seen_by(fake, Wrap("W", log) | fake, text) == expected);
    CHECK(seen_by(fake, Wrap("W", log) | Note("A", log) | fake, text) == expected);
    CHECK(seen_by(fake, Note("A", log) | (Repeat(2) | fake), text) == expected);
}

TEST_CASE("outbound: a literal has nothing to disclose") {
    Fake const fake;
    REQUIRE(run(fake.generate_text("a literal")));
    CHECK(!fake.seen().disclosures.at(0));
}

TEST_CASE("outbound: all releases of a call are disclosed, each once") {
    Fake const fake;
    auto const made_up = [](std::string purpose) {
        return release(std::string("made at run time"), std::move(purpose), "no patient in it");
    };
    REQUIRE(run(fake.generate_text("a literal", TextOptions{}.system(made_up("tone")))));
    REQUIRE(fake.seen().disclosures.at(0));
    CHECK(fake.seen().disclosures.at(0)->release_purpose == "tone");
    REQUIRE(run(fake.generate_text(made_up("faq"), TextOptions{}.system(made_up("tone")))));
    CHECK(fake.seen().disclosures.at(1)->release_purpose == "faq; tone");
    CHECK(fake.seen().disclosures.at(1)->release_reason == "no patient in it");

    CallContext cx;
    std::vector<Outbound<std::string>> texts;
    for (std::string const purpose : {"faq", "tone", "faq", "fa"})
        texts.push_back(made_up(purpose));
    detail::note_release(cx, Embed(std::move(texts)));
    CHECK(cx.disclosure->release_purpose == "faq; tone; fa");
}
