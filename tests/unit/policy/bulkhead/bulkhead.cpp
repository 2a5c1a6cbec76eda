// SPDX-License-Identifier: BSL-1.0
#include <hilum/policy/bulkhead/bulkhead.hpp>

#include <memory>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

class Noted final : public Bulkhead::Waiter {
public:
    Noted(std::vector<int>& order, int number) : order_(order), number_(number) {}

    void granted() noexcept override { order_.push_back(number_); }

private:
    std::vector<int>& order_;
    int number_;
};

} // namespace

TEST_CASE("a bulkhead gives its permits, then places in the queue, then nothing") {
    Bulkhead bulkhead({.max_concurrent = 2, .max_queue = 1});
    std::vector<int> order;
    CHECK(bulkhead.try_enter());
    auto const first = std::make_shared<Noted>(order, 1);
    CHECK(bulkhead.enter(first) == Bulkhead::Admission::inside);
    CHECK(bulkhead.inside(*first));
    CHECK_FALSE(bulkhead.try_enter());
    CHECK(bulkhead.has_room());
    auto const second = std::make_shared<Noted>(order, 2);
    CHECK(bulkhead.enter(second) == Bulkhead::Admission::queued);
    CHECK_FALSE(bulkhead.inside(*second));
    CHECK_FALSE(bulkhead.has_room());
    CHECK(bulkhead.enter(std::make_shared<Noted>(order, 3)) == Bulkhead::Admission::full);
    CHECK(bulkhead.in_flight() == 2);
    CHECK(bulkhead.waiting() == 1);
    bulkhead.leave();
    CHECK(order == std::vector{2});
    CHECK(bulkhead.inside(*second));
    CHECK(bulkhead.in_flight() == 2);
}

TEST_CASE("nobody overtakes who waits") {
    Bulkhead bulkhead({.max_concurrent = 1});
    std::vector<int> order;
    REQUIRE(bulkhead.try_enter());
    std::vector<std::shared_ptr<Noted>> waiters;
    for (int i = 0; i < 5; ++i) {
        waiters.push_back(std::make_shared<Noted>(order, i));
        CHECK(bulkhead.enter(waiters.back()) == Bulkhead::Admission::queued);
    }
    for (int i = 0; i < 5; ++i) {
        bulkhead.leave();
        CHECK_FALSE(bulkhead.try_enter());
    }
    CHECK(order == std::vector{0, 1, 2, 3, 4});
    bulkhead.leave();
    CHECK(bulkhead.in_flight() == 0);
}

TEST_CASE("who gives up leaves the queue, or passes his permit on") {
    Bulkhead bulkhead({.max_concurrent = 1});
    std::vector<int> order;
    REQUIRE(bulkhead.try_enter());
    auto const a = std::make_shared<Noted>(order, 1), b = std::make_shared<Noted>(order, 2),
               c = std::make_shared<Noted>(order, 3);
    bulkhead.enter(a);
    bulkhead.enter(b);
    bulkhead.enter(c);
    bulkhead.withdraw(*b);
    CHECK(bulkhead.waiting() == 2);
    bulkhead.leave();
    CHECK(order == std::vector{1});
    bulkhead.withdraw(*a); // granted, and not wanted any more
    CHECK(order == std::vector{1, 3});
    bulkhead.withdraw(*a); // nothing left to give
    CHECK(bulkhead.in_flight() == 1);
    bulkhead.withdraw(*c);
    CHECK(bulkhead.in_flight() == 0);
}

TEST_CASE("bulkhead options that can't work are refused by name") {
    auto const field = [](BulkheadOptions options) -> std::string {
        try {
            Bulkhead const bulkhead(options);
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return "none";
    };
    CHECK(field({}) == "none");
    CHECK(field({.max_concurrent = 0}) == "bulkhead.max_concurrent");
    CHECK(field({.max_concurrent = 1'000'001}) == "bulkhead.max_concurrent");
    CHECK(field({.max_queue = -1}) == "bulkhead.max_queue");
    Bulkhead none({.max_concurrent = 1, .max_queue = 0});
    CHECK(none.try_enter());
    CHECK_FALSE(none.has_room());
}
