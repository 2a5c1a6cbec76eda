// SPDX-License-Identifier: BSL-1.0
// The wire simulator over real sockets: both ends in one thread, TCP and TLS.
#include <hilum/testing/wire_simulator.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

std::string const body =
    R"({"model":"m","messages":[{"role":"user","content":"hello ZID001K7QX2M9R4TBVW"}]})";

std::string request(std::string const& target = "/v1/chat/completions") {
    return "POST " + target +
           " HTTP/1.1\r\nHost: simulator\r\nConnection: close\r\n"
           "Authorization: Bearer test-key\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint16_t port_of(std::string const& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

// What came back, and how the connection ended.
class Raw {
public:
    Raw() = default;

    std::string wire;
    boost::system::error_code end;
};

template <class Stream>
Task<Raw> talk(Stream& stream, std::string text) {
    Raw out;
    co_await asio::async_write(stream, asio::buffer(text), tuple);
    std::array<char, 4096> buffer;
    while (!out.end) {
        auto const got = co_await stream.async_read_some(asio::buffer(buffer), tuple);
        out.end = std::get<0>(got);
        out.wire.append(buffer.data(), std::get<1>(got));
    }
    co_return out;
}

Task<Raw> over_tcp(std::string url, std::string text) {
    tcp::socket socket(co_await asio::this_coro::executor);
    tcp::endpoint const to(asio::ip::address_v4::loopback(), port_of(url));
    co_await socket.async_connect(to, tuple);
    co_return co_await talk(socket, std::move(text));
}

std::string status(Raw const& raw) { return raw.wire.substr(9, 3); }

WireSimulatorOptions with(std::string_view faults) {
    WireSimulatorOptions options;
    options.faults = FaultPlan::parse(faults).value();
    return options;
}

// Runs a scenario with a simulator of its own; ends only when all of the simulator has ended.
template <class Scenario>
void run_with(WireSimulatorOptions options, Scenario scenario) {
    asio::io_context io(1);
    std::exception_ptr failure;
    auto simulator = std::make_unique<WireSimulator>(io.get_executor(), std::move(options));
    simulator->listen();
    asio::co_spawn(io, scenario(*simulator), [&](std::exception_ptr e) {
        failure = std::move(e);
        simulator.reset();
    });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}

// A certificate of its own for one host, as PEM files in a folder that goes with it.
class Certificate {
public:
    explicit Certificate(char const* alternative_name)
        : folder_(std::filesystem::temp_directory_path() / ("hilum-" + Random().uuid())) {
        std::filesystem::create_directory(folder_);
        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(
            EVP_EC_gen("P-256"), &EVP_PKEY_free
        );
        std::unique_ptr<X509, decltype(&X509_free)> const x509(X509_new(), &X509_free);
        X509_set_version(x509.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
        X509_set_pubkey(x509.get(), key.get());
        auto* const name = X509_get_subject_name(x509.get());
        X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("simulator"), -1, -1, 0
        );
        X509_set_issuer_name(x509.get(), name);
        auto* const extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name);
        X509_add_ext(x509.get(), extension, -1);
        X509_EXTENSION_free(extension);
        X509_sign(x509.get(), key.get(), EVP_sha256());
        write(certificate(), [&](std::FILE* f) { PEM_write_X509(f, x509.get()); });
        write(private_key(), [&](std::FILE* f) {
            PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    ~Certificate() { std::filesystem::remove_all(folder_); }

    std::string certificate() const { return folder_ / "cert.pem"; }

    std::string private_key() const { return folder_ / "key.pem"; }

private:
    template <class F>
    static void write(std::string const& path, F f) {
        auto* const file = std::fopen(path.c_str(), "w");
        f(file);
        std::fclose(file);
    }

    std::filesystem::path folder_;
};

Task<Raw> over_tls(std::string url, std::string host, std::string ca, std::string text) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.load_verify_file(ca);
    context.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<tcp::socket> stream(co_await asio::this_coro::executor, context);
    auto* const parameters = SSL_get0_param(stream.native_handle());
    if (host == "localhost")
        X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), 0);
    else
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
    tcp::endpoint const to(asio::ip::address_v4::loopback(), port_of(url));
    co_await stream.next_layer().async_connect(to, tuple);
    auto const shaken = co_await stream.async_handshake(asio::ssl::stream_base::client, tuple);
    if (std::get<0>(shaken)) {
        Raw out;
        out.end = std::get<0>(shaken);
        co_return out;
    }
    co_return co_await talk(stream, std::move(text));
}

} // namespace

