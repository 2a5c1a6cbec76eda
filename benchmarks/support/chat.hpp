// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The chat that is measured: a request of some 660 bytes with a body of 442, an answer of 829
/// bytes with a body of 721.

#include <string>
#include <string_view>

namespace bench {

inline constexpr char system_text[] =
    "You write for physicians. Answer in plain sentences, without lists, and say so when you "
    "don't know something.";

inline constexpr char user_text[] =
    "Which three questions should a discharge letter answer for the colleague who goes on with the "
    "treatment, and which of them is most often left open? Name the most common reason for that as "
    "well, please.";

inline constexpr char model[] = "gpt-4.1-mini";
inline constexpr char api_key[] = "sk-bench-0123456789abcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr char path[] = "/v1/chat/completions";
inline constexpr int max_tokens = 100;

inline constexpr std::string_view answer_text =
    "What was found, what was done, and what is left to do. The third is most often left open, "
    "mostly because results come in after the letter.";

/// As the server sends it.
inline std::string answer() {
    std::string body =
        R"({"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion",)"
        R"("created":1741569952,"model":"gpt-4.1-mini-2025-04-14","choices":[{"index":0,)"
        R"("message":{"role":"assistant","content":")";
    body += answer_text;
    body += R"(","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],)"
            R"("usage":{"prompt_tokens":61,"completion_tokens":33,"total_tokens":94,)"
            R"("prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
            R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},)"
            R"("service_tier":"default","system_fingerprint":"fp_44added55e"})";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_8d2f61b0c4a9\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace bench
