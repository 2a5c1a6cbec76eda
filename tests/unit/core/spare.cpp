// SPDX-License-Identifier: BSL-1.0
// labels: threads

#include <hilum/core/detail/spare.hpp>

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

std::atomic<int> alive{0};

class Counted {
public:
    Counted() { ++alive; }

    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;

    ~Counted() { --alive; }

    int uses = 0;
};

} // namespace

TEST_CASE("a spare object is lent to one at a time, and the newest is kept") {
    {
        detail::Spare<Counted> spare;
        CHECK(spare.take() == nullptr);
        auto first = std::make_unique<Counted>();
        auto const* const address = first.get();
        spare.put(std::move(first));
        auto second = spare.take();
        CHECK(second.get() == address);
        CHECK(spare.take() == nullptr);
        spare.put(std::move(second));
        spare.put(std::make_unique<Counted>());
        CHECK(alive == 1);
    }
    CHECK(alive == 0);
}

TEST_CASE("four threads that share a spare object never have it at once, and none is lost") {
    {
        detail::Spare<Counted> spare;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&spare] {
                for (int k = 0; k < 2000; ++k) {
                    auto object = spare.take();
                    if (!object)
                        object = std::make_unique<Counted>();
                    ++object->uses;
                    spare.put(std::move(object));
                }
            });
        for (auto& thread : threads)
            thread.join();
        CHECK(alive == 1);
    }
    CHECK(alive == 0);
}
