// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The bodies of `BasicBeastHttpClient`, for those who instantiate it over a `Network` of their
/// own.

#include <hilum/http/basic_beast_http_client.hpp>
#include <hilum/http/detail/cancellation.hpp>
#include <hilum/http/detail/connection_pool.hpp>
#include <hilum/http/detail/watchdog.hpp>
#include <hilum/http/events.hpp>
#include <hilum/http/request_writer.hpp>
#include <hilum/http/response_reader.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// One connection of a client, with everything that is reused with it.
template <class Stream>
class HttpConnection {
public:
    HttpConnection(std::unique_ptr<Stream> s, HttpLimits const& limits, Clock clock)
        : stream(std::move(s)), watchdog(stream->get_executor(), clock), reader(limits) {}

    HttpConnection(HttpConnection const&) = delete;
    HttpConnection& operator=(HttpConnection const&) = delete;

    std::unique_ptr<Stream> stream;
    WatchdogOwner<Stream> watchdog;
    ResponseReader reader;
    std::string out;
    Clock::time_point usable_until{};
    bool used = false;
};

template <class Stream>
std::size_t try_write_some(Stream& stream, asio::const_buffer from) {
    if constexpr (requires { stream.try_write_some(from); })
        return stream.try_write_some(from);
    else
        return 0;
}

template <class Stream>
bool was_resumed(Stream& stream) {
    if constexpr (requires { stream.resumed(); })
        return stream.resumed();
    else
        return false;
}

} // namespace detail

template <class Network>
class BasicBeastHttpClient<Network>::State {
public:
    using Stream = typename Network::stream_type;
    using Connection = detail::HttpConnection<Stream>;
    using Pool = detail::ConnectionPool<Connection>;
    using Lease = typename Pool::Lease;

    State(std::unique_ptr<Network> n, HttpClientOptions o)
        : network(std::move(n)), options(std::move(o)), clock(network->environment().clock),
          pool(options.max_connections()) {}

    /// A buffer that one large request made large isn't kept.
    static constexpr std::size_t kept_buffer = 64 * 1024;

    std::unique_ptr<Network> network;
    HttpClientOptions options;
    Clock clock;
    Pool pool;
};

