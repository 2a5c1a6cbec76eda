// SPDX-License-Identifier: BSL-1.0
#include <hilum/http/response_reader.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using Progress = ResponseReader::Progress;

namespace {

/// Feeds `text` in pieces of `step` bytes; stops when the reply is over.
Progress feed(ResponseReader& reader, std::string_view text, std::size_t step = 1 << 20) {
    while (!text.empty() && reader.progress() == Progress::more) {
        auto const space = reader.prepare();
        auto const n = std::min({step, space.size(), text.size()});
        text.copy(space.data(), n);
        text.remove_prefix(n);
        reader.commit(n);
    }
    return reader.progress();
}

ResponseReader after(
    std::string_view text, HttpMethod method = HttpMethod::get, HttpLimits l = {}
) {
    ResponseReader reader(l);
    reader.start(method);
    feed(reader, text);
    return reader;
}

errc failure(std::string_view text, HttpLimits limits = {}) {
    auto reader = after(text, HttpMethod::get, limits);
    if (reader.progress() == Progress::more)
        reader.end_of_stream(true);
    return reader.progress() == Progress::failed ? reader.error().value() : errc::ok;
}

} // namespace

TEST_CASE("a reply in pieces of any size") {
    std::string const text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 7\r\nKeep-Alive: timeout=5, max=100\r\n\r\n{\"a\":1}";
    ResponseReader reader;
    for (std::size_t step = 1; step <= text.size(); ++step) {
        reader.start(HttpMethod::post);
        CHECK(!reader.got_some());
        REQUIRE(feed(reader, text, step) == Progress::done);
        CHECK(reader.keep_alive());
        CHECK(reader.keep_alive_timeout() == 5s);
        auto const reply = reader.take();
        CHECK(reply.status == 200);
        CHECK(reply.body == "{\"a\":1}");
        CHECK(reply.find("content-type") == "application/json");
        CHECK(
            reply.header_lines() == "Content-Type: application/json\r\nContent-Length: 7\r\n"
                                    "Keep-Alive: timeout=5, max=100\r\n"
        );
    }
}

TEST_CASE("chunks are joined, extensions and trailers dropped") {
    std::string const text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nX-Trailer: 1\r\nContent-Type: no\r\n\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        ResponseReader reader;
        reader.start(HttpMethod::get);
        REQUIRE(feed(reader, text, step) == Progress::done);
        CHECK(reader.keep_alive());
        auto const reply = reader.take();
        CHECK(reply.body == "abc0123456789");
        CHECK(reply.header_lines() == "Transfer-Encoding: Chunked\r\n");
    }
}

