// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/manual_clock.hpp>
#include <hilum/core/random.hpp>
#include <hilum/testing/network_conditions.hpp>
#include <hilum/testing/trace.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

using IoError = boost::system::error_code;

/// A read or write that waits, whatever its handler is. (any_completion_handler of Boost 1.81
/// recurses when it is constructed from an lvalue.)
class PendingIo {
public:
    virtual ~PendingIo() = default;
    /// Posted, never called inline; the cancellation slot is cleared first.
    virtual void complete(asio::any_io_executor const& fallback, IoError ec, std::size_t n) = 0;
};

template <class Handler>
class PendingIoOf final : public PendingIo {
public:
    explicit PendingIoOf(Handler handler) : handler_(std::move(handler)) {}

    void complete(asio::any_io_executor const& fallback, IoError ec, std::size_t n) override {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        auto const executor = asio::get_associated_executor(handler_, fallback);
        auto done = [handler = std::move(handler_), ec, n]() mutable { std::move(handler)(ec, n); };
        asio::post(executor, std::move(done));
    }

private:
    Handler handler_;
};

class SimulatedPipe;

/// What all connections of one simulation share. Streams keep it alive; once `closing` it touches
/// neither context nor clock.
class SimulatedWire {
public:
    SimulatedWire(asio::io_context& io, ManualClock& clock, Trace& trace, std::uint64_t seed)
        : io_(&io), clock_(&clock), trace_(&trace), random_(seed) {}

    asio::any_io_executor executor() const { return io_->get_executor(); }

    ManualClock& clock() const noexcept { return *clock_; }

    bool closing() const noexcept { return closing_; }

    void note(std::string_view what) {
        if (!closing_)
            trace_->note(clock_->now(), what);
    }

    /// Uniform in [low, high].
    std::uint64_t draw(std::uint64_t low, std::uint64_t high) {
        return high <= low ? low : low + Random(random_).below(high - low + 1);
    }

    /// True with probability @p p; draws only when that isn't decided already.
    bool happens(double p) {
        return p > 0 && (p >= 1 || draw(0, 999'999) < static_cast<std::uint64_t>(p * 1e6));
    }

    void shut_down();

private:
    friend class SimulatedPipe;

    asio::io_context* io_;
    ManualClock* clock_;
    Trace* trace_;
    SeededRandom random_;
    bool closing_ = false;
    std::uint64_t next_pipe_ = 0;
    std::map<std::uint64_t, SimulatedPipe*> pipes_;
};

/// One direction of a connection: bytes that were written, then the same bytes ready to be read.
class SimulatedPipe : public std::enable_shared_from_this<SimulatedPipe> {
public:
    SimulatedPipe(
        std::shared_ptr<SimulatedWire> wire, NetworkConditions conditions, std::string name
    )
        : wire_(std::move(wire)), conditions_(conditions), name_(std::move(name)),
          id_(wire_->next_pipe_++) {
        wire_->pipes_.emplace(id_, this);
    }

    SimulatedPipe(SimulatedPipe const&) = delete;
    SimulatedPipe& operator=(SimulatedPipe const&) = delete;

    ~SimulatedPipe() { wire_->pipes_.erase(id_); }

    template <class Handler>
    void read(Handler handler, asio::mutable_buffer into) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        read_into_ = into;
        reader_ = std::make_unique<PendingIoOf<Handler>>(std::move(handler));
        if (slot.is_connected())
            slot.assign([this](asio::cancellation_type) {
                finish(reader_, asio::error::operation_aborted, 0);
            });
        wake_reader();
    }

    template <class Handler>
    void write(Handler handler, asio::const_buffer from) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        write_from_ = from;
        writer_ = std::make_unique<PendingIoOf<Handler>>(std::move(handler));
        if (slot.is_connected())
            slot.assign([this](asio::cancellation_type) {
                finish(writer_, asio::error::operation_aborted, 0);
            });
        wake_writer();
    }

    /// Set by a drawn reset: breaks the other direction too.
    void pair_with(std::weak_ptr<SimulatedPipe> other) { other_ = std::move(other); }

    /// The writer has gone: the pipe ends after everything that was written before.
    void end_after_all(IoError ec) {
        arrive_later({}, {}, ec);
        shut_ = true;
        wake_writer();
    }