/// One `send`: where it stands, and the steps that make it up.
template <class Network>
class BasicBeastHttpClient<Network>::Exchange {
    using Stream = typename State::Stream;
    using Connection = typename State::Connection;
    using Lease = typename State::Lease;
    using Limit = typename detail::Watchdog<Stream>::Limit;

public:
    static Task<Result<HttpResponse>> run(
        std::shared_ptr<State> state, CallContext& cx, HttpRequest const& request
    ) {
        auto const cancel_state = co_await asio::this_coro::cancellation_state;
        Exchange self(*state, cx, request, detail::Cancellation(cancel_state));
        if (!request.well_formed())
            co_return Error(errc::invalid_request, "the request holds what may not be sent");
        auto const& origin = *request.origin;
        if (!state->options.allows(origin))
            co_return Error(
                errc::invalid_request,
                "plain HTTP goes to loopback only, unless allow_plain_http names the host"
            );
        auto now = state->clock.now();
        self.start(now);
        if (self.deadline_ <= now)
            co_return self.timed_out("the deadline had passed before the request was sent");

        auto lease = state->pool.try_acquire(origin, now);
        if (!lease) {
            auto waited = co_await self.wait_in_line();
            if (!waited)
                co_return waited.error();
            lease = std::move(*waited);
            now = state->clock.now();
        }
        for (;;) {
            while (lease.connection && !lease.connection->stream->is_alive()) {
                cx.emit(ConnectionStale{origin.host});
                state->pool.refill(lease, now);
            }
            if (!lease.connection) {
                if (self.cancelled_())
                    co_return self.stopped();
                auto opened = co_await self.open();
                if (!opened)
                    co_return opened.error();
                lease.connection = std::move(*opened);
                now = state->clock.now();
            }
            // From here on this frame does the work itself: no further coroutine on the way.
            auto& connection = *lease.connection;
            auto& stream = *connection.stream;
            auto& reader = connection.reader;
            if (auto const why =
                    write_request(connection.out, request, state->options.user_agent());
                !why.empty()) {
                state->pool.give_back(std::move(lease), now);
                co_return Error(errc::invalid_request, why);
            }
            reader.start(request.method);
            self.sent_ = false;
            boost::system::error_code ec;
            connection.watchdog->watch(
                stream, self.deadline_, Clock::after(now, state->options.first_byte_timeout())
            );
            std::size_t written = detail::try_write_some(stream, asio::buffer(connection.out));
            self.sent_ = written != 0 || origin.tls;
            while (written < connection.out.size()) {
                if (self.cancelled_()) {
                    ec = asio::error::operation_aborted;
                    break;
                }
                auto const rest = asio::buffer(connection.out) + written;
                auto const wrote = co_await stream.async_write_some(rest, detail::as_result);
                written += std::get<1>(wrote);
                self.sent_ = self.sent_ || written != 0;
                ec = std::get<0>(wrote);
                if (ec)
                    break;
            }
            while (!ec && reader.progress() == ResponseReader::Progress::more) {
                if (self.cancelled_()) {
                    ec = asio::error::operation_aborted;
                    break;
                }
                auto const space = reader.prepare();
                auto const into = asio::buffer(space.data(), space.size());
                auto const got = co_await stream.async_read_some(into, detail::as_result);
                ec = std::get<0>(got);
                if (!ec && reader.commit(std::get<1>(got)) == ResponseReader::Progress::more)
                    self.expect_more(connection);
            }
            auto const limit = connection.watchdog->release();
            if (ec && limit == Limit::none && ec != asio::error::operation_aborted &&
                reader.got_some()) {
                reader.end_of_stream(ec == asio::error::eof);
                ec = {};
            }
            if (!ec && reader.progress() == ResponseReader::Progress::done) {
                auto response = reader.take();
                self.finish(std::move(lease), limit);
                co_return response;
            }
            if (limit != Limit::none)
                co_return self.timed_out(limit);
            if (self.cancelled_() || ec == asio::error::operation_aborted)
                co_return self.stopped();
            if (!ec)
                co_return self.bad(reader.error());
            if (!self.may_send_again(connection))
                co_return self.lost(ec);
            lease.connection.reset(); // and not another one that has rested as long
        }
    }

private:
    Exchange(State& state, CallContext& cx, HttpRequest const& request, detail::Cancellation c)
        : state_(state), cx_(cx), request_(request), cancelled_(std::move(c)) {}

    void start(Clock::time_point now) {
        auto const own = Clock::after(now, state_.options.timeout());
        deadline_ = std::min(cx_.deadline, own);
        scope_ = cx_.deadline <= own ? cx_.deadline_scope : Scope::attempt;
        idle_ = std::min(state_.options.idle_timeout(), cx_.idle_timeout);
    }

    Task<Result<Lease>> wait_in_line() {
        auto executor = co_await asio::this_coro::executor;
        auto const parking = std::make_shared<detail::Parking>(executor, state_.clock);
        auto const since = state_.clock.now();
        typename State::Pool::Ticket ticket;
        auto lease = state_.pool.enqueue(*request_.origin, ticket, parking, since);
        if (!lease) {
            if (cancelled_())
                co_return stopped();
            co_await parking->async_wait_until(deadline_, detail::as_result);
            lease = state_.pool.take(ticket);
        }
        if (cancelled_())
            co_return stopped();
        if (!lease)
            co_return timed_out("all connections to the host are in use");
        cx_.emit(ConnectionAwaited{request_.origin->host, state_.clock.now() - since});
        co_return std::move(lease);
    }

    Task<Result<std::unique_ptr<Connection>>> open() {
        auto const& origin = *request_.origin;
        auto const since = state_.clock.now();
        auto const limit = Clock::after(since, state_.options.connect_timeout());
        auto opened = co_await state_.network->connect(cx_, origin, std::min(deadline_, limit));
        if (!opened) {
            Error error(opened.error());
            if (error == errc::timeout)
                error = std::move(error).with(deadline_ <= limit ? scope_ : Scope::attempt);
            co_return std::move(error).with(Delivery::not_sent);
        }
        auto const now = state_.clock.now();
        cx_.emit(ConnectionOpened{
            origin.host, origin.tls, detail::was_resumed(**opened), now - since});
        auto connection =
            std::make_unique<Connection>(std::move(*opened), state_.options.limits(), state_.clock);
        connection->usable_until = Clock::after(now, state_.options.keep_alive());
        co_return std::move(connection);
    }

