// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/audit/record.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/detail/iso_time.hpp>
#include <hilum/core/detail/json_writer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Writes the members of one JSON object; what is empty is left out.
class RecordWriter {
public:
    explicit RecordWriter(std::string& out) : out_(out) { out_.push_back('{'); }

    void text(std::string_view key, std::string_view value) {
        if (value.empty())
            return;
        name(key);
        string(value);
    }

    void time(std::string_view key, Clock::wall_time at) {
        name(key);
        out_.push_back('"');
        append_iso_time(out_, at, true);
        out_.push_back('"');
    }

    void number(std::string_view key, std::int64_t value) {
        name(key);
        append_json_number(out_, value);
    }

    void truth(std::string_view key, bool value) {
        name(key);
        out_.append(value ? "true" : "false");
    }

    void texts(std::string_view key, std::vector<std::string> const& values) {
        if (values.empty())
            return;
        name(key);
        char separator = '[';
        for (auto const& value : values) {
            out_.push_back(separator);
            string(value);
            separator = ',';
        }
        out_.push_back(']');
    }

    void counts(std::string_view key, std::map<std::string, std::uint64_t> const& values) {
        if (values.empty())
            return;
        name(key);
        char separator = '{';
        for (auto const& [what, count] : values) {
            out_.push_back(separator);
            string(what);
            out_.push_back(':');
            append_json_number(out_, count);
            separator = ',';
        }
        out_.push_back('}');
    }

    void end() { out_.push_back('}'); }

private:
    void name(std::string_view key) {
        out_.append(first_ ? "\"" : ",\"").append(key).append("\":");
        first_ = false;
    }

    void string(std::string_view value) {
        constexpr std::size_t longest = 256;
        if (value.size() > longest) { // cut between characters
            std::size_t end = longest;
            while (end > longest - 4 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80)
                --end;
            value = value.substr(0, end);
        }
        if (append_json_string(out_, value))
            return;
        std::string ascii(value);
        for (char& c : ascii)
            if (static_cast<unsigned char>(c) >= 0x80)
                c = '?';
        (void)append_json_string(out_, ascii);
    }

    std::string& out_;
    bool first_ = true;
};

} // namespace detail

HILUM_DECL char const* to_string(AuditKind kind) noexcept {
    switch (kind) {
    case AuditKind::transformation:
        return "transformation";
    case AuditKind::intent:
        return "intent";
    case AuditKind::outcome:
        return "outcome";
    }
    return "";
}

HILUM_DECL std::string AuditRecord::to_json() const {
    std::string out;
    append_json(out);
    return out;
}

HILUM_DECL void AuditRecord::append_json(std::string& out) const {
    constexpr std::size_t usual = 512;
    out.reserve(out.size() + usual);
    detail::RecordWriter json(out);
    json.text("record", to_string(kind));
    json.time("time", time);
    json.text("request_id", request_id);
    if (kind != AuditKind::transformation)
        json.number("attempt", attempt);
    json.text("wire_request_id", disclosure.wire_request_id);
    json.text("actor", actor);
    json.text("purpose", purpose);
    json.text("subject", subject);
    json.text("tenant", tenant);
    json.text("operation", operation);
    json.text("provider", destination.provider);
    json.text("host", destination.host);
    json.text("region", destination.region);
    json.text("model", destination.model);
    json.text("policy", disclosure.policy);
    json.texts("fields", disclosure.fields);
    json.text("release_purpose", disclosure.release_purpose);
    json.text("release_reason", disclosure.release_reason);
    json.texts("rules", disclosure.rules);
    json.counts("counts", disclosure.counts);
    if (kind == AuditKind::outcome) {
        json.text("result", result);
        json.text("delivery", to_string(delivery));
        if (scope != Scope::none)
            json.text("scope", to_string(scope));
        if (status != 0)
            json.number("status", status);
        json.text("provider_code", provider_code);
        json.text("provider_request_id", provider_request_id);
        json.number(
            "duration_us", std::chrono::duration_cast<std::chrono::microseconds>(duration).count()
        );
        if (streamed)
            json.truth("streamed", true);
        json.truth("finished", finished);
    }
    json.end();
}

} // namespace hilum::inline HILUM_ABI
