// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/errc.hpp>

#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

std::vector<errc> every_errc() {
    std::vector<errc> all;
    for (int i = 0; i <= static_cast<int>(errc::invalid_configuration); ++i)
        all.push_back(static_cast<errc>(i));
    return all;
}

bool is(errc e, condition c) { return make_error_code(e) == c; }

} // namespace

TEST_CASE("errc: every value has a name of its own") {
    std::set<std::string> names;
    for (errc const e : every_errc())
        names.insert(to_string(e));
    CHECK(names.size() == every_errc().size());
    CHECK(names.count("unknown") == 0);
    CHECK(to_string(errc::circuit_open) == std::string("circuit_open"));
    CHECK(to_string(static_cast<errc>(999)) == std::string("unknown"));
}

TEST_CASE("errc: numbers are stable, because records hold them") {
    CHECK(static_cast<int>(errc::ok) == 0);
    CHECK(static_cast<int>(errc::timeout) == 1);
    CHECK(static_cast<int>(errc::throttled) == 3);
    CHECK(static_cast<int>(errc::truncated) == 16);
    CHECK(static_cast<int>(errc::circuit_open) == 18);
    CHECK(static_cast<int>(errc::phi_blocked) == 21);
    CHECK(static_cast<int>(errc::audit_failed) == 22);
    CHECK(static_cast<int>(errc::invalid_configuration) == 24);
    CHECK(static_cast<int>(condition::transient) == 1);
    CHECK(static_cast<int>(condition::cancelled) == 9);
}

TEST_CASE("errc: categories have a name, messages and ids that never change") {
    auto const& category = errc_category();
    CHECK(category.name() == std::string("hilum"));
    CHECK(category.message(3) == "throttled");
    char buffer[32];
    CHECK(category.message(3, buffer, sizeof buffer) == std::string("throttled"));
    CHECK(condition_category().name() == std::string("hilum.condition"));
    CHECK(condition_category().message(4) == "rejected locally");
    CHECK(condition_category().message(99) == "unknown");

    // A category of the same id, as another shared object has it, is the same category.
    class Twin final : public boost::system::error_category {
    public:
        explicit Twin(unsigned long long id) : error_category(id) {}

        char const* name() const noexcept override { return "twin"; }

        std::string message(int) const override { return {}; }
    };

    CHECK(category == Twin(0x9c4a6f1d52b7e803ULL));
    CHECK(condition_category() == Twin(0x51d0e7b3c86a942fULL));
    CHECK(category != condition_category());
}

TEST_CASE("errc: converts to an error_code that failed, except ok") {
    boost::system::error_code const code = errc::throttled;
    CHECK(code.failed());
    CHECK(code == errc::throttled);
    CHECK(code != errc::timeout);
    CHECK(!boost::system::error_code(errc::ok).failed());
}

TEST_CASE("condition: classes of failure") {
    CHECK(is(errc::throttled, condition::throttled));
    CHECK(is(errc::rate_limited, condition::throttled));
    CHECK(!is(errc::quota_exceeded, condition::throttled));
    CHECK(is(errc::circuit_open, condition::rejected_locally));
    CHECK(is(errc::phi_blocked, condition::rejected_locally));
    CHECK(!is(errc::forbidden, condition::rejected_locally));
    CHECK(is(errc::forbidden, condition::unauthorized));
    CHECK(is(errc::not_found, condition::invalid_request));
    CHECK(is(errc::connection_failed, condition::unavailable));
    CHECK(is(errc::timeout, condition::timeout));
    CHECK(is(errc::cancelled, condition::cancelled));
    CHECK(is(errc::content_filtered, condition::content_filtered));
    CHECK(is(errc::truncated, condition::transient));
    CHECK(!is(errc::quota_exceeded, condition::transient));
    CHECK(!is(errc::cancelled, condition::transient));
    for (int c = 1; c <= 9; ++c)
        CHECK(!is(errc::ok, static_cast<condition>(c)));
    CHECK(!is(errc::timeout, static_cast<condition>(99)));
}

TEST_CASE("condition: a code of another category meets none") {
    boost::system::error_code const other(3, boost::system::system_category());
    CHECK(other != condition::throttled);
}
