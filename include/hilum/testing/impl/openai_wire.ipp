// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/detail/openai_wire.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL std::string_view openai_path(std::string_view path) noexcept {
    for (std::string_view const known : {"/chat/completions", "/embeddings", "/models"})
        if (auto const at = path.find(known); at != std::string_view::npos)
            if (auto const before = path.substr(0, at);
                before.empty() || before == "/v1" || before == "/openai/v1")
                return path.substr(at);
    return {};
}

HILUM_DECL std::string quote_of(std::string_view body) {
    std::size_t from = 0;
    for (std::string_view const member : {"\"text\":\"", "\"content\":\""})
        if (auto const at = body.rfind(member); at != std::string_view::npos)
            from = std::max(from, at + member.size());
    std::string out;
    for (char const c : body.substr(from, 80))
        out += c >= 0x20 && c < 0x7f ? c : ' ';
    return out;
}

HILUM_DECL std::string text_of(json::value const* content) {
    std::string out;
    if (!content)
        return out;
    if (auto const* text = content->if_string())
        out = std::string(*text);
    else if (auto const* parts = content->if_array())
        for (auto const& part : *parts)
            if (auto const* object = part.if_object())
                if (auto const* own = object->if_contains("text"); own && own->is_string())
                    out.append(out.empty() ? "" : "\n").append(std::string(own->get_string()));
    return out;
}

