// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/mock_answers.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/exceptions.hpp>

#include <boost/json/parser.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Reads answers and knows where it is, for its complaints.
class MockReader {
public:
    explicit MockReader(std::string name) : name_(std::move(name)) {}

    json::value parse(std::string_view text) const;
    MockAnswers::Map read(json::value const& root) const;

private:
    using Names = std::initializer_list<std::string_view>;

    [[noreturn]] void fail(std::string const& where, std::string const& what) const {
        throw ConfigurationError(name_, "at " + where + ": " + what);
    }

    MockAnswer answer(std::string const& key, std::string const& at, json::value const& v) const;
    Error error(std::string const& at, json::value const& value) const;
    void text(MockAnswer& out, std::string const& at, json::object const& from) const;
    void prediction(ModelResult& out, std::string const& at, json::object const& from) const;
    void info(MockAnswer& out, std::string const& at, json::object const& from) const;

    json::object const& object(std::string const& at, json::value const& value, Names known) const;
    std::string string(std::string const& at, json::value const& value) const;
    std::vector<std::string> strings(std::string const& at, json::value const& value) const;
    double number(std::string const& at, json::value const& value, double least, double most) const;
    Clock::duration milliseconds(std::string const& at, json::value const& value) const;

    /// The number of the name in an enumeration whose names `to_string` gives.
    template <class Enum>
    Enum named(std::string const& at, json::value const& value, int first, int last) const {
        auto const name = string(at, value);
        for (int i = first; i <= last; ++i)
            if (name == to_string(static_cast<Enum>(i)))
                return static_cast<Enum>(i);
        fail(at, "is none of the names that are known");
    }

    std::string name_;
};

HILUM_DECL json::value MockReader::parse(std::string_view text) const {
    json::parser parser;
    boost::system::error_code ec;
    auto const parsed = parser.write(text.data(), text.size(), ec);
    if (!ec)
        return parser.release();
    auto const before = text.substr(0, std::min(parsed, text.size()));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const start = before.rfind('\n');
    auto const column = before.size() - (start == before.npos ? 0 : start + 1) + 1;
    throw ConfigurationError(
        name_,
        "line " + std::to_string(line) + ", column " + std::to_string(column) +
            ": is not JSON: " + ec.message()
    );
}

HILUM_DECL MockAnswers::Map MockReader::read(json::value const& root) const {
    if (!root.is_object())
        throw ConfigurationError(name_, "is not a JSON object");
    MockAnswers::Map out;
    for (auto const& member : root.get_object()) {
        std::string const key(member.key());
        auto& answers = out[key];
        auto const* list = member.value().if_array();
        if (!list) {
            answers.push_back(answer(key, key, member.value()));
            continue;
        }
        if (list->empty())
            fail(key, "is a list without an answer");
        for (auto const& entry : *list) {
            auto const at = key + "[" + std::to_string(answers.size()) + "]";
            answers.push_back(answer(key, at, entry));
        }
    }
    return out;
}

HILUM_DECL MockAnswer
MockReader::answer(std::string const& key, std::string const& at, json::value const& v) const {
    MockAnswer out;
    bool const texts = key == "$generate_text" || key == "$stream_text";
    if (texts && v.is_string()) {
        out.text.emplace(string(at, v));
        out.text->finish_reason = FinishReason::stop;
        return out;
    }
    auto const read = [&](Names known) -> json::object const& {
        auto const& members = object(at, v, known);
        if (auto const* delay = members.if_contains("delay_ms"))
            out.delay = milliseconds(at + ".delay_ms", *delay);
        if (auto const* e = members.if_contains("error"))
            out.error = error(at + ".error", *e);
        return members;
    };
    if (key == "$predict") {
        read({"delay_ms", "error"});
    } else if (key == "$generate_text") {
        text(
            out,
            at,
            read(
                {"delay_ms",
                 "error",
                 "text",
                 "finish_reason",
                 "model",
                 "input_tokens",
                 "output_tokens"}
            )
        );
    } else if (key == "$stream_text") {
        auto const& members = read(
            {"delay_ms",
             "error",
             "text",
             "finish_reason",
             "model",
             "input_tokens",
             "output_tokens",
             "deltas",
             "delta_delay_ms"}
        );
        text(out, at, members);
        if (auto const* deltas = members.if_contains("deltas"))
            out.deltas = strings(at + ".deltas", *deltas);
        if (auto const* delay = members.if_contains("delta_delay_ms"))
            out.delta_delay = milliseconds(at + ".delta_delay_ms", *delay);
    } else if (key == "$embed") {
        auto const& members = read({"delay_ms", "error", "dimensions"});
        if (auto const* n = members.if_contains("dimensions"))
            out.dimensions = static_cast<std::size_t>(number(at + ".dimensions", *n, 1, 8192));
    } else if (key == "$get_model_info") {
        info(
            out, at, read({"delay_ms", "error", "model_id", "provider", "region", "capabilities"})
        );
    } else if (key.starts_with('$')) {
        fail(
            key, "is no operation: $predict, $generate_text, $stream_text, $embed, $get_model_info"
        );
    } else {
        prediction(
            out.prediction, at, read({"delay_ms", "error", "prediction", "confidence", "features"})
        );
    }
    return out;
}

