// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/exceptions.hpp>
#include <hilum/core/manual_clock.hpp>
#include <hilum/telemetry/json_lines_sink.hpp>

#include <boost/json/parse.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <streambuf>
#include <sys/stat.h>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

struct Sample {
    static constexpr std::string_view name = "sample";

    std::string_view text = "plain";
    double real = 0.25;

    auto fields() const {
        return std::array{
            EventField("text", text),
            EventField("real", real),
            EventField("yes", true),
            EventField("count", -7),
            EventField("time_us", 1500ns),
        };
    }
};

CallContext context(ManualClock& time) {
    return CallContext(Environment(Clock(time)), CallOptions{}.request_id("id-1"));
}

void show(JsonLinesSink& sink, Sample const& sample, CallContext const& cx) {
    auto const fields = sample.fields();
    sink.on(EventView(Sample::name, fields), cx);
}

std::string written(Sample const& sample) {
    ManualClock time;
    std::ostringstream out;
    JsonLinesSink sink(out);
    show(sink, sample, context(time));
    return out.str();
}

/// A folder of this test's own, gone with it.
class Scratch {
public:
    Scratch() {
        std::string name =
            (std::filesystem::temp_directory_path() / "hilum-telemetry-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path_ = name;
    }

    Scratch(Scratch const&) = delete;
    Scratch& operator=(Scratch const&) = delete;

    ~Scratch() { std::filesystem::remove_all(path_); }

    std::string operator/(char const* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string content(std::string const& path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace

TEST_CASE("an event is one line of JSON") {
    CHECK(
        written({}) ==
        "{\"time\":\"2026-01-02T03:04:05.000000Z\",\"event\":\"sample\",\"request_id\":\"id-1\","
        "\"text\":\"plain\",\"real\":0.25,\"yes\":true,\"count\":-7,\"time_us\":1}\n"
    );
}

TEST_CASE("time is the wall's, in microseconds") {
    ManualClock time(Clock::wall_time(std::chrono::seconds(951782399))); // 2000-02-28T23:59:59Z
    time.advance(1s + 42us);
    std::ostringstream out;
    JsonLinesSink sink(out);
    show(sink, {}, context(time));
    CHECK(out.str().find("\"2000-02-29T00:00:00.000042Z\"") != std::string::npos);
}

TEST_CASE("whatever a name holds, the line is JSON and one line") {
    for (std::string_view const bad :
         {"quote\" backslash\\",
          "line\nfeed\r\ttab",
          "\x01\x1f\x7f",
          "\xff\xfe",
          "\xc0\x80",
          "\xed\xa0\x80",
          "\xf4\x90\x80\x80",
          "caf\xc3",
          "\xe2\x82"}) {
        auto const line = written({.text = bad});
        INFO(line);
        CHECK(line.find('\n') == line.size() - 1);
        auto const parsed = boost::json::parse(line).as_object();
        CHECK(parsed.at("text").as_string().size() != 0);
    }
    auto const same = [](std::string_view text) {
        auto const parsed = boost::json::parse(written({.text = text})).as_object();
        return std::string_view(parsed.at("text").as_string()) == text;
    };
    CHECK(same("quote\" backslash\\ line\nfeed \x01"));
    CHECK(same("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x8f\xa5"));
    CHECK(same(std::string_view("nul\0inside", 10)));
    CHECK(
        written({.text = "a\xff"
                         "b"})
            .find("a\\ufffdb") != std::string::npos
    );
}

TEST_CASE("what JSON has no number for is null") {
    CHECK(
        written({.real = std::numeric_limits<double>::infinity()}).find("\"real\":null") !=
        std::string::npos
    );
    CHECK(
        written({.real = std::numeric_limits<double>::quiet_NaN()}).find("\"real\":null") !=
        std::string::npos
    );
    CHECK(written({.real = 0.1}).find("\"real\":0.1,") != std::string::npos);
}

TEST_CASE("a file is created for its owner alone, and appended to") {
    Scratch const scratch;
    auto const path = scratch / "events.jsonl";
    ManualClock time;
    {
        auto sink = JsonLinesSink::file(path);
        auto copy = sink;
        show(sink, {}, context(time));
        show(copy, {}, context(time));
        CHECK(sink.written() == 2);
    }

    struct stat info {};

    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
    auto again = JsonLinesSink::file(path);
    show(again, {}, context(time));
    CHECK(content(path) == written({}) + written({}) + written({}));
}

TEST_CASE("a link isn't followed, nor is anything but a file written to") {
    Scratch const scratch;
    auto const target = scratch / "target", link = scratch / "link";
    std::ofstream(target) << "secret";
    std::filesystem::create_symlink(target, link);
    CHECK_THROWS_AS(JsonLinesSink::file(link), ConfigurationError);
    CHECK_THROWS_AS(JsonLinesSink::file(scratch / "no" + "/where"), ConfigurationError);
    REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    CHECK_THROWS_AS(JsonLinesSink::file(scratch / "pipe"), ConfigurationError);
    CHECK(content(target) == "secret");
    try {
        JsonLinesSink::file(link);
    } catch (ConfigurationError const& e) {
        CHECK(e.field() == "json_lines_sink.file");
        CHECK(std::string(e.what()).find(link) != std::string::npos);
    }
}

TEST_CASE("a line that can't be written is counted and forgotten") {
    ManualClock time;
    SECTION("a closed descriptor") {
        JsonLinesSink sink(-1);
        show(sink, {}, context(time));
        CHECK(sink.failed() == 1);
        CHECK(sink.written() == 0);
    }
    SECTION("a stream that fails, and then works again") {
        class Failing : public std::stringbuf {
        public:
            bool fails = true;

        protected:
            std::streamsize xsputn(char const* s, std::streamsize n) override {
                return fails ? 0 : std::stringbuf::xsputn(s, n);
            }
        };

        Failing buffer;
        std::ostream out(&buffer);
        JsonLinesSink sink(out);
        show(sink, {}, context(time));
        buffer.fails = false;
        show(sink, {}, context(time));
        CHECK(sink.failed() == 1);
        CHECK(sink.written() == 1);
        CHECK(buffer.str() == written({}));
    }
    SECTION("a stream that throws") {
        std::ostream out(nullptr);
        JsonLinesSink sink(out);
        show(sink, {}, context(time));
        CHECK(sink.failed() == 1);
    }
}

TEST_CASE("a C stream is flushed line by line") {
    CHECK_THROWS_AS(JsonLinesSink(static_cast<std::FILE*>(nullptr)), ConfigurationError);
    Scratch const scratch;
    auto const path = scratch / "c";
    std::FILE* const out = std::fopen(path.c_str(), "w");
    REQUIRE(out);
    ManualClock time;
    JsonLinesSink sink(out);
    show(sink, {}, context(time));
    CHECK(content(path) == written({}));
    std::fclose(out);
}
