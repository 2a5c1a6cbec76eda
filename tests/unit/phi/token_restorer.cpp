// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/token_restorer.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

/// The same vault each time: the same seed.
PseudonymVault vault_of(std::vector<std::string>* tokens = nullptr) {
    SeededRandom seeded(99);
    PseudonymVault vault{Random(seeded)};
    for (auto const* value : {"mrn-4711", "Zo\xc3\xab \"Z\" Quill", ""}) {
        auto token = vault.token("ID", Phi<std::string>(value));
        if (tokens)
            tokens->push_back(std::move(token));
    }
    return vault;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return text;
}

struct Pieces {
    std::string text;
    std::uint64_t restored, unknown;

    bool operator==(Pieces const&) const = default;
};

Pieces in_pieces(std::vector<std::string_view> const& pieces) {
    TokenRestorer restorer(vault_of());
    Pieces out{{}, 0, 0};
    for (auto const piece : pieces) {
        restorer.push(piece, out.text);
        REQUIRE(restorer.held_back() < PseudonymForm::size);
    }
    restorer.finish(out.text);
    out.restored = restorer.restored();
    out.unknown = restorer.unknown();
    return out;
}

std::string reply_with_everything(std::vector<std::string> const& t) {
    return "Zz " + t[0] + " and **" + lower(t[1]) + "**, `" + t[0] + "`'s, " + t[0] + t[1] +
           ", cut " + t[0].substr(0, 12) + " " + t[1].substr(0, 18) + t[0] + ", none " +
           "ZID0012345678923456" + ", \xc3\xa9\xe2\x82\xac " + t[2] + "! z" + t[0].substr(0, 7);
}

} // namespace

TEST_CASE("tokens turn back in any case and inside any markup; nothing else does") {
    std::vector<std::string> t;
    (void)vault_of(&t);
    auto const whole = in_pieces({reply_with_everything(t)});
    CHECK(
        whole.text ==
        "Zz mrn-4711 and **Zo\xc3\xab \"Z\" Quill**, `mrn-4711`'s, mrn-4711Zo\xc3\xab "
        "\"Z\" Quill, cut " +
            t[0].substr(0, 12) + " " + t[1].substr(0, 18) +
            "mrn-4711, none ZID0012345678923456, \xc3\xa9\xe2\x82\xac ! z" + t[0].substr(0, 7)
    );
    CHECK(whole.restored == 7);
    CHECK(whole.unknown == 1);
}

TEST_CASE("however a reply is cut, the result is the same") {
    std::vector<std::string> t;
    (void)vault_of(&t);
    std::string const reply = reply_with_everything(t);
    std::string_view const text = reply;
    auto const whole = in_pieces({text});
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        REQUIRE(in_pieces({text.substr(0, cut), text.substr(cut)}) == whole);
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i)
        bytes.push_back(text.substr(i, 1));
    REQUIRE(in_pieces(bytes) == whole);
    SeededRandom seeded(5);
    Random const random(seeded);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < text.size();) {
            auto const n = static_cast<std::size_t>(random.below(30));
            pieces.push_back(text.substr(at, n));
            at += n;
        }
        REQUIRE(in_pieces(pieces) == whole);
    }
}

TEST_CASE("nothing is held back where no token begins so") {
    TokenRestorer restorer(vault_of());
    std::string out;
    restorer.push("the patient", out);
    CHECK(out == "the patient");
    restorer.push(" has a Zebra", out);
    CHECK(restorer.held_back() == 0);
    restorer.push(" zi", out);
    CHECK(restorer.held_back() == 2);
    restorer.push("nc", out);
    CHECK(restorer.held_back() == 0);
    CHECK(out == "the patient has a Zebra zinc");
}

TEST_CASE("another call's token stays as it is and is counted") {
    PseudonymVault other{Random()};
    auto const token = other.token("ID", Phi<std::string>("somebody else"));
    TokenRestorer restorer(vault_of());
    CHECK(restorer.whole("see " + token) == "see " + token);
    CHECK(restorer.unknown() == 1);
    CHECK(restorer.restored() == 0);
}

TEST_CASE("tokens turn back in JSON, in keys too") {
    std::vector<std::string> t;
    auto vault = vault_of(&t);
    TokenRestorer restorer(std::move(vault));
    json::object object;
    object[t[0]] = json::array{t[1], 3, nullptr, json::object{{"id", lower(t[0])}}};
    restorer.whole(object);
    CHECK(
        json::serialize(object) ==
        "{\"mrn-4711\":[\"Zo\xc3\xab \\\"Z\\\" Quill\",3,null,{\"id\":\"mrn-4711\"}]}"
    );
}
