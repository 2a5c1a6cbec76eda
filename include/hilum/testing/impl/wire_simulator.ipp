// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/wire_simulator.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/core/exceptions.hpp>
#include <hilum/testing/detail/bedrock_wire.hpp>
#include <hilum/testing/detail/openai_wire.hpp>
#include <hilum/testing/detail/wire_session.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>

#include <openssl/x509v3.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

namespace hilum::inline HILUM_ABI {

class WireSimulator::State : public detail::WireBackend,
                             public std::enable_shared_from_this<WireSimulator::State> {
public:
    State(asio::any_io_executor executor, WireSimulatorOptions options)
        : executor_(std::move(executor)), options_(std::move(options)), faults_(options_.faults),
          openai_(detail::SimulatedModel(options_.seed), options_.api_key),
          bedrock_(detail::SimulatedModel(options_.seed), options_.api_key, options_.aws_keys) {}

    Clock clock() const override { return options_.environment.clock; }

    std::uint32_t max_header() const override { return options_.max_header; }

    std::uint64_t max_body() const override { return options_.max_body; }

    Answer answer(detail::WireRequest request) override {
        Answer out;
        WireRecord record;
        {
            std::lock_guard const lock(mutex_);
            record.number = ++requests_;
            out.fault = faults_.at(requests_ - faults_since_, options_.seed);
        }
        out.reply = reply_to(request, out.fault, record.number);
        record.method = request.method;
        record.target = request.target;
        record.fault = out.fault.applied;
        record.status = out.fault.stall || out.fault.reset_at == 0u ? 0 : out.reply.status;
        record.body_size = request.body.size();
        if (options_.keep_bodies) {
            record.body = std::move(request.body);
            record.headers = std::move(request.headers);
        }
        if (options_.on_request)
            options_.on_request(record);
        std::lock_guard const lock(mutex_);
        if (records_.size() < options_.max_records)
            records_.push_back(std::move(record));
        return out;
    }

    void listen(std::uint16_t port) {
        using asio::ip::tcp;
        if (options_.certificate_file.empty() != options_.key_file.empty())
            throw ConfigurationError("key_file", "TLS needs a certificate and a key");
        std::string host = "127.0.0.1";
        if (!options_.certificate_file.empty()) {
            tls_.emplace(asio::ssl::context::tls_server);
            host = load_certificate();
        }
        auto const acceptor = std::make_shared<tcp::acceptor>(asio::make_strand(executor_));
        boost::system::error_code ec;
        tcp::endpoint const at(asio::ip::address_v4::loopback(), port);
        acceptor->open(at.protocol(), ec);
        if (!ec)
            acceptor->set_option(asio::socket_base::reuse_address(true), ec);
        if (!ec)
            acceptor->bind(at, ec);
        if (!ec)
            acceptor->listen(asio::socket_base::max_listen_connections, ec);
        if (ec)
            throw ConfigurationError(
                "port", "127.0.0.1:" + std::to_string(port) + ": " + ec.message()
            );
        {
            std::lock_guard const lock(mutex_);
            url_ = (tls_ ? "https://" : "http://") + host + ":" +
                   std::to_string(acceptor->local_endpoint().port());
            acceptor_ = acceptor;
        }
        asio::co_spawn(
            acceptor->get_executor(), accept(shared_from_this(), acceptor), asio::detached
        );
    }

    std::string url() const {
        std::lock_guard const lock(mutex_);
        return url_;
    }

    void stop() {
        std::lock_guard const lock(mutex_);
        if (auto const acceptor = std::exchange(acceptor_, nullptr))
            asio::post(acceptor->get_executor(), [acceptor] {
                boost::system::error_code ignored;
                acceptor->close(ignored);
            });
        for (auto const& [id, session] : std::exchange(sessions_, {}))
            asio::post(session->executor, [session = session] {
                session->signal.emit(asio::cancellation_type::terminal);
            });
    }

    std::size_t requests() const {
        std::lock_guard const lock(mutex_);
        return requests_;
    }

    std::vector<WireRecord> records() const {
        std::lock_guard const lock(mutex_);
        return records_;
    }

    void script(FaultPlan faults) {
        std::lock_guard const lock(mutex_);
        faults_ = std::move(faults);
        faults_since_ = requests_;
    }

private:
    class Session {
    public:
        explicit Session(asio::any_io_executor e) : executor(std::move(e)) {}

        asio::any_io_executor executor;
        asio::cancellation_signal signal;
    };

    detail::WireReply reply_to(
        detail::WireRequest const& request, Fault const& fault, std::uint64_t number
    ) const {
        bool const openai = !detail::openai_path(request.path()).empty();
        detail::WireReply reply;
        if (fault.status != 0) {
            std::string code;
            for (auto const& [name, value] : fault.headers)
                if (name == "code")
                    code = value;
            auto const quote = detail::quote_of(request.body);
            reply = openai ? detail::OpenAiWire::error(fault.status, code, quote)
                           : detail::BedrockWire::error(fault.status, code, quote);
            for (auto const& [name, value] : fault.headers)
                if (name != "code")
                    reply.header(name, value);
        } else if (openai) {
            auto const now = options_.environment.clock.wall().time_since_epoch();
            auto const created = std::chrono::duration_cast<std::chrono::seconds>(now).count();
            reply = openai_.answer(request, number, created);
        } else if (detail::BedrockWire::is_meant(request.path()))
            reply = bedrock_.answer(request, number);
        else
            reply = detail::OpenAiWire::error(404, "", "");
        if (fault.malformed) {
            reply.body = "{\"choices\": [{\"message\": <not JSON>";
            if (!reply.chunks.empty()) {
                reply.body = "data: " + reply.body + "\n\n";
                reply.chunks.assign(1, reply.body.size());
            }
        }
        return reply;
    }

    /// Loads the files; the name that a client can verify.
    std::string load_certificate() {
        boost::system::error_code ec;
        tls_->set_options(
            asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
            asio::ssl::context::no_tlsv1_1
        );
        tls_->use_certificate_chain_file(options_.certificate_file, ec);
        if (ec)
            throw ConfigurationError("certificate_file", "can't be used: " + ec.message());
        tls_->use_private_key_file(options_.key_file, asio::ssl::context::pem, ec);
        if (ec)
            throw ConfigurationError("key_file", "can't be used: " + ec.message());
        auto* const certificate = SSL_CTX_get0_certificate(tls_->native_handle());
        bool const by_address = X509_check_ip_asc(certificate, "127.0.0.1", 0) == 1;
        bool const by_name = X509_check_host(certificate, "localhost", 0, 0, nullptr) == 1;
        return by_name && !by_address ? "localhost" : "127.0.0.1";
    }

    static Task<void> accept(
        std::shared_ptr<State> self, std::shared_ptr<asio::ip::tcp::acceptor> acceptor
    ) {
        for (;;) {
            auto const strand = asio::any_io_executor(asio::make_strand(self->executor_));
            auto accepted =
                co_await acceptor->async_accept(strand, asio::as_tuple(asio::use_awaitable));
            auto const ec = std::get<0>(accepted);
            if (!acceptor->is_open() || ec == asio::error::operation_aborted)
                co_return;
            if (ec) {
                // Out of descriptors, most likely: they come back when sessions end.
                Clock const clock;
                co_await sleep_until(clock, clock.now() + std::chrono::milliseconds(10));
                continue;
            }
            self->start(strand, std::move(std::get<1>(accepted)));
        }
    }

    void start(asio::any_io_executor const& strand, asio::ip::tcp::socket socket) {
        auto const session = std::make_shared<Session>(strand);
        // Started on its strand and queued under the lock: what `stop` queues there comes after.
        std::lock_guard const lock(mutex_);
        if (!acceptor_)
            return; // stopped meanwhile
        auto const id = next_session_++;
        sessions_.emplace(id, session);
        auto begin =
            [self = shared_from_this(), id, session, socket = std::move(socket)]() mutable {
                auto ended = [self, id, session](std::exception_ptr) {
                    std::lock_guard const locked(self->mutex_);
                    self->sessions_.erase(id);
                };
                asio::co_spawn(
                    session->executor,
                    serve(self, std::move(socket)),
                    asio::bind_cancellation_slot(session->signal.slot(), std::move(ended))
                );
            };
        asio::post(strand, std::move(begin));
    }

    static Task<void> serve(std::shared_ptr<State> self, asio::ip::tcp::socket socket) {
        boost::system::error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        if (!self->tls_) {
            co_await detail::run_session(socket, self);
            co_return;
        }
        detail::TlsStream stream(std::move(socket), *self->tls_);
        auto const shaken = co_await stream.async_handshake(
            asio::ssl::stream_base::server, asio::as_tuple(asio::use_awaitable)
        );
        if (!std::get<0>(shaken))
            co_await detail::run_session(stream, self);
    }

    asio::any_io_executor executor_;
    WireSimulatorOptions options_;
    FaultPlan faults_;
    detail::OpenAiWire openai_;
    detail::BedrockWire bedrock_;
    std::optional<asio::ssl::context> tls_;

    std::mutex mutable mutex_; // guards what follows, and faults_
    std::size_t requests_ = 0, faults_since_ = 0;
    std::vector<WireRecord> records_;
    std::string url_;
    std::shared_ptr<asio::ip::tcp::acceptor> acceptor_;
    std::uint64_t next_session_ = 0;
    std::map<std::uint64_t, std::shared_ptr<Session>> sessions_;
};

namespace detail {

inline Task<void> run_simulated_session(
    std::shared_ptr<WireBackend> backend, SimulatedStream stream
) {
    co_await run_session(stream, std::move(backend));
}

} // namespace detail

HILUM_DECL
WireSimulator::WireSimulator(asio::any_io_executor executor, WireSimulatorOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

HILUM_DECL WireSimulator::~WireSimulator() { stop(); }

HILUM_DECL void WireSimulator::listen(std::uint16_t port) { state_->listen(port); }

HILUM_DECL std::string WireSimulator::url() const { return state_->url(); }

HILUM_DECL void WireSimulator::serve(SimulatedNetwork& network, std::string_view url) {
    network.serve(url, [state = state_](SimulatedStream stream) {
        return detail::run_simulated_session(state, std::move(stream));
    });
}

HILUM_DECL Task<void> WireSimulator::session(SimulatedStream stream) {
    return detail::run_simulated_session(state_, std::move(stream));
}

HILUM_DECL void WireSimulator::stop() { state_->stop(); }

HILUM_DECL std::size_t WireSimulator::requests() const { return state_->requests(); }

HILUM_DECL std::vector<WireRecord> WireSimulator::records() const { return state_->records(); }

HILUM_DECL void WireSimulator::script(FaultPlan faults) { state_->script(std::move(faults)); }

} // namespace hilum::inline HILUM_ABI
