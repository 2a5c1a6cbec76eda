// SPDX-License-Identifier: BSL-1.0
// TLS over real sockets: whom the client trusts, what it says, what it resumes.

#include <hilum/http.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/loopback_server.hpp"
#include "support/test_certificate.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using hilum_test::as_result;
using hilum_test::LoopbackServer;
using hilum_test::TemporaryFile;
using hilum_test::TestCertificate;
namespace ssl = boost::asio::ssl;
using Socket = boost::asio::ip::tcp::socket;

namespace {

struct TlsServer {
    explicit TlsServer(TestCertificate const& c) : context(ssl::context::tls_server) {
        auto const chain = c.certificate() + c.ca();
        context.use_certificate_chain(boost::asio::buffer(chain));
        context.use_private_key(boost::asio::buffer(c.key()), ssl::context::pem);
    }

    Task<void> operator()(Socket socket, int) {
        ssl::stream<Socket> tls(std::move(socket), context);
        auto const shaken = co_await tls.async_handshake(ssl::stream_base::server, as_result);
        if (std::get<0>(shaken))
            co_return;
        if (char const* name = SSL_get_servername(tls.native_handle(), TLSEXT_NAMETYPE_host_name))
            server_name = name;
        resumed += SSL_session_reused(tls.native_handle());
        version = SSL_version(tls.native_handle());
        hilum_test::Peer<ssl::stream<Socket>> peer(std::move(tls));
        for (;;) {
            auto const request = co_await peer.request();
            if (request.empty())
                co_return;
            ++requests;
            if (answer_bytes.empty())
                co_await peer.answer(std::string(large, 'x'), headers);
            else
                co_await peer.say(answer_bytes);
            if (!answer_bytes.empty())
                co_return; // the socket closes without TLS saying so
        }
    }

    ssl::context context;
    std::string server_name;
    std::string answer_bytes;
    std::string headers;
    std::size_t large = 100;
    int requests = 0;
    int resumed = 0;
    int version = 0;
};

/// Collects the names of events.
class Recorder final : public Observer {
public:
    void on(EventView const& event, CallContext const&) noexcept override {
        std::string line(event.name());
        for (auto const& field : event.fields())
            if (auto const* truth = std::get_if<bool>(&field.value); truth && *truth)
                line.append(" ").append(field.name);
        lines.push_back(line);
    }

    std::vector<std::string> lines;
};

template <class F>
void run(boost::asio::io_context& io, LoopbackServer& server, F scenario) {
    std::exception_ptr failure;
    bool done = false;
    boost::asio::co_spawn(io, scenario(), [&](std::exception_ptr e) {
        failure = e;
        done = true;
        server.stop();
    });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
    REQUIRE(done);
}

Task<Result<HttpResponse>> get(
    BeastHttpClient& client, LoopbackServer& server, std::string host, Observer* observer = nullptr
) {
    CallContext cx;
    cx.observer = observer;
    HttpRequest const request(HttpMethod::get, server.origin(true, std::move(host)), "/");
    co_return co_await client.send(cx, request);
}

} // namespace

