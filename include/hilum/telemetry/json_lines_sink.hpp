// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/event.hpp>

#include <cstdint>
#include <cstdio>
#include <iosfwd>
#include <memory>
#include <string>

namespace hilum::inline HILUM_ABI {

/// Writes each event as one JSON object on a line of its own.
///
/// @code
/// auto log = JsonLinesSink::file("calls.jsonl");
/// auto service = TelemetryPolicy{log} | RetryPolicy{} | openai;
/// // {"time":"2026-01-02T03:04:05.000678Z","event":"retry_scheduled","request_id":"6f96...",
/// //  "attempt":1,"delay_us":70123,"error":"throttled"}
/// @endcode
///
/// `time`, `event` and `request_id` come first, then the event's own fields. A line is written at
/// once and in one piece; one that can't be written is counted and forgotten. Copies share what
/// they write to. Thread safety: safe.
class JsonLinesSink {
public:
    /// The stream must outlive all copies, and nobody else may write to it meanwhile.
    explicit JsonLinesSink(std::ostream& out);
    /// The same for a C stream, which is flushed after each line.
    explicit JsonLinesSink(std::FILE* out);
    /// The same for a file descriptor, which isn't closed.
    explicit JsonLinesSink(int descriptor);

    /// Appends to a file, created with mode 0600; never follows a link. Throws `ConfigurationError`
    /// when it can't be opened.
    static JsonLinesSink file(std::string const& path);

    /// Never throws for what can't be written.
    void on(EventView const& event, CallContext const& cx);

    /// Lines written, by all copies.
    std::uint64_t written() const noexcept;
    /// Lines that couldn't be.
    std::uint64_t failed() const noexcept;

private:
    struct State;

    explicit JsonLinesSink(std::shared_ptr<State> state) noexcept;

    std::shared_ptr<State> state_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/telemetry/impl/json_lines_sink.ipp>
#endif
