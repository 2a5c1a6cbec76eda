// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/testing/detail/simulated_pipe.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// One end of a connection in a `SimulatedNetwork`: an AsyncReadStream and AsyncWriteStream, so
/// Asio's and Beast's composed operations work on it.
///
/// At most one read and one write at a time. Handlers are posted, never called inline. Cancellation
/// ends a read or write with `operation_aborted`. Destruction closes. One thread.
class SimulatedStream {
public:
    using executor_type = asio::any_io_executor;

    SimulatedStream(SimulatedStream&&) noexcept = default;

    SimulatedStream& operator=(SimulatedStream&& other) noexcept {
        if (this != &other) {
            close();
            wire_ = std::move(other.wire_);
            in_ = std::move(other.in_);
            out_ = std::move(other.out_);
            closed_ = other.closed_;
        }
        return *this;
    }

    ~SimulatedStream() { close(); }

    executor_type get_executor() const { return wire_->executor(); }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return asio::async_initiate<Token, void(detail::IoError, std::size_t)>(
            [in = in_](auto handler, asio::mutable_buffer into) {
                in->read(std::move(handler), into);
            },
            token,
            first<asio::mutable_buffer>(buffers)
        );
    }

    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return asio::async_initiate<Token, void(detail::IoError, std::size_t)>(
            [out = out_](auto handler, asio::const_buffer from) {
                out->write(std::move(handler), from);
            },
            token,
            first<asio::const_buffer>(buffers)
        );
    }

    /// In order: the other end reads what was written, then the end of the stream. Operations that
    /// wait here end with `operation_aborted`.
    void close() { end(asio::error::eof); }

    /// The other end reads what was written, then the end; this one may go on reading.
    void shutdown_send() {
        if (in_ && !closed_ && !wire_->closing())
            out_->end_after_all(asio::error::eof);
    }

    /// Both ends find the connection reset; what has arrived before can still be read.
    void reset() { end(asio::error::connection_reset); }

    /// Whether the connection is open and nothing unread has arrived: what a pool asks before it
    /// uses a connection again.
    bool is_alive() const noexcept { return in_ && in_->idle(); }

    /// Two ends that are connected with each other; `name` begins their lines in the trace.
    static std::pair<SimulatedStream, SimulatedStream> connected(
        std::shared_ptr<detail::SimulatedWire> wire,
        NetworkConditions const& conditions,
        std::string const& name
    ) {
        auto up = std::make_shared<detail::SimulatedPipe>(wire, conditions, name + ">");
        auto down = std::make_shared<detail::SimulatedPipe>(wire, conditions, name + "<");
        up->pair_with(down);
        down->pair_with(up);
        return {SimulatedStream(wire, down, up), SimulatedStream(wire, up, down)};
    }

private:
    using Pipe = std::shared_ptr<detail::SimulatedPipe>;

    SimulatedStream(std::shared_ptr<detail::SimulatedWire> wire, Pipe in, Pipe out)
        : wire_(std::move(wire)), in_(std::move(in)), out_(std::move(out)) {}

    void end(detail::IoError ec) {
        if (!in_ || closed_ || wire_->closing())
            return;
        closed_ = true;
        out_->end_after_all(ec);
        in_->abandon();
    }

    template <class Buffer, class Buffers>
    static Buffer first(Buffers const& buffers) {
        auto const end = asio::buffer_sequence_end(buffers);
        for (auto at = asio::buffer_sequence_begin(buffers); at != end; ++at)
            if (Buffer const buffer(*at); buffer.size() != 0)
                return buffer;
        return {};
    }

    std::shared_ptr<detail::SimulatedWire> wire_;
    Pipe in_, out_;
    bool closed_ = false;
};

} // namespace hilum::inline HILUM_ABI