TEST_CASE("TLS: name verified, name said, connection kept, session resumed") {
    boost::asio::io_context io{1};
    TestCertificate const certificate("DNS:localhost,IP:127.0.0.1");
    TemporaryFile const ca(certificate.ca());
    TlsServer tls(certificate);
    LoopbackServer server(io, std::ref(tls));
    auto const max = GENERATE(TlsVersion::tls_1_2, TlsVersion::tls_1_3);
    BeastHttpClient client(
        io, HttpClientOptions().tls(TlsOptions().ca_file(ca.path()).max_version(max))
    );
    Recorder recorder;
    run(io, server, [&]() -> Task<void> {
        auto reply = co_await get(client, server, "localhost", &recorder);
        REQUIRE(reply.has_value());
        CHECK(reply->body == std::string(100, 'x'));
        CHECK(tls.server_name == "localhost");
        CHECK(tls.version == (max == TlsVersion::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION));
        tls.large = 300'000;
        tls.headers = "Connection: close\r\n";
        reply = co_await get(client, server, "localhost", &recorder);
        REQUIRE(reply.has_value());
        CHECK(reply->body.size() == 300'000);
        CHECK(tls.resumed == 0);
        CHECK(server.connections() == 1);
        reply = co_await get(client, server, "localhost", &recorder);
        REQUIRE(reply.has_value());
        CHECK(server.connections() == 2);
        CHECK(tls.resumed == 1);
        tls.headers.clear();
        reply = co_await get(client, server, "127.0.0.1", &recorder);
        REQUIRE(reply.has_value());
        CHECK(tls.resumed == 1); // another origin, another session
        client.close_resting();
    });
    CHECK(
        recorder.lines ==
        std::vector<std::string>{
            "connection_opened tls", "connection_opened tls resumed", "connection_opened tls"}
    );
}

TEST_CASE("TLS: what can't be trusted isn't spoken to") {
    boost::asio::io_context io{1};
    bool const expired = GENERATE(false, true);
    TestCertificate const certificate("DNS:other.example", expired);
    TestCertificate const stranger("DNS:localhost");
    TemporaryFile const ca(certificate.ca());
    TemporaryFile const wrong_ca(stranger.ca());
    TlsServer tls(certificate);
    LoopbackServer server(io, std::ref(tls));
    run(io, server, [&]() -> Task<void> {
        for (std::string const host : {"localhost", "127.0.0.1"}) {
            for (auto const& file : {ca.path(), wrong_ca.path()}) {
                BeastHttpClient client(io, HttpClientOptions().tls(TlsOptions().ca_file(file)));
                auto const reply = co_await get(client, server, host);
                REQUIRE(!reply);
                CHECK(reply.error() == errc::connection_failed);
                CHECK(reply.error().delivery() == Delivery::not_sent);
                CHECK_THAT(reply.error().message(), Catch::Contains("certificate"));
            }
        }
        BeastHttpClient everyday(io); // the system's store doesn't know it either
        auto const reply = co_await get(everyday, server, "localhost");
        REQUIRE(!reply);
        CHECK(reply.error() == errc::connection_failed);
    });
    CHECK(tls.requests == 0);
}

TEST_CASE("TLS: a body that ends with the socket, not with TLS, is truncated") {
    boost::asio::io_context io{1};
    TestCertificate const certificate("DNS:localhost");
    TemporaryFile const ca(certificate.ca());
    TlsServer tls(certificate);
    tls.answer_bytes = "HTTP/1.1 200 OK\r\n\r\nis this all?";
    LoopbackServer server(io, std::ref(tls));
    BeastHttpClient client(io, HttpClientOptions().tls(TlsOptions().ca_file(ca.path())));
    run(io, server, [&]() -> Task<void> {
        auto const reply = co_await get(client, server, "localhost");
        REQUIRE(!reply);
        CHECK(reply.error() == errc::truncated);
    });
}

TEST_CASE("TLS: a handshake that never ends, ends at its limit") {
    boost::asio::io_context io{1};
    LoopbackServer server(io, [](Socket socket, int) -> Task<void> {
        hilum_test::TcpPeer peer(std::move(socket));
        co_await peer.request(); // a greeting that is no request, until the client hangs up
    });
    BeastHttpClient client(io, HttpClientOptions().tls_timeout(20ms));
    run(io, server, [&]() -> Task<void> {
        auto const reply = co_await get(client, server, "127.0.0.1");
        REQUIRE(!reply);
        CHECK(reply.error() == errc::timeout);
        CHECK(reply.error().delivery() == Delivery::not_sent);
    });
}

TEST_CASE("TLS: settings that can't work are refused at once, by name") {
    boost::asio::io_context io{1};
    auto const field = [&](TlsOptions const& options) {
        try {
            BeastHttpClient client(io, HttpClientOptions().tls(options));
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return std::string();
    };
    TemporaryFile const nonsense("nothing");
    TestCertificate const certificate("DNS:a");
    TemporaryFile const good(certificate.certificate());
    CHECK(field(TlsOptions().ca_file("/nonexistent/ca.pem")) == "tls.ca_file");
    CHECK(field(TlsOptions().ca_file(nonsense.path())) == "tls.ca_file");
    CHECK(field(TlsOptions().certificate(good.path())) == "tls.private_key");
    CHECK(
        field(TlsOptions().certificate(good.path()).private_key(nonsense.path())) ==
        "tls.private_key"
    );
    CHECK_THROWS_AS(
        TlsOptions().max_version(TlsVersion::tls_1_2).min_version(TlsVersion::tls_1_3),
        ConfigurationError
    );
}