/// Little-endian float32, as `encoding_format: base64` wants it.
inline std::string base64_floats(std::vector<double> const& vector) {
    std::string bytes;
    for (double const x : vector) {
        auto const narrow = static_cast<float>(x);
        std::uint32_t bits = 0;
        std::memcpy(&bits, &narrow, sizeof bits);
        for (int shift = 0; shift < 32; shift += 8)
            bytes += static_cast<char>((bits >> shift) & 0xff);
    }
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<unsigned char const*>(bytes.data()),
        static_cast<int>(bytes.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

HILUM_DECL bool asks_for_prediction(std::string_view instruction) noexcept {
    for (char const* word : {"JSON", "prediction", "confidence", "features"})
        if (instruction.find(word) == std::string_view::npos)
            return false;
    return true;
}

HILUM_DECL WireReply
OpenAiWire::error(unsigned status, std::string_view code, std::string_view quote) {
    auto const* type = status == 429   ? "requests"
                       : status >= 500 ? "server_error"
                                       : "invalid_request_error";
    auto const* message = status == 400   ? "The request could not be processed"
                          : status == 401 ? "Incorrect API key provided"
                          : status == 403 ? "You are not allowed to use this model"
                          : status == 404 ? "The model or path does not exist"
                          : status == 413 ? "The request is too large"
                          : status == 429 ? "Rate limit reached"
                          : status == 503 ? "The engine is currently overloaded"
                          : status >= 500 ? "The server had an error while processing your request"
                                          : "The request was refused";
    auto text = std::string(message);
    if (!quote.empty())
        text.append(" (at: ").append(quote).append(")");
    json::object error;
    error["message"] = text;
    error["type"] = type;
    error["param"] = nullptr;
    if (!code.empty())
        error["code"] = code;
    else if (status == 429)
        error["code"] = "rate_limit_exceeded";
    else if (status == 401)
        error["code"] = "invalid_api_key";
    else
        error["code"] = nullptr;
    json::object body;
    body["error"] = std::move(error);
    return WireReply(status, json::serialize(body));
}

HILUM_DECL WireReply
OpenAiWire::answer(WireRequest const& request, std::uint64_t number, std::int64_t created) const {
    auto const path = openai_path(request.path());
    auto reply = [&] {
        if (request.header("authorization") != "Bearer " + api_key_)
            return error(401, "", "");
        if (path == "/chat/completions" && request.method == "POST")
            return chat(request, number, created);
        if (path == "/embeddings" && request.method == "POST")
            return embeddings(request);
        if (path == "/models" && request.method == "GET")
            return models({});
        if (path.starts_with("/models/") && request.method == "GET")
            return models(path.substr(8));
        return error(request.method == "GET" || request.method == "POST" ? 404 : 405, "", "");
    }();
    reply.header("x-request-id", "req_simulated_" + std::to_string(number));
    reply.header("openai-processing-ms", "1");
    return reply;
}

HILUM_DECL WireReply
OpenAiWire::chat(WireRequest const& request, std::uint64_t number, std::int64_t created) const {
    boost::system::error_code ec;
    auto const body = json::parse(request.body, ec);
    if (ec || !body.is_object())
        return error(400, "", "");
    auto const& object = body.get_object();
    auto const* const model = object.if_contains("model");
    auto const* const messages = object.if_contains("messages");
    if (!model || !model->is_string() || model->get_string().empty() || !messages ||
        !messages->is_array() || messages->get_array().empty())
        return error(400, "", quote_of(request.body));
    if (model->get_string().starts_with("missing"))
        return error(404, "model_not_found", "");
    std::string all, prompt;
    for (auto const& message : messages->get_array()) {
        if (!message.is_object())
            return error(400, "", quote_of(request.body));
        auto const text = text_of(message.get_object().if_contains("content"));
        all.append(text).append("\n");
        auto const* const role = message.get_object().if_contains("role");
        if (role && *role == "user")
            prompt = text;
    }
    std::size_t most = std::size_t(1) << 20;
    for (char const* key : {"max_completion_tokens", "max_tokens"})
        if (auto const* limit = object.if_contains(key)) {
            if (!limit->is_int64() || limit->get_int64() < 1)
                return error(400, "", "");
            most = static_cast<std::size_t>(limit->get_int64());
        }

    std::string answer;
    if (asks_for_prediction(all)) {
        json::value input = json::parse(prompt, ec);
        if (ec)
            input = SimulatedModel::first_object(prompt);
        answer = json::serialize(model_.prediction(input));
    } else
        answer = model_.text(prompt);
    auto const cut = std::string(SimulatedModel::first_tokens(answer, most));
    auto const* const finish = cut.size() < answer.size() ? "length" : "stop";

    json::object usage;
    usage["prompt_tokens"] = SimulatedModel::tokens(all);
    usage["completion_tokens"] = SimulatedModel::tokens(cut);
    usage["total_tokens"] = SimulatedModel::tokens(all) + SimulatedModel::tokens(cut);

    json::object base;
    base["id"] = "chatcmpl-simulated-" + std::to_string(number);
    base["object"] = "chat.completion";
    base["created"] = created;
    base["model"] = *model;
    auto const choice = [](char const* key, json::object content, json::value reason) {
        json::object out;
        out["index"] = 0;
        out[key] = std::move(content);
        out["logprobs"] = nullptr;
        out["finish_reason"] = std::move(reason);
        return json::array{std::move(out)};
    };

    auto const* const stream = object.if_contains("stream");
    if (!stream || *stream != true) {
        json::object message;
        message["role"] = "assistant";
        message["content"] = cut;
        message["refusal"] = nullptr;
        base["choices"] = choice("message", std::move(message), finish);
        base["usage"] = std::move(usage);
        return WireReply(200, json::serialize(base));
    }

    bool with_usage = false;
    if (auto const* options = object.if_contains("stream_options"); options && options->is_object())
        if (auto const* asked = options->get_object().if_contains("include_usage"))
            with_usage = *asked == true;
    base["object"] = "chat.completion.chunk";
    WireReply reply(200, {});
    reply.type = "text/event-stream";
    reply.header("cache-control", "no-cache");
    auto const add = [&](std::string_view data) {
        auto const before = reply.body.size();
        reply.body.append("data: ").append(data).append("\n\n");
        reply.chunks.push_back(reply.body.size() - before);
    };
    auto const chunk = [&](json::array choices) {
        auto out = base;
        out["choices"] = std::move(choices);
        if (with_usage)
            out["usage"] = nullptr;
        add(json::serialize(out));
    };
    json::object delta;
    delta["role"] = "assistant";
    delta["content"] = "";
    chunk(choice("delta", std::move(delta), nullptr));
    std::string_view rest = cut;
    for (auto const size : model_.deltas(cut)) {
        json::object piece;
        piece["content"] = rest.substr(0, size);
        rest.remove_prefix(size);
        chunk(choice("delta", std::move(piece), nullptr));
    }
    chunk(choice("delta", json::object(), finish));
    if (with_usage) {
        auto last = base;
        last["choices"] = json::array();
        last["usage"] = std::move(usage);
        add(json::serialize(last));
    }
    add("[DONE]");
    return reply;
}

HILUM_DECL WireReply OpenAiWire::embeddings(WireRequest const& request) const {
    boost::system::error_code ec;
    auto const body = json::parse(request.body, ec);
    if (ec || !body.is_object())
        return error(400, "", "");
    auto const& object = body.get_object();
    auto const* const model = object.if_contains("model");
    auto const* const input = object.if_contains("input");
    if (!model || !model->is_string() || !input)
        return error(400, "", quote_of(request.body));
    if (model->get_string().starts_with("missing"))
        return error(404, "model_not_found", "");
    std::vector<std::string> texts;
    if (auto const* text = input->if_string())
        texts.emplace_back(*text);
    else if (auto const* list = input->if_array())
        for (auto const& entry : *list)
            if (auto const* one = entry.if_string())
                texts.emplace_back(*one);
    if (texts.empty() || texts.size() > 2048 ||
        std::any_of(texts.begin(), texts.end(), [](auto const& t) { return t.empty(); }))
        return error(400, "", quote_of(request.body));
    std::size_t dimensions = 16;
    if (auto const* asked = object.if_contains("dimensions")) {
        if (!asked->is_int64() || asked->get_int64() < 1 || asked->get_int64() > 4096)
            return error(400, "", "");
        dimensions = static_cast<std::size_t>(asked->get_int64());
    }
    auto const* const format = object.if_contains("encoding_format");
    bool const base64 = format && *format == "base64";
    std::size_t total = 0;
    json::array data;
    for (auto const& text : texts) {
        total += SimulatedModel::tokens(text);
        auto const vector = model_.embedding(text, dimensions);
        json::object entry;
        entry["object"] = "embedding";
        entry["index"] = data.size();
        if (base64)
            entry["embedding"] = base64_floats(vector);
        else
            entry["embedding"] = json::array(vector.begin(), vector.end());
        data.emplace_back(std::move(entry));
    }
    json::object usage;
    usage["prompt_tokens"] = total;
    usage["total_tokens"] = total;
    json::object out;
    out["object"] = "list";
    out["data"] = std::move(data);
    out["model"] = *model;
    out["usage"] = std::move(usage);
    return WireReply(200, json::serialize(out));
}

HILUM_DECL WireReply OpenAiWire::models(std::string_view id) const {
    auto const entry = [](std::string_view name) {
        json::object out;
        out["id"] = name;
        out["object"] = "model";
        out["created"] = 1767323045;
        out["owned_by"] = "simulator";
        return out;
    };
    if (id.starts_with("missing"))
        return error(404, "model_not_found", "");
    if (!id.empty())
        return WireReply(200, json::serialize(entry(id)));
    json::array list;
    for (char const* name : {"gpt-4o", "gpt-4o-mini", "text-embedding-3-small"})
        list.emplace_back(entry(name));
    json::object out;
    out["object"] = "list";
    out["data"] = std::move(list);
    return WireReply(200, json::serialize(out));
}

} // namespace hilum::inline HILUM_ABI::detail
