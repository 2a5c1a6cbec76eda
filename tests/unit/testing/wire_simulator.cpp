// SPDX-License-Identifier: BSL-1.0
#include <hilum/testing/detail/signature_check.hpp>
#include <hilum/testing/detail/simulated_model.hpp>
#include <hilum/testing/simulation.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace hilum;
using namespace std::chrono_literals;

namespace {

constexpr char const* url = "http://model.test";
constexpr char const* token = "ZID001K7QX2M9R4TBVW";
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

// What came back over one connection, as it came.
class Raw {
public:
    Raw() = default;

    unsigned status() const {
        return wire.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(wire.substr(9, 3)));
    }

    std::string head() const { return wire.substr(0, wire.find("\r\n\r\n")); }

    std::string body() const {
        auto const at = wire.find("\r\n\r\n");
        return at == std::string::npos ? "" : wire.substr(at + 4);
    }

    json::object object() const { return json::parse(body()).as_object(); }

    std::string wire;
    boost::system::error_code end;
    Clock::duration began{}, took{};
};

Task<Raw> send_raw(SimulatedNetwork network, std::string text) {
    Raw out;
    auto const clock = network.environment().clock;
    auto connected = co_await network.connect(url);
    auto stream = std::move(**connected);
    co_await asio::async_write(stream, asio::buffer(text), tuple);
    std::array<char, 4096> buffer;
    while (!out.end) {
        auto const got = co_await stream.async_read_some(asio::buffer(buffer), tuple);
        if (out.wire.empty())
            out.began = clock.now().time_since_epoch();
        out.end = std::get<0>(got);
        out.wire.append(buffer.data(), std::get<1>(got));
    }
    out.took = clock.now().time_since_epoch();
    co_return out;
}

