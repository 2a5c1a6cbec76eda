// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/random.hpp>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("random: the same seed draws the same, everywhere") {
    SeededRandom seeded(42);
    CHECK(seeded.next() == 0xbdd732262feb6e95ULL); // splitmix64, Vigna's reference
    CHECK(seeded.next() == 0x28efe333b266f103ULL);

    SeededRandom a(7), b(7), c(8);
    Random const x(a), y(b), z(c);
    CHECK(x.seeded());
    bool differs = false;
    for (int i = 0; i < 100; ++i) {
        auto const drawn = x.next();
        CHECK(drawn == y.next());
        differs = differs || drawn != z.next();
    }
    CHECK(differs);
    CHECK(x.uuid() == y.uuid());
}

TEST_CASE("random: the operating system's doesn't repeat") {
    Random const random;
    CHECK(!random.seeded());
    std::set<std::uint64_t> drawn;
    for (int i = 0; i < 100; ++i)
        drawn.insert(random.next());
    CHECK(drawn.size() == 100);
}

TEST_CASE("random: fills any length") {
    SeededRandom seeded(1);
    Random const random(seeded);
    for (std::size_t const size : {0U, 1U, 7U, 8U, 9U, 31U}) {
        std::vector<std::byte> bytes(size + 1, std::byte{0xaa});
        random.fill(std::span(bytes).first(size));
        CHECK(bytes.back() == std::byte{0xaa});
    }
    std::array<std::byte, 64> bytes{};
    Random().fill(bytes);
    CHECK(std::set<std::byte>(bytes.begin(), bytes.end()).size() > 8);
}

TEST_CASE("random: unit lies in [0, 1)") {
    SeededRandom seeded(3);
    Random const random(seeded);
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) {
        double const u = random.unit();
        REQUIRE(u >= 0.0);
        REQUIRE(u < 1.0);
        sum += u;
    }
    CHECK(sum / 10'000 > 0.48);
    CHECK(sum / 10'000 < 0.52);
}

TEST_CASE("random: below is uniform, with any bound") {
    SeededRandom seeded(5);
    Random const random(seeded);
    std::array<int, 3> counts{};
    for (int i = 0; i < 30'000; ++i)
        ++counts.at(random.below(3));
    for (int const count : counts) {
        CHECK(count > 9'600);
        CHECK(count < 10'400);
    }
    CHECK(random.below(1) == 0);

    // A modulo alone would give the lower half of such a range twice as often as the upper half.
    std::uint64_t const bound = (std::uint64_t(1) << 63) + (std::uint64_t(1) << 62);
    int low = 0;
    for (int i = 0; i < 30'000; ++i) {
        auto const drawn = random.below(bound);
        REQUIRE(drawn < bound);
        low += drawn < bound / 3 ? 1 : 0;
    }
    CHECK(low > 9'600);
    CHECK(low < 10'400);
}

TEST_CASE("random: a UUID of version 4 has its shape") {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        std::string const id = Random().uuid();
        REQUIRE(id.size() == 36);
        for (std::size_t k = 0; k < id.size(); ++k) {
            bool const dash = k == 8 || k == 13 || k == 18 || k == 23;
            CHECK((dash ? id[k] == '-' : std::string("0123456789abcdef").find(id[k]) < 16));
        }
        CHECK(id[14] == '4');
        CHECK(std::string("89ab").find(id[19]) < 4);
        seen.insert(id);
    }
    CHECK(seen.size() == 100);
}
