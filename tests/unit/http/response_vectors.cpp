// SPDX-License-Identifier: BSL-1.0
// llhttp's own test vectors for replies, by whole and byte by byte.

#include <hilum/http/response_reader.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/shared_data.hpp"

using namespace hilum;
using Progress = ResponseReader::Progress;

namespace {

struct Vector {
    std::string name, meta, input, log;
};

/// The text of a fenced block as llhttp's own tests read it.
std::string unescaped(std::string const& block) {
    std::string out;
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (block[i] == '\n') {
            out += "\r\n";
        } else if (block[i] != '\\' || i + 1 == block.size()) {
            out += block[i];
        } else {
            char const next = block[++i];
            if (next == 'x') {
                out += static_cast<char>(std::stoi(block.substr(i + 1, 2), nullptr, 16));
                i += 2;
            } else if (next == 'r' || next == 'n' || next == 't' || next == 'f') {
                out += next == 'r' ? '\r' : next == 'n' ? '\n' : next == 't' ? '\t' : '\f';
            } else if (next != '\n') {
                out += '\\';
                out += next;
            }
        }
    }
    return out;
}

std::vector<Vector> load(std::filesystem::path const& folder) {
    std::vector<Vector> out;
    std::set<std::filesystem::path> const files(
        std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}
    );
    for (auto const& file : files) {
        std::ifstream in(file);
        Vector one;
        std::string* block = nullptr;
        for (std::string line; std::getline(in, line);) {
            if (block && line != "```") {
                *block += line + "\n";
            } else if (block) {
                if (!block->empty())
                    block->pop_back();
                if (block == &one.log)
                    out.push_back(one);
                block = nullptr;
            } else if (line.starts_with("#")) {
                one.name = file.stem().string() + ": " + line.substr(line.find(' ') + 1);
            } else if (line.starts_with("<!-- meta=")) {
                one.meta = line;
            } else if (line == "```http" || line == "```log") {
                block = line == "```log" ? &one.log : &one.input;
                block->clear();
            }
        }
    }
    for (auto& one : out)
        one.input = unescaped(one.input);
    return out;
}

/// What llhttp takes and we don't, on purpose.
bool refused_on_purpose(Vector const& v) {
    auto const has = [](std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    };
    return v.input.starts_with("RTSP") || v.input.starts_with("ICE") ||
           v.input.starts_with("HTTP/0.9") || v.input.starts_with("\r\n") ||
           has(v.log, "status=101") ||
           (has(v.input, "Transfer-Encoding:") && !has(v.input, "Transfer-Encoding: chunked\r\n")
           ) ||
           v.input.find("Transfer-Encoding:") != v.input.rfind("Transfer-Encoding:");
}

} // namespace

TEST_CASE("llhttp's vectors") {
    auto const folder = hilum_test::shared_data("http-responses");
    if (!folder)
        return;
    int well_formed = 0;
    for (auto const& vector : load(*folder)) {
        INFO(vector.name);
        bool const plain = vector.meta.find("\"response\"") != std::string::npos &&
                           vector.meta.find("skipBody") == std::string::npos;
        auto const complete = vector.log.find("message complete");
        auto const error = vector.log.find("error code");
        std::vector<std::string> results;
        for (std::size_t const step : {vector.input.size(), std::size_t(1)}) {
            ResponseReader reader;
            reader.start(HttpMethod::get);
            std::string_view rest = vector.input;
            while (!rest.empty() && reader.progress() == Progress::more) {
                auto const space = reader.prepare();
                auto const n = std::min({step, space.size(), rest.size()});
                rest.copy(space.data(), n);
                rest.remove_prefix(n);
                reader.commit(n);
            }
            if (reader.progress() == Progress::more)
                reader.end_of_stream(true);
            if (reader.progress() == Progress::failed) {
                results.push_back(to_string(reader.error().value()));
            } else {
                auto const reply = reader.take();
                results.push_back(std::to_string(reply.status) + " " + reply.body);
            }
        }
        CHECK(results[0] == results[1]);
        if (!plain || error < complete || refused_on_purpose(vector))
            continue;
        ++well_formed;
        // Of several messages the first that isn't interim; one whose body isn't all there, or
        // whose end isn't, is truncated.
        auto status = vector.log.find(" status=");
        while (status != std::string::npos && vector.log[status + 8] == '1')
            status = vector.log.find(" status=", status + 1);
        REQUIRE(status != std::string::npos);
        bool const ends = vector.log.find("message complete", status) != std::string::npos;
        bool const same = results[0].substr(0, 3) == vector.log.substr(status + 8, 3);
        CHECK((same || (!ends && results[0] == "truncated")));
    }
    CHECK(well_formed >= 30);
}