HILUM_DECL Error MockReader::error(std::string const& at, json::value const& value) const {
    auto const code = [&](std::string const& where, json::value const& from) {
        return named<errc>(where, from, 1, static_cast<int>(errc::invalid_configuration));
    };
    if (value.is_string())
        return Error(code(at, value));
    auto const& members =
        object(at, value, {"code", "status", "retry_after_ms", "delivery", "provider_code"});
    auto const* name = members.if_contains("code");
    if (!name)
        fail(at, "has no code");
    Error out(code(at + ".code", *name));
    if (auto const* status = members.if_contains("status"))
        out = std::move(out).with_status(
            static_cast<unsigned>(number(at + ".status", *status, 100, 599))
        );
    if (auto const* pause = members.if_contains("retry_after_ms")) {
        auto const wait = milliseconds(at + ".retry_after_ms", *pause);
        out = std::move(out).with_retry_after(
            std::chrono::duration_cast<std::chrono::milliseconds>(wait)
        );
    }
    if (auto const* delivery = members.if_contains("delivery"))
        out = std::move(out).with(
            named<Delivery>(at + ".delivery", *delivery, 0, static_cast<int>(Delivery::answered))
        );
    if (auto const* provider = members.if_contains("provider_code"))
        out = std::move(out).with_provider_code(string(at + ".provider_code", *provider));
    return out;
}

HILUM_DECL void MockReader::text(MockAnswer& out, std::string const& at, json::object const& from)
    const {
    TextReply reply;
    reply.finish_reason = FinishReason::stop;
    bool any = false;
    auto const member = [&](std::string_view name) {
        auto const* found = from.if_contains(name);
        any = any || found;
        return found;
    };
    constexpr double most = 1e15;
    if (auto const* v = member("text"))
        reply.text = string(at + ".text", *v);
    if (auto const* v = member("finish_reason"))
        reply.finish_reason = named<FinishReason>(
            at + ".finish_reason", *v, 0, static_cast<int>(FinishReason::content_filter)
        );
    if (auto const* v = member("model"))
        reply.model = string(at + ".model", *v);
    if (auto const* v = member("input_tokens"))
        reply.usage.input_tokens =
            static_cast<std::int64_t>(number(at + ".input_tokens", *v, 0, most));
    if (auto const* v = member("output_tokens"))
        reply.usage.output_tokens =
            static_cast<std::int64_t>(number(at + ".output_tokens", *v, 0, most));
    if (any)
        out.text = std::move(reply);
}

HILUM_DECL void MockReader::prediction(
    ModelResult& out, std::string const& at, json::object const& from
) const {
    constexpr double most = std::numeric_limits<double>::max();
    if (auto const* v = from.if_contains("prediction"))
        out.prediction = number(at + ".prediction", *v, -most, most);
    if (auto const* v = from.if_contains("confidence"))
        out.confidence = number(at + ".confidence", *v, 0, 1);
    if (auto const* v = from.if_contains("features")) {
        if (!v->is_object())
            fail(at + ".features", "is not an object");
        out.features = v->get_object();
    }
}

HILUM_DECL void MockReader::info(MockAnswer& out, std::string const& at, json::object const& from)
    const {
    ModelInfo read("mock-model-123", "Mock Provider", {"testing"});
    if (auto const* v = from.if_contains("model_id"))
        read.model_id = string(at + ".model_id", *v);
    if (auto const* v = from.if_contains("provider"))
        read.provider = string(at + ".provider", *v);
    if (auto const* v = from.if_contains("region"))
        read.region = string(at + ".region", *v);
    if (auto const* v = from.if_contains("capabilities"))
        read.capabilities = strings(at + ".capabilities", *v);
    out.info = std::move(read);
}

HILUM_DECL json::object const& MockReader::object(
    std::string const& at, json::value const& value, Names known
) const {
    if (!value.is_object())
        fail(at, "is not an object");
    for (auto const& member : value.get_object()) {
        std::string_view const name(member.key().data(), member.key().size());
        if (std::find(known.begin(), known.end(), name) == known.end())
            fail(at + "." + std::string(name), "is not known here");
    }
    return value.get_object();
}

HILUM_DECL std::string MockReader::string(std::string const& at, json::value const& value) const {
    if (!value.is_string())
        fail(at, "is not a text");
    return std::string(value.get_string().data(), value.get_string().size());
}

HILUM_DECL std::vector<std::string> MockReader::strings(
    std::string const& at, json::value const& value
) const {
    if (!value.is_array())
        fail(at, "is not a list of texts");
    std::vector<std::string> out;
    for (auto const& entry : value.get_array())
        out.push_back(string(at + "[" + std::to_string(out.size()) + "]", entry));
    return out;
}

HILUM_DECL double MockReader::number(
    std::string const& at, json::value const& value, double least, double most
) const {
    auto const read = value.is_number() ? value.to_number<double>() : 0.0;
    if (!value.is_number() || !(read >= least && read <= most)) {
        auto const bound = [](double n) { return std::to_string(static_cast<std::int64_t>(n)); };
        bool const plain = most < 1e15;
        fail(
            at,
            plain ? "is not a number from " + bound(least) + " to " + bound(most)
                  : "is not a number that can stand here"
        );
    }
    return read;
}

HILUM_DECL Clock::duration MockReader::milliseconds(std::string const& at, json::value const& value)
    const {
    std::chrono::duration<double, std::milli> const read(number(at, value, 0, 86'400'000));
    return std::chrono::duration_cast<Clock::duration>(read);
}

} // namespace detail

HILUM_DECL MockAnswers MockAnswers::from_file(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text;
    char piece[4096];
    while (in.read(piece, sizeof piece) || in.gcount() > 0)
        text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (!in.eof())
        throw ConfigurationError(file.string(), "can't be opened and read");
    return from_json(text, file.string());
}

HILUM_DECL MockAnswers MockAnswers::from_json(std::string_view text, std::string const& name) {
    detail::MockReader const reader(name);
    MockAnswers out;
    out.answers = reader.read(reader.parse(text));
    return out;
}

HILUM_DECL std::vector<MockAnswer> const* MockAnswers::find(std::string_view key) const {
    auto const found = answers.find(key);
    return found == answers.end() ? nullptr : &found->second;
}

} // namespace hilum::inline HILUM_ABI