std::string post(std::string const& target, std::string const& body, std::string const& lines) {
    return "POST " + target + " HTTP/1.1\r\nHost: model.test\r\nConnection: close\r\n" + lines +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string const key = "Authorization: Bearer test-key\r\n";

std::string chat(std::string const& prompt, std::string const& more = {}) {
    json::object message;
    message["role"] = "user";
    message["content"] = prompt;
    return R"({"model":"gpt-4o","messages":[)" + json::serialize(message) + "]" + more + "}";
}

class World {
public:
    explicit World(std::string_view faults = {}, WireSimulatorOptions options = {})
        : simulator(simulation.executor(), [&] {
              options.faults = FaultPlan::parse(faults).value();
              options.environment = simulation.environment();
              return options;
          }()) {
        simulator.serve(simulation.network(), url);
    }

    Raw send(std::string const& text) {
        return simulation.run(send_raw(simulation.network(), text));
    }

    Raw chat(std::string const& prompt, std::string const& more = {}) {
        return send(post("/v1/chat/completions", ::chat(prompt, more), key));
    }

    Simulation simulation;
    WireSimulator simulator;
};

std::string content(json::object const& reply) {
    auto const& choice = reply.at("choices").as_array().at(0).as_object();
    return std::string(choice.at("message").as_object().at("content").as_string());
}

std::string record() {
    return std::string("Summarise:\n```json\n{\"id\":\"") + token +
           R"(","age":"90 or older","conditions":[{"display":"Hypertension","system":"snomed",)" +
           R"("code":"38341003"}],"biometrics":[{"display":"Body Weight","value":71.4,)" +
           R"("unit":"kg","day":3}],"_audit":{"request_id":"r-1"}}
```
)";
}

} // namespace

TEST_CASE("a chat is answered with a summary of the record that it holds") {
    World world;
    auto const reply = world.chat(record());
    REQUIRE(reply.status() == 200);
    CHECK(reply.head().find("x-request-id: req_simulated_1") != std::string::npos);
    auto const body = reply.object();
    CHECK(body.at("object") == "chat.completion");
    CHECK(body.at("created") == 1767323045);
    auto const text = content(body);
    CHECK(text.find("age 90 or older") != std::string::npos);
    CHECK(text.find("Hypertension") != std::string::npos);
    CHECK(text.find("Body Weight 71.4 kg") != std::string::npos);
    CHECK(text.find("r-1") == std::string::npos);
    CHECK(body.at("choices").at(0).at("finish_reason") == "stop");
    CHECK(body.at("usage").at("total_tokens").as_int64() > 10);
    CHECK(world.chat(record()).object().at("choices") == body.at("choices"));
}

TEST_CASE("answers quote pseudonyms, some in another case or in markdown") {
    std::string all;
    for (int seed = 1; seed <= 20; ++seed) {
        detail::SimulatedModel const model(static_cast<std::uint64_t>(seed));
        auto const text = model.text(record());
        auto const found = detail::SimulatedModel::pseudonyms(text);
        CHECK_FALSE(found.empty());
        all += text;
    }
    std::string lower = token;
    for (auto& c : lower)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    CHECK(all.find(token) != std::string::npos);
    CHECK(all.find(lower) != std::string::npos);
    CHECK(all.find("**" + std::string(token) + "**") != std::string::npos);
    CHECK(all.find("`" + std::string(token) + "`") != std::string::npos);
}

TEST_CASE("both with and without the version in the path; a wrong key, path, method or body") {
    World world;
    CHECK(world.send(post("/chat/completions", chat("hi"), key)).status() == 200);
    CHECK(world.send(post("/openai/v1/chat/completions", chat("hi"), key)).status() == 200);
    auto const refused =
        world.send(post("/v1/chat/completions", chat("hi"), "Authorization: Bearer other\r\n"));
    CHECK(refused.status() == 401);
    CHECK(refused.object().at("error").at("code") == "invalid_api_key");
    CHECK(world.send(post("/v1/chat/completions", chat("hi"), "")).status() == 401);
    CHECK(world.send(post("/v2/nothing", "{}", key)).status() == 404);
    CHECK(world.send(post("/v1/models", "{}", key)).status() == 404);
    CHECK(world.send(post("/v1/chat/completions", "{", key)).status() == 400);
    CHECK(world.send(post("/v1/chat/completions", R"({"model":"m"})", key)).status() == 400);
    auto const missing = R"({"model":"missing-1","messages":[{"role":"user","content":"x"}]})";
    auto const reply = world.send(post("/v1/chat/completions", missing, key));
    CHECK(reply.status() == 404);
    CHECK(reply.object().at("error").at("code") == "model_not_found");
    CHECK(world.chat("hi", R"(,"max_tokens":0)").status() == 400);
    CHECK(world.send("nonsense\r\n\r\n").status() == 400);
    CHECK(world.simulator.requests() == 10);
}

TEST_CASE("max_tokens cuts the answer and says so") {
    World world;
    for (char const* limit : {R"(,"max_tokens":2)", R"(,"max_completion_tokens":2)"}) {
        auto const body = world.chat(record(), limit).object();
        CHECK(content(body).size() == 8);
        CHECK(body.at("choices").at(0).at("finish_reason") == "length");
    }
}

TEST_CASE("a prediction is asked for in words") {
    World world;
    auto const system = R"({"role":"system","content":"Answer with a JSON object of prediction, )"
                        R"(confidence and features."})";
    auto const body = std::string(R"({"model":"m","messages":[)") + system +
                      R"(,{"role":"user","content":"{\"age\":70,\"weight\":80}"}]})";
    auto const reply = world.send(post("/v1/chat/completions", body, key)).object();
    auto const answer = json::parse(content(reply)).as_object();
    CHECK(answer.at("prediction").as_double() > 0);
    CHECK(answer.at("confidence").as_double() >= 0.6);
    CHECK(answer.at("confidence").as_double() < 1);
    CHECK(answer.at("features").as_object().contains("age"));
}

TEST_CASE("a streamed chat cuts pseudonyms in two and ends as it should") {
    World world;
    auto const reply =
        world.chat(record(), R"(,"stream":true,"stream_options":{"include_usage":true})");
    REQUIRE(reply.status() == 200);
    CHECK(reply.head().find("Content-Type: text/event-stream") != std::string::npos);
    auto const body = reply.body();
    std::string text, usage, finish;
    bool whole_token = false, done = false;
    for (std::size_t at = 0; (at = body.find("data: ", at)) != std::string::npos; ++at) {
        auto const line = body.substr(at + 6, body.find("\n\n", at) - at - 6);
        if (line == "[DONE]") {
            done = true;
            continue;
        }
        CHECK_FALSE(done);
        auto const chunk = json::parse(line).as_object();
        CHECK(chunk.at("object") == "chat.completion.chunk");
        if (chunk.at("choices").as_array().empty()) {
            usage = json::serialize(chunk.at("usage"));
            continue;
        }
        CHECK(chunk.at("usage").is_null());
        auto const& choice = chunk.at("choices").at(0).as_object();
        if (auto const* piece = choice.at("delta").as_object().if_contains("content")) {
            text += std::string(piece->as_string());
            whole_token |=
                !detail::SimulatedModel::pseudonyms(std::string(piece->as_string())).empty();
        }
        if (choice.at("finish_reason").is_string())
            finish = std::string(choice.at("finish_reason").as_string());
    }
    CHECK(done);
    CHECK_FALSE(whole_token);
    CHECK(finish == "stop");
    CHECK(usage.find("prompt_tokens") != std::string::npos);
    CHECK(text == content(world.chat(record()).object()));
    CHECK(body.ends_with("0\r\n\r\n"));
}

TEST_CASE("embeddings are of length one and closer for texts that share words") {
    World world;
    auto const body = R"({"model":"e","input":["heart rate high","heart rate low","banana"]})";
    auto const reply = world.send(post("/v1/embeddings", body, key)).object();
    auto const& data = reply.at("data").as_array();
    REQUIRE(data.size() == 3);
    auto const dot = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t i = 0; i < 16; ++i)
            sum += data[a].at("embedding").at(i).to_number<double>() *
                   data[b].at("embedding").at(i).to_number<double>();
        return sum;
    };
    CHECK(dot(0, 0) == Approx(1).margin(1e-4));
    CHECK(dot(0, 1) > dot(0, 2));
    CHECK(data[2].at("index") == 2);
    auto const packed = R"({"model":"e","input":"x","encoding_format":"base64","dimensions":4})";
    auto const encoded = world.send(post("/v1/embeddings", packed, key)).object();
    CHECK(encoded.at("data").at(0).at("embedding").as_string().size() == 24);
    CHECK(world.send(post("/v1/embeddings", R"({"model":"e","input":[]})", key)).status() == 400);
}

TEST_CASE("models can be asked for") {
    World world;
    auto const get = [&](std::string const& target) {
        return world.send(
            "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + key + "\r\n"
        );
    };
    CHECK(get("/v1/models").object().at("data").as_array().size() == 3);
    CHECK(get("/v1/models/gpt-x").object().at("id") == "gpt-x");
    CHECK(get("/models/missing-x").status() == 404);
}

TEST_CASE("a signature is computed anew from what arrived") {
    // The two golden vectors were made by botocore 1.40 with AWS's published example key.
    detail::AwsKeys const keys = {{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}};
    auto const request =
        [](std::string const& target, std::string const& names, std::string const& signature) {
            detail::WireRequest out;
            out.method = "POST";
            out.target = target;
            out.body = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})";
            out.headers.emplace_back("host", "bedrock-runtime.us-east-1.amazonaws.com");
            out.headers.emplace_back("Content-Type", "application/json");
            out.headers.emplace_back("X-Amz-Date", "20260102T030405Z");
            out.headers.emplace_back(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/bedrock/aws4_request, "
                "SignedHeaders=" +
                    names + ", Signature=" + signature
            );
            return out;
        };
    auto const haiku = "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse";
    auto const good = "1d46b853950ada1236d7f19ff7fa4766dda53e3e07916e6dea4affdb3c67879a";
    auto const plain = request(haiku, "content-type;host;x-amz-date", good);
    CHECK_FALSE(detail::check_signature(plain, keys));
    auto with_token = request(
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F"
        "us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse-stream",
        "content-type;host;x-amz-date;x-amz-security-token",
        "ba7bbc3852e50884a180d60f5844cd78aa572c9a7b99656d67878ba107c6e894"
    );
    with_token.headers.emplace_back("X-Amz-Security-Token", "TOKENTOKEN");
    CHECK_FALSE(detail::check_signature(with_token, keys));

    auto const refusal = [&](detail::WireRequest const& changed) {
        auto const out = detail::check_signature(changed, keys);
        return out ? out->type : std::string();
    };
    auto changed = plain;
    changed.body += " ";
    CHECK(refusal(changed) == "InvalidSignatureException");
    changed = plain;
    changed.target = "/model/other/converse";
    CHECK(refusal(changed) == "InvalidSignatureException");
    changed = plain;
    changed.headers[0].second = "elsewhere";
    CHECK(refusal(changed) == "InvalidSignatureException");
    CHECK(refusal(request(haiku, "content-type;x-amz-date", good)) == "InvalidSignatureException");
    changed = plain;
    changed.headers.emplace_back("X-Amz-Security-Token", "unsigned");
    CHECK(refusal(changed) == "InvalidSignatureException");
    changed = plain;
    changed.headers[3].second.replace(28, 4, "NONE");
    CHECK(refusal(changed) == "UnrecognizedClientException");
    changed.headers[3].second = "AWS4-HMAC-SHA256 nonsense";
    CHECK(refusal(changed) == "IncompleteSignatureException");
    changed.headers.pop_back();
    CHECK(refusal(changed) == "MissingAuthenticationTokenException");
}

TEST_CASE("Bedrock's operations") {
    World world;
    auto const converse = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})";
    auto const unsigned_ = world.send(post("/model/m/converse", converse, ""));
    CHECK(unsigned_.status() == 403);
    CHECK(unsigned_.head().find("x-amzn-errortype: Missing") != std::string::npos);
    auto const reply = world.send(post("/model/m/converse", converse, key)).object();
    CHECK(reply.at("stopReason") == "end_turn");
    CHECK(reply.at("output").at("message").at("content").at(0).at("text").is_string());
    auto const more = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],"_audit":{}})";
    CHECK(world.send(post("/model/m/converse", more, key)).status() == 400);
    CHECK(world.send(post("/model/missing/converse", converse, key)).status() == 404);
    CHECK(world.send(post("/model/m/unknown", converse, key)).status() == 404);

    auto const invoke = [&](std::string const& body) {
        return world.send(post("/model/m/invoke", body, key));
    };
    auto const generic = invoke(R"({"inputs":{"type":"risk","age":70},"parameters":{}})").object();
    CHECK(generic.at("features").as_object().size() == 1);
    auto const audited =
        invoke(R"({"inputs":{"type":"risk","age":70,"_audit":{"request_id":"x"}}})").object();
    CHECK(audited == generic);
    CHECK(invoke(R"({"inputs":"some text"})").object().contains("generated_text"));
    CHECK(invoke(R"({"inputText":"some text"})").object().at("embedding").as_array().size() == 16);
    auto const claude = invoke(R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":5,)"
                               R"("messages":[{"role":"user","content":"hi"}]})");
    CHECK(claude.object().at("stop_reason") == "max_tokens");
    CHECK(claude.head().find("x-amzn-bedrock-output-token-count: 5") != std::string::npos);
    CHECK(invoke(R"({"prompt":"x"})").status() == 400);
}

TEST_CASE("scripted faults reach the wire") {
    auto const hi = post("/v1/chat/completions", chat("hi"), key);
    SECTION("status") {
        World world("status:429;retry-after=1;code=insufficient_quota@1");
        auto const reply = world.send(hi);
        CHECK(reply.status() == 429);
        CHECK(reply.head().find("retry-after: 1") != std::string::npos);
        CHECK(reply.object().at("error").at("code") == "insufficient_quota");
        CHECK(world.send(hi).status() == 200);
        auto const records = world.simulator.records();
        REQUIRE(records.size() == 2);
        CHECK(records[0].fault == "status:429");
        CHECK(records[0].body.empty());
        CHECK(records[1].status == 200);
    }
    SECTION("status in AWS's shape") {
        World world("throttle@1,refuse@2,status:403;code=ExpiredTokenException@3");
        auto const request = post("/model/m/converse", "{}", key);
        auto const throttled = world.send(request);
        CHECK(throttled.head().find("ThrottlingException") != std::string::npos);
        CHECK(throttled.head().find("retry-after-ms: 20") != std::string::npos);
        CHECK(world.send(request).head().find("ServiceUnavailable") != std::string::npos);
        CHECK(world.send(request).head().find("ExpiredTokenException:") != std::string::npos);
    }
    SECTION("an error quotes the prompt, as providers do") {
        World world("status:400");
        CHECK(world.send(hi).body().find("hi") != std::string::npos);
    }
    SECTION("delay") {
        World world("delay:250");
        CHECK(world.send(hi).began == 251ms);
    }
    SECTION("stall") {
        World world("stall");
        CHECK_THROWS_AS(world.send(hi), SimulationStuck);
        CHECK(world.simulator.records().at(0).status == 0);
    }
    SECTION("reset") {
        World world("reset@1,reset:17@2");
        auto const nothing = world.send(hi);
        CHECK(nothing.end == asio::error::connection_reset);
        CHECK(nothing.wire.empty());
        auto const something = world.send(hi);
        CHECK(something.end == asio::error::connection_reset);
        CHECK(something.wire == "HTTP/1.1 200 Simu");
    }
    SECTION("truncate") {
        World world("truncate:9@1,truncate@2");
        auto const nine = world.send(hi);
        CHECK(nine.end == asio::error::eof);
        CHECK(nine.body().size() == 9);
        auto const half = world.send(hi);
        auto const whole = world.send(hi);
        CHECK(half.body().size() == whole.body().size() / 2);
        auto const length = "Content-Length: " + std::to_string(whole.body().size());
        CHECK(half.head().find(length) != std::string::npos);
    }
    SECTION("a truncated stream has no last chunk") {
        World world("truncate:200");
        auto const reply = world.chat("hi", R"(,"stream":true)");
        CHECK(reply.end == asio::error::eof);
        CHECK_FALSE(reply.body().ends_with("0\r\n\r\n"));
    }
    SECTION("drip") {
        World world("drip:2");
        auto const reply = world.send(hi);
        CHECK(reply.status() == 200);
        CHECK(reply.took == 1ms + 2ms * (reply.wire.size() - 1));
    }
    SECTION("malformed") {
        World world("malformed");
        auto const reply = world.send(hi);
        CHECK(reply.status() == 200);
        boost::system::error_code ec;
        json::parse(reply.body(), ec);
        CHECK(ec);
    }
    SECTION("a new script counts from its own beginning") {
        World world("refuse");
        CHECK(world.send(hi).status() == 503);
        world.simulator.script(FaultPlan::parse("status:500@2").value());
        CHECK(world.send(hi).status() == 200);
        CHECK(world.send(hi).status() == 500);
        CHECK(world.simulator.requests() == 3);
    }
}

TEST_CASE("headers and bodies are bounded") {
    WireSimulatorOptions options;
    options.max_header = 500;
    options.max_body = 300;
    options.keep_bodies = true;
    World world("", options);
    auto const big = world.send(post("/v1/chat/completions", chat(std::string(500, 'x')), key));
    CHECK(big.status() == 413);
    auto const long_line = "X-Long: " + std::string(600, 'x') + "\r\n";
    CHECK(world.send(post("/v1/chat/completions", "{}", long_line)).status() == 431);
    CHECK(world.simulator.requests() == 0);
    CHECK(world.chat("hi").status() == 200);
    CHECK(world.simulator.records().at(0).body == chat("hi"));
}

TEST_CASE("Expect: 100-continue is answered") {
    World world;
    auto const reply =
        world.send(post("/v1/chat/completions", chat("hi"), key + "Expect: 100-continue\r\n"));
    CHECK(reply.wire.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"));
}

TEST_CASE("a connection serves one request after the other") {
    World world;
    auto first = post("/v1/chat/completions", chat("hi"), key);
    auto const second = first;
    first.replace(first.find("Connection: close\r\n"), 19, "");
    auto const reply = world.send(first + second);
    CHECK(world.simulator.requests() == 2);
    CHECK(reply.wire.rfind("HTTP/1.1 200") > 0);
    CHECK(reply.end == asio::error::eof);
}
