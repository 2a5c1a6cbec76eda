// SPDX-License-Identifier: BSL-1.0
//
// A policy of your own: at most so many calls in so much time, then a polite refusal. Copy it and
// put your decision in its place.
//
// test: -> 0 : rate_limited

#include <hilum.hpp>
#include <hilum/testing/mock_model_service.hpp>

#include <deque>
#include <iostream>
#include <mutex>

using namespace hilum;
using namespace std::chrono_literals;

//[custom-policy
// What a host writes down: plain configuration, marked by a member.
struct AllowancePolicy {
    using policy = deciding;
    static constexpr std::string_view name = "allowance";

    int calls = 100;
    Clock::duration window = 1h;

    std::string describe() const { return "calls=" + std::to_string(calls); }

    // One call on its way. What it holds is given back when it is left, or destroyed.
    class Visit {
    public:
        Verdict leave(CallContext&, Outcome const&) { return {}; } // never asks for another try
    };

    // What is born when the policy joins a service: its copies and calls share it.
    class Layer {
    public:
        explicit Layer(AllowancePolicy const& o) : calls_(o.calls), window_(o.window) {
            if (o.calls < 1)
                throw ConfigurationError("allowance.calls", "must be above 0");
        }

        Result<Visit> enter(CallContext& cx) {
            auto const now = cx.clock().now(); // never the system's clock: tests have their own
            std::scoped_lock const lock(mutex_);
            while (!made_.empty() && now - made_.front() >= window_)
                made_.pop_front();
            if (made_.size() >= static_cast<std::size_t>(calls_))
                return Error(errc::rate_limited, "the allowance of calls is used up");
            made_.push_back(now);
            return Visit();
        }

    private:
        int calls_;
        Clock::duration window_;
        std::mutex mutex_;
        std::deque<Clock::time_point> made_;
    };
};

//]

Task<int> ask() {
    auto const service =
        AllowancePolicy{.calls = 2, .window = 1h} | RetryPolicy{} | MockModelService();
    std::cout << describe(service).text() << "\n\n";
    for (int i = 1; i <= 3; ++i) {
        auto const reply = co_await service.generate_text("Say hello.");
        std::cout << "call " << i << "  " << (reply ? reply->text : reply.error().message())
                  << '\n';
    }
    co_return 0;
}

int main() { return run(ask()); }
