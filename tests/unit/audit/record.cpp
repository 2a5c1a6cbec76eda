// SPDX-License-Identifier: BSL-1.0
#include <hilum/audit/record.hpp>

#include <boost/json/parse.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("a record is one line of JSON, without what is empty") {
    AuditRecord record(
        AuditKind::intent, Clock::wall_time(std::chrono::milliseconds(1767323045678)), "r-1"
    );
    record.attempt = 2;
    record.actor = "dr.lee\n\"x\"";
    record.destination = Destination("openai", "api.openai.com", "", "gpt-x");
    record.disclosure.policy = "minimum_necessary";
    record.disclosure.fields = {"age"};
    CHECK(
        record.to_json() ==
        R"({"record":"intent","time":"2026-01-02T03:04:05.678Z","request_id":"r-1","attempt":2,)"
        R"("actor":"dr.lee\n\"x\"","provider":"openai","host":"api.openai.com","model":"gpt-x",)"
        R"("policy":"minimum_necessary","fields":["age"]})"
    );
}

TEST_CASE("an outcome says how the attempt ended") {
    AuditRecord record(AuditKind::outcome, {}, "r-1");
    record.attempt = 1;
    record.result = "timeout";
    record.scope = Scope::attempt;
    record.status = 504;
    record.duration = std::chrono::milliseconds(12);
    record.streamed = true;
    auto const json = json::parse(record.to_json()).as_object();
    CHECK(json.at("result") == "timeout");
    CHECK(json.at("delivery") == "unknown");
    CHECK(json.at("scope") == "attempt");
    CHECK(json.at("status") == 504);
    CHECK(json.at("duration_us") == 12000);
    CHECK(json.at("streamed") == true);
    CHECK(json.at("finished") == false);
}

TEST_CASE("long strings are cut between characters, broken ones replaced") {
    AuditRecord record(AuditKind::transformation, {}, std::string(255, 'a') + "\xe2\x82\xac");
    record.actor = "a\xff"
                   "b";
    record.purpose = std::string(300, '\x80');
    record.disclosure.rules = {"age: years"};
    record.disclosure.counts["sent.conditions"] = 3;
    auto const json = json::parse(record.to_json()).as_object();
    CHECK(json.at("request_id").as_string() == std::string(255, 'a'));
    CHECK(json.at("actor") == "a?b");
    CHECK(json.at("purpose").as_string().size() <= 256);
    CHECK(json.at("counts").at("sent.conditions") == 3);
    CHECK_FALSE(json.contains("attempt"));
}
