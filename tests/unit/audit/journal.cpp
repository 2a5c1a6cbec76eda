// SPDX-License-Identifier: BSL-1.0
// labels: threads
#include <hilum/audit/journal.hpp>

#include <boost/json/parse.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "catch.hpp"

using namespace hilum;

namespace {

/// A folder that goes with the test.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "hilum-audit-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    ~Folder() { std::filesystem::remove_all(path_); }

    std::string file(char const* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::vector<std::string> lines_of(std::string const& path) {
    std::vector<std::string> out;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        out.push_back(line);
    return out;
}

AuditRecord record(std::string id) { return AuditRecord(AuditKind::intent, {}, std::move(id)); }

} // namespace

static_assert(AuditStore<FileJournal>);
static_assert(AuditStore<MemoryJournal>);

TEST_CASE("a journal is a file of its own, appended to") {
    Folder const folder;
    auto const path = folder.file("a.jsonl");
    for (auto const* id : {"one", "two"}) {
        auto journal = FileJournal::open(path);
        REQUIRE(journal.has_value());
        REQUIRE((*journal)->write(record(id)).has_value());
    }

    struct stat info {};

    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
    auto const lines = lines_of(path);
    REQUIRE(lines.size() == 2);
    CHECK(json::parse(lines[1]).at("request_id") == "two");
}

TEST_CASE("links, other people's files and what isn't a file are refused") {
    Folder const folder;
    std::filesystem::create_symlink(folder.file("target"), folder.file("link"));
    CHECK(FileJournal::open(folder.file("link")).error() == errc::invalid_configuration);
    CHECK_FALSE(std::filesystem::exists(folder.file("target")));
    std::ofstream(folder.file("open")) << "x";
    std::filesystem::permissions(folder.file("open"), std::filesystem::perms(0644));
    CHECK(FileJournal::open(folder.file("open")).error() == errc::invalid_configuration);
    CHECK(FileJournal::open("/dev/null").error() == errc::invalid_configuration);
    CHECK(FileJournal::open(folder.file("no/such/folder")).error() == errc::invalid_configuration);
    ::mkfifo(folder.file("pipe").c_str(), 0600);
    CHECK(FileJournal::open(folder.file("pipe")).error() == errc::invalid_configuration);
}

TEST_CASE("records of several threads and journals don't mix") {
    Folder const folder;
    auto const path = folder.file("a.jsonl");
    auto first = FileJournal::open(path, false).value();
    auto second = FileJournal::open(path, false).value();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 250; ++i) {
                auto const id = std::to_string(t) + "-" + std::to_string(i);
                (void)(t % 2 == 0 ? first : second)->write(record(id));
            }
        });
    for (auto& thread : threads)
        thread.join();
    std::set<std::string> ids;
    for (auto const& line : lines_of(path))
        ids.insert(std::string(json::parse(line).at("request_id").as_string()));
    CHECK(ids.size() == 1000);
}

TEST_CASE("a journal in memory keeps records, until it is told to fail") {
    MemoryJournal journal;
    journal.fail_after(1);
    CHECK(journal.write(record("one")).has_value());
    CHECK(journal.write(record("two")).error() == errc::audit_failed);
    CHECK(journal.records().size() == 1);
    CHECK(journal.text().ends_with("}\n"));
}