    /// Something came, but not all.
    void expect_more(Connection& connection) const {
        if (idle_ != Clock::duration::max())
            connection.watchdog->progress(Clock::after(state_.clock.now(), idle_));
    }

    /// Whether a connection that broke before the reply began may be replaced by another.
    bool may_send_again(Connection const& connection) {
        if (!connection.used)
            return false;
        if (!sent_)
            return true;
        if (resent_ || !is_idempotent(request_.method))
            return false;
        resent_ = true;
        cx_.emit(RequestResent{request_.origin->host});
        return true;
    }

    /// The reply is complete: the connection rests, or ends.
    void finish(Lease lease, Limit limit) const {
        auto& connection = *lease.connection;
        if (limit != Limit::none || !connection.reader.keep_alive())
            return;
        auto keep = state_.options.keep_alive();
        if (auto const server = connection.reader.keep_alive_timeout())
            keep = std::min<Clock::duration>(keep, *server - std::chrono::seconds(1));
        if (connection.out.capacity() > State::kept_buffer)
            std::string().swap(connection.out);
        auto const now = state_.clock.now();
        connection.used = true;
        connection.usable_until = now + keep;
        state_.pool.give_back(std::move(lease), now);
    }

    Delivery delivery() const noexcept { return sent_ ? Delivery::unknown : Delivery::not_sent; }

    Error stopped() const { return Error(errc::cancelled).with(delivery()); }

    Error timed_out(char const* what) const {
        return Error(errc::timeout, scope_, what).with(delivery());
    }

    Error timed_out(Limit limit) const {
        switch (limit) {
        case Limit::first_byte:
            return Error(errc::timeout, Scope::first_token, "the reply didn't begin in time")
                .with(delivery());
        case Limit::idle:
            return Error(errc::timeout, Scope::idle, "the reply stopped coming").with(delivery());
        case Limit::none:
        case Limit::deadline:
            break;
        }
        return timed_out("the reply didn't come in time");
    }

    /// What came isn't a reply, or not a whole one.
    static Error bad(Error error) {
        if (error == errc::truncated)
            return std::move(error).with(Delivery::unknown);
        return error;
    }

    Error lost(boost::system::error_code ec) const {
        auto const text = "the connection to " + request_.origin->host +
                          " broke: " + (ec == asio::error::eof ? "closed by peer" : ec.message());
        return Error(sent_ ? errc::connection_lost : errc::connection_failed, text)
            .with(delivery());
    }

    State& state_;
    CallContext& cx_;
    HttpRequest const& request_;
    detail::Cancellation cancelled_;
    Clock::time_point deadline_ = Clock::never;
    Clock::duration idle_{};
    Scope scope_ = Scope::none;
    bool sent_ = false;
    bool resent_ = false;
};

template <class Network>
BasicBeastHttpClient<Network>::BasicBeastHttpClient(
    asio::any_io_executor executor, HttpClientOptions options, Environment env
)
    : BasicBeastHttpClient(std::make_unique<Network>(std::move(executor), options, env), options) {}

template <class Network>
BasicBeastHttpClient<Network>::BasicBeastHttpClient(
    std::unique_ptr<Network> network, HttpClientOptions options
)
    : state_(std::make_shared<State>(std::move(network), std::move(options))) {}

template <class Network>
Task<Result<HttpResponse>> BasicBeastHttpClient<Network>::send(
    CallContext& cx, HttpRequest const& request
) {
    return Exchange::run(state_, cx, request);
}

template <class Network>
Environment BasicBeastHttpClient<Network>::environment() const {
    return state_->network->environment();
}

template <class Network>
ConnectionCounts BasicBeastHttpClient<Network>::connections() const {
    auto const counts = state_->pool.counts();
    ConnectionCounts out;
    out.open = counts.open;
    out.resting = counts.resting;
    out.waiting = counts.waiting;
    return out;
}

template <class Network>
void BasicBeastHttpClient<Network>::close_resting() {
    state_->pool.clear();
}

} // namespace hilum::inline HILUM_ABI