TEST_CASE("replies without a body") {
    for (std::string_view const text :
         {"HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        auto const reader = after(text);
        CHECK(reader.progress() == Progress::done);
        CHECK(reader.keep_alive());
    }
    auto const head = after("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", HttpMethod::head);
    CHECK(head.progress() == Progress::done);
    CHECK(head.keep_alive());
}

TEST_CASE("interim replies are skipped, but not for ever") {
    std::string const interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    std::string const last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nok";
    std::string many;
    for (int i = 0; i < 16; ++i)
        many += interim;
    auto reader = after(many + last);
    REQUIRE(reader.progress() == Progress::done);
    auto const reply = reader.take();
    CHECK(reply.header_lines() == "Content-Length: 2\r\nX: y\r\n");
    CHECK(reply.body == "ok");
    CHECK(failure(many + interim + last) == errc::malformed_reply);
    CHECK(
        failure("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n") == errc::malformed_reply
    );
}

TEST_CASE("a body that ends with the stream") {
    auto reader = after("HTTP/1.1 200 OK\r\n\r\nsome");
    CHECK(reader.progress() == Progress::more);
    feed(reader, " more");
    CHECK(reader.end_of_stream(true) == Progress::done);
    CHECK(!reader.keep_alive());
    CHECK(reader.take().body == "some more");

    auto broken = after("HTTP/1.1 200 OK\r\n\r\nsome");
    CHECK(broken.end_of_stream(false) == Progress::failed);
    CHECK(broken.error() == errc::truncated);
}

TEST_CASE("a reply that ends early is truncated") {
    std::string const replies[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    };
    for (auto const& reply : replies)
        for (std::size_t n = 1; n <= reply.size(); ++n)
            CHECK(failure(reply.substr(0, n)) == errc::truncated);
}

TEST_CASE("framing that two readers could read differently is refused") {
    for (std::string_view const head :
         {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
          "Content-Length: 3\r\nContent-Length: 4\r\n",
          "Content-Length: 3, 4\r\n",
          "Content-Length: -3\r\n",
          "Content-Length: 0x3\r\n",
          "Content-Length: 3 3\r\n",
          "Content-Length: 99999999999999999999999\r\n",
          "Content-Length:\r\n",
          "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding: chunked, chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length : 3\r\n",
          " Content-Length: 3\r\n",
          "X: a\r\n b\r\nContent-Length: 3\r\n",
          "X: a\nContent-Length: 3\r\n",
          "X: a\rb\r\nContent-Length: 3\r\n",
          "X\r\n"}) {
        INFO(head);
        CHECK(
            failure("HTTP/1.1 200 OK\r\n" + std::string(head) + "\r\n3\r\nabc\r\n0\r\n\r\n") ==
            errc::malformed_reply
        );
    }
    std::string nul = "HTTP/1.1 200 OK\r\nX: a b\r\nContent-Length: 3\r\n\r\nabc";
    nul[nul.find("a b") + 1] = '\0';
    CHECK(failure(nul) == errc::malformed_reply);
    CHECK(failure("HTTP/2 200 OK\r\n\r\n") == errc::malformed_reply);
    CHECK(failure("HTTP/1.1 20 OK\r\n\r\n") == errc::malformed_reply);
    CHECK(failure("HTTP/1.1 999 OK\r\n\r\n") == errc::malformed_reply);
    CHECK(failure("220 smtp.example ESMTP\r\n") == errc::malformed_reply);
    CHECK(failure("HTTP/1.1 200 OK\n\n") == errc::malformed_reply);
    CHECK(
        failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") ==
        errc::malformed_reply
    );
    CHECK(
        failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n") ==
        errc::malformed_reply
    );
}

TEST_CASE("what is larger than its bound is refused, whatever the server promises") {
    HttpLimits const small(200, 3, 10);
    auto const ok = "HTTP/1.1 200 OK\r\n";
    std::string const x(300, 'x');
    CHECK(failure(std::string(ok) + "A: " + x + "\r\n\r\n", small) == errc::limit_exceeded);
    CHECK(failure(ok + x, small) == errc::limit_exceeded);
    CHECK(
        failure(std::string(ok) + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", small) ==
        errc::limit_exceeded
    );
    CHECK(failure(std::string(ok) + "Content-Length: 11\r\n\r\n", small) == errc::limit_exceeded);
    CHECK(failure(std::string(ok) + "\r\n12345678901", small) == errc::limit_exceeded);
    auto const chunked = std::string(ok) + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(failure(chunked + "B\r\n12345678901", small) == errc::limit_exceeded);
    CHECK(failure(chunked + "6\r\n123456\r\n6\r\n123456\r\n", small) == errc::limit_exceeded);
    CHECK(failure(chunked + "1;" + x, small) == errc::limit_exceeded);
    CHECK(failure(chunked + "0\r\nA: " + x, small) == errc::limit_exceeded);
    CHECK(failure(std::string(ok) + "Content-Length: 10\r\n\r\n1234567890", small) == errc::ok);
}

TEST_CASE("a connection that isn't to be used again") {
    CHECK(!after("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").keep_alive());
    CHECK(!after("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keep_alive());
    CHECK(
        after("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n").keep_alive()
    );
    // Bytes that nobody asked for follow the reply.
    CHECK(!after("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n").keep_alive());
    CHECK(!after("HTTP/1.1 204 No Content\r\n\r\nbody").keep_alive());
}

TEST_CASE("a large body and a small one after it") {
    ResponseReader reader;
    std::string const body(5 * 1024 * 1024, 'b');
    for (int i = 0; i < 3; ++i) {
        reader.start(HttpMethod::get);
        feed(
            reader,
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body
        );
        REQUIRE(reader.progress() == Progress::done);
        CHECK(reader.take().body == body);
        reader.start(HttpMethod::get);
        CHECK(reader.prepare().size() <= 4096);
    }
}
