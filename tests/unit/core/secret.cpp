// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/secret.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace hilum;

namespace {

/// Watches one buffer: what stood in it when it was given back.
struct Watch {
    void const* buffer = nullptr;
    std::size_t size = 0;
    bool freed = false;
    bool wiped = false;

    void see(void const* p) noexcept {
        if (!p || p != buffer)
            return;
        freed = true;
        wiped = true;
        for (std::size_t i = 0; i < size; ++i)
            wiped = wiped && static_cast<char const*>(p)[i] == 0;
        buffer = nullptr;
    }
};

thread_local Watch watch;

} // namespace

// The array forms of this test program, so that a buffer can be looked at as it is freed.
void* operator new[](std::size_t size) {
    if (void* p = std::malloc(size ? size : 1))
        return p;
    throw std::bad_alloc();
}

void operator delete[](void* p) noexcept {
    watch.see(p);
    std::free(p);
}

void operator delete[](void* p, std::size_t) noexcept {
    watch.see(p);
    std::free(p);
}

TEST_CASE("secret: holds a value for who asks for it by name") {
    Secret const key("sk-test-0123");
    CHECK(key.reveal() == "sk-test-0123");
    CHECK(key.size() == 12);
    CHECK(!key.empty());
    std::string const text = "from a string";
    CHECK(Secret(text).reveal() == text);
}

TEST_CASE("secret: empty") {
    char const* const unset = nullptr;
    CHECK(Secret().empty());
    CHECK(Secret(unset).empty()); // an environment variable that isn't set
    CHECK(Secret("").empty());
    CHECK(Secret("").reveal().empty());
    CHECK((Secret() == Secret("")));
}

TEST_CASE("secret: copies share one buffer") {
    Secret const key("sk-test");
    Secret const copy = key;
    CHECK(copy.same_as(key));
    CHECK(copy.reveal().data() == key.reveal().data());
    Secret const equal("sk-test");
    CHECK(!equal.same_as(key));
    CHECK((equal == key));
    CHECK((equal != Secret("sk-tesT")));
    CHECK((equal != Secret("sk-test ")));
}

TEST_CASE("secret: wiped when the last copy goes, and not before") {
    {
        Secret key("sk-do-not-leave-this-behind");
        Secret copy = key;
        watch = Watch{key.reveal().data(), key.size(), false, false};
        key = Secret();
        CHECK(!watch.freed);
        CHECK(copy.reveal() == "sk-do-not-leave-this-behind");
    }
    CHECK(watch.freed);
    CHECK(watch.wiped);
}

TEST_CASE("secret: wiping overwrites all of it and nothing else") {
    std::array<char, 34> around;
    around.fill('x');
    detail::wipe(around.data() + 1, 32);
    CHECK(around.front() == 'x');
    CHECK(around.back() == 'x');
    for (std::size_t i = 1; i < 33; ++i)
        CHECK(around[i] == 0);
    detail::wipe(around.data(), 0);
    CHECK(around.front() == 'x');
}

TEST_CASE("secret: doesn't turn into text by itself") {
    STATIC_REQUIRE(!std::is_convertible_v<Secret, std::string>);
    STATIC_REQUIRE(!std::is_convertible_v<Secret, std::string_view>);
    STATIC_REQUIRE(!std::is_convertible_v<char const*, Secret>);
}
