// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/telemetry/json_lines_sink.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/core/exceptions.hpp>
#include <hilum/telemetry/detail/json_line.hpp>
#include <hilum/telemetry/detail/os_file.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace hilum::inline HILUM_ABI {

struct JsonLinesSink::State {
    explicit State(std::function<bool(std::string_view)> w) : write(std::move(w)) {}

    std::mutex mutex;
    std::string line; // keeps its memory from line to line
    std::function<bool(std::string_view)> write;
    std::atomic<std::uint64_t> written{0}, failed{0};
};

HILUM_DECL JsonLinesSink::JsonLinesSink(std::shared_ptr<State> state) noexcept
    : state_(std::move(state)) {}

HILUM_DECL JsonLinesSink::JsonLinesSink(std::ostream& out)
    : JsonLinesSink(std::make_shared<State>([&out](std::string_view line) {
          out.write(line.data(), static_cast<std::streamsize>(line.size())).flush();
          bool const good = out.good();
          out.clear(); // the next line may succeed
          return good;
      })) {}

HILUM_DECL JsonLinesSink::JsonLinesSink(std::FILE* out)
    : JsonLinesSink(std::make_shared<State>([out](std::string_view line) {
          bool const whole = std::fwrite(line.data(), 1, line.size(), out) == line.size();
          return std::fflush(out) == 0 && whole;
      })) {
    if (!out)
        throw ConfigurationError("json_lines_sink.out", "must not be null");
}

HILUM_DECL JsonLinesSink::JsonLinesSink(int descriptor)
    : JsonLinesSink(std::make_shared<State>([descriptor](std::string_view line) {
          return detail::AppendFile(descriptor).write(line);
      })) {}

HILUM_DECL JsonLinesSink JsonLinesSink::file(std::string const& path) {
    std::error_code why;
    auto file = std::make_shared<detail::AppendFile>(path, why);
    if (why)
        throw ConfigurationError("json_lines_sink.file", path + ": " + why.message());
    return JsonLinesSink(std::make_shared<State>([file](std::string_view line) {
        return file->write(line);
    }));
}

HILUM_DECL void JsonLinesSink::on(EventView const& event, CallContext const& cx) {
    auto& s = *state_;
    auto const wall = cx.clock().wall();
    auto const id = cx.request_id();
    bool done = false;
    try {
        std::lock_guard const lock(s.mutex);
        detail::JsonLine line(s.line);
        line.member("time", wall);
        line.member("event", event.name());
        line.member("request_id", id);
        for (auto const& field : event.fields())
            std::visit([&](auto const& value) { line.member(field.name, value); }, field.value);
        line.end();
        done = s.write(s.line);
    } catch (std::exception const&) { // no memory, or a stream that throws: counted below
    }
    (done ? s.written : s.failed).fetch_add(1, std::memory_order_relaxed);
}

HILUM_DECL std::uint64_t JsonLinesSink::written() const noexcept {
    return state_->written.load(std::memory_order_relaxed);
}

HILUM_DECL std::uint64_t JsonLinesSink::failed() const noexcept {
    return state_->failed.load(std::memory_order_relaxed);
}

} // namespace hilum::inline HILUM_ABI
