// SPDX-License-Identifier: BSL-1.0
// labels: threads

#include <hilum/aws/signer.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("four threads share a signer", "[signer]") {
    aws::Signer const signer("us-east-1", "bedrock");
    auto const origin = std::make_shared<HttpOrigin const>(
        HttpOrigin::parse("https://bedrock-runtime.us-east-1.amazonaws.com").value()
    );
    auto const signature = [&](int which) {
        HttpRequest r(HttpMethod::post, origin, "/model/x/converse");
        r.body = std::to_string(which);
        aws::Credentials const credentials("AKID", Secret(which % 2 ? "one" : "two"));
        signer.sign(r, credentials, Clock::wall_time());
        return std::string(r.find("Authorization").value_or(""));
    };
    std::vector<std::string> expected;
    for (int i = 0; i < 4; ++i)
        expected.push_back(signature(i));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
                if (signature((i + t) % 4) != expected[static_cast<std::size_t>((i + t) % 4)])
                    ++wrong;
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}