    /// Ends it for its reader and its writer at once; what is ready can still be read.
    void end_now(IoError ec) {
        if (end_)
            return;
        end_ = ec;
        note("end", 0);
        wake_reader();
        wake_writer();
    }

    /// The reader has gone: it gets nothing more, and the writer finds out.
    void abandon() {
        ready_.clear();
        end_ = asio::error::operation_aborted;
        wake_reader();
        wake_writer();
    }

    bool idle() const noexcept { return !end_ && ready_.empty(); }

    void drop_waiting() {
        auto reader = std::move(reader_);
        auto writer = std::move(writer_);
    }

private:
    void note(std::string_view what, std::size_t n) {
        wire_->note(name_ + " " + std::string(what) + " " + std::to_string(n));
    }

    void finish(std::unique_ptr<PendingIo>& waiting, IoError ec, std::size_t n) {
        if (auto operation = std::exchange(waiting, nullptr))
            operation->complete(wire_->executor(), ec, n);
    }

    void wake_reader() {
        if (!reader_ || (ready_.empty() && !end_ && read_into_.size() != 0))
            return;
        if (ready_.empty())
            return finish(reader_, read_into_.size() ? end_ : IoError(), 0);
        auto const n = std::min(read_into_.size(), ready_.size());
        std::memcpy(read_into_.data(), ready_.data(), n);
        ready_.erase(0, n);
        held_ -= n;
        finish(reader_, {}, n);
        wake_writer();
    }

    void wake_writer() {
        if (!writer_)
            return;
        if (end_ || shut_)
            return finish(
                writer_,
                end_ == asio::error::connection_reset ? asio::error::connection_reset
                                                      : asio::error::broken_pipe,
                0
            );
        if (held_ >= conditions_.window)
            return;
        auto const room = conditions_.window - held_;
        auto const most = std::max<std::size_t>(1, conditions_.max_piece);
        auto const n = std::min({write_from_.size(), room, std::size_t(wire_->draw(1, most))});
        auto const delay = Clock::duration(static_cast<Clock::duration::rep>(wire_->draw(
            static_cast<std::uint64_t>(conditions_.min_delay.count()),
            static_cast<std::uint64_t>(conditions_.max_delay.count())
        )));
        note("write", n);
        if (wire_->happens(conditions_.reset)) {
            arrive_later(delay, {}, asio::error::connection_reset);
            if (auto other = other_.lock())
                other->arrive_later(delay, {}, asio::error::connection_reset);
        } else if (stalled_ || wire_->happens(conditions_.stall)) {
            stalled_ = true;
            held_ += n;
        } else {
            held_ += n;
            arrive_later(delay, std::string(static_cast<char const*>(write_from_.data()), n), {});
        }
        finish(writer_, {}, n);
    }

    void arrive_later(Clock::duration delay, std::string bytes, IoError ec) {
        if (wire_->closing())
            return;
        auto& clock = wire_->clock();
        last_ = std::max(last_, Clock::after(clock.now(), delay));
        auto arrive = [pipe = shared_from_this(), bytes = std::move(bytes), ec](IoError) {
            pipe->arrive(bytes, ec);
        };
        clock.async_wait_until(wire_->executor(), last_, nullptr, std::move(arrive));
    }

    void arrive(std::string const& bytes, IoError ec) {
        if (end_)
            return;
        if (ec)
            return end_now(ec);
        ready_ += bytes;
        note("arrive", bytes.size());
        wake_reader();
    }

    std::shared_ptr<SimulatedWire> wire_;
    NetworkConditions conditions_;
    std::string name_;
    std::uint64_t id_;
    std::weak_ptr<SimulatedPipe> other_;
    std::string ready_;
    std::size_t held_ = 0; ///< bytes on their way or unread
    IoError end_;
    bool shut_ = false; ///< nothing more will be written
    bool stalled_ = false;
    Clock::time_point last_{};
    std::unique_ptr<PendingIo> reader_, writer_;
    asio::mutable_buffer read_into_;
    asio::const_buffer write_from_;
};

inline void SimulatedWire::shut_down() {
    closing_ = true;
    // What waits may hold the last reference to its own pipe.
    std::vector<std::shared_ptr<SimulatedPipe>> alive;
    for (auto const& [id, pipe] : pipes_)
        alive.push_back(pipe->shared_from_this());
    for (auto const& pipe : alive)
        pipe->drop_waiting();
}

} // namespace hilum::inline HILUM_ABI::detail