TEST_CASE("the wire simulator answers over TCP and counts") {
    auto scenario = [](WireSimulator& simulator) -> Task<void> {
        CHECK(simulator.url().starts_with("http://127.0.0.1:"));
        auto const chat = co_await over_tcp(simulator.url(), request());
        CHECK(status(chat) == "200");
        CHECK(chat.end == asio::error::eof);
        auto const other = co_await over_tcp(simulator.url(), request("/nothing"));
        CHECK(status(other) == "404");
        CHECK(simulator.requests() == 2);
    };
    run_with(WireSimulatorOptions(), scenario);
}

TEST_CASE("its faults are real on the wire") {
    auto scenario = [](WireSimulator& simulator) -> Task<void> {
        auto const reset = co_await over_tcp(simulator.url(), request());
        CHECK(reset.end == asio::error::connection_reset);
        CHECK(reset.wire.size() == 20);
        auto const cut = co_await over_tcp(simulator.url(), request());
        CHECK(cut.end == asio::error::eof);
        CHECK(cut.wire.ends_with("\r\n\r\n{\"id\""));
        auto const begun = std::chrono::steady_clock::now();
        auto const late = co_await over_tcp(simulator.url(), request());
        CHECK(status(late) == "200");
        CHECK(std::chrono::steady_clock::now() - begun >= 20ms);
        auto const throttled = co_await over_tcp(simulator.url(), request());
        CHECK(status(throttled) == "429");
        CHECK(throttled.wire.find("retry-after: 1") != std::string::npos);
    };
    run_with(with("reset:20@1,truncate:5@2,delay:20@3,status:429;retry-after=1@4"), scenario);
}

TEST_CASE("a refused request gets its answer before the connection ends") {
    auto options = WireSimulatorOptions();
    options.max_body = 1000;
    auto scenario = [](WireSimulator& simulator) -> Task<void> {
        std::string const large(200'000, 'x');
        auto text = request();
        text =
            text.substr(0, text.find("Content-Length")) + "Content-Length: 200000\r\n\r\n" + large;
        auto const refused = co_await over_tcp(simulator.url(), text);
        CHECK(status(refused) == "413");
        CHECK(simulator.requests() == 0);
    };
    run_with(options, scenario);
}

TEST_CASE("stopping ends what stalls") {
    auto scenario = [](WireSimulator& simulator) -> Task<void> {
        tcp::socket socket(co_await asio::this_coro::executor);
        tcp::endpoint const to(asio::ip::address_v4::loopback(), port_of(simulator.url()));
        co_await socket.async_connect(to, tuple);
        auto const text = request();
        co_await asio::async_write(socket, asio::buffer(text), tuple);
        while (simulator.requests() == 0)
            co_await asio::post(asio::use_awaitable);
        simulator.stop();
        std::array<char, 8> buffer;
        auto const got = co_await socket.async_read_some(asio::buffer(buffer), tuple);
        CHECK(std::get<0>(got));
    };
    run_with(with("stall"), scenario);
}

TEST_CASE("TLS, with the host that the certificate names") {
    for (std::string const host : {"127.0.0.1", "localhost"}) {
        Certificate const certificate(host == "localhost" ? "DNS:localhost" : "IP:127.0.0.1");
        auto options = with("reset@2");
        options.certificate_file = certificate.certificate();
        options.key_file = certificate.private_key();
        auto scenario = [&](WireSimulator& simulator) -> Task<void> {
            auto const url = simulator.url();
            CHECK(url.starts_with("https://" + host + ":"));
            auto const chat = co_await over_tls(url, host, certificate.certificate(), request());
            CHECK(status(chat) == "200");
            CHECK(chat.end == asio::error::eof);
            auto const reset = co_await over_tls(url, host, certificate.certificate(), request());
            CHECK(reset.end);
            CHECK(reset.wire.empty());
        };
        run_with(options, scenario);
    }
}

TEST_CASE("what can't work is named when it begins to listen") {
    asio::io_context io(1);
    WireSimulator first(io.get_executor());
    first.listen();
    WireSimulator second(io.get_executor());
    CHECK_THROWS_AS(second.listen(port_of(first.url())), ConfigurationError);
    WireSimulatorOptions options;
    options.certificate_file = "/nonexistent/cert.pem";
    auto const field = [&] {
        WireSimulator simulator(io.get_executor(), options);
        try {
            simulator.listen();
        } catch (ConfigurationError const& e) {
            return e.field();
        }
        return std::string("nothing");
    };
    CHECK(field() == "key_file");
    options.key_file = "/nonexistent/key.pem";
    CHECK(field() == "certificate_file");
}
