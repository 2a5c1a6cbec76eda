// SPDX-License-Identifier: BSL-1.0
//
// One prompt, one answer: from OpenAI or a server of your own if OPENAI_API_KEY or OPENAI_BASE_URL
// is set, else from a simulator in this process.
//
// test: OPENAI_API_KEY= OPENAI_BASE_URL= -> 0

#include <hilum.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <iostream>

hilum::Task<int> ask() {
    auto executor = co_await hilum::asio::this_coro::executor;
    auto config = hilum::OpenAiConfig::from_environment().model("gpt-4.1-mini");
    hilum::WireSimulator simulator(executor);
    if (config.api_key().empty() && config.base_url() == hilum::OpenAiConfig::default_base_url) {
        simulator.listen();
        config.api_key(hilum::Secret("test-key")).base_url(simulator.url() + "/v1");
    }
    hilum::OpenAiService openai(hilum::BeastHttpClient(executor), config);
    auto service = hilum::standard(openai, std::make_shared<hilum::MemoryJournal>());
    auto reply = co_await service.generate_text("Say in one sentence what a hilum is.");
    std::cout << (reply ? reply->reveal("who asks, reads").text : reply.error().message()) << '\n';
    co_return reply ? 0 : 2;
}

int main() { return hilum::run(ask()); }
