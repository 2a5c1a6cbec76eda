// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/environment.hpp>
#include <hilum/core/error.hpp>
#include <hilum/testing/mock_answers.hpp>
#include <hilum/testing/mock_call.hpp>

#include <boost/json/serialize.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// What all copies of a mock share: the script, and what was asked.
class MockScript {
public:
    static constexpr std::size_t max_kept_calls = 1000;
    static constexpr std::size_t max_kept_bytes = std::size_t(16) << 20;

    MockScript(MockAnswers answers, Environment e) : environment(e) {
        for (auto& [key, list] : answers.answers)
            queues_[key].answers = std::move(list);
    }

    void add(std::string key, MockAnswer answer) {
        std::lock_guard const lock(mutex_);
        auto& queue = queues_[std::move(key)];
        if (!std::exchange(queue.scripted, true)) {
            queue.answers.clear();
            queue.next = 0;
        }
        queue.answers.push_back(std::move(answer));
    }

    void fail(Error const& error, int times) {
        std::lock_guard const lock(mutex_);
        for (int i = 0; i < times; ++i)
            failures_.push_back(error);
    }

    void delay(Clock::duration length) {
        std::lock_guard const lock(mutex_);
        delay_ = length;
    }

    /// Remembers the call and finds its answer. `type` is a prediction's, and null elsewhere.
    MockAnswer take(MockCall call, std::optional<std::string> const& type = std::nullopt) {
        std::lock_guard const lock(mutex_);
        std::string const key = "$" + call.operation;
        remember(std::move(call));
        MockAnswer out;
        if (!failures_.empty()) {
            out.error = std::move(failures_.front());
            failures_.pop_front();
        } else if (auto const* answer = advance(key)) {
            out = *answer;
        }
        if (type && !out.error) {
            auto const* answer = advance(*type);
            if (!answer)
                answer = advance("default");
            if (answer) {
                auto const before = out.delay;
                out = *answer;
                out.delay += before;
            }
        }
        out.delay += delay_;
        return out;
    }

    std::vector<MockCall> calls() const {
        std::lock_guard const lock(mutex_);
        return {calls_.begin(), calls_.end()};
    }

    std::size_t count(std::string_view operation) const {
        std::lock_guard const lock(mutex_);
        std::size_t all = 0;
        for (auto const& [name, number] : counts_)
            if (operation.empty() || name == operation)
                all += number;
        return all;
    }

    Environment const environment;

private:
    struct Queue {
        std::vector<MockAnswer> answers;
        std::size_t next = 0;
        bool scripted = false;
    };

    static std::size_t size_of(MockCall const& call) {
        std::size_t size = sizeof(MockCall) + call.prompt.size() + call.system.size();
        for (auto const& input : call.inputs)
            size += sizeof input + input.size();
        return size + (call.input.is_null() ? 0 : json::serialize(call.input).size());
    }

    MockAnswer const* advance(std::string const& key) {
        auto const found = queues_.find(key);
        if (found == queues_.end() || found->second.answers.empty())
            return nullptr;
        auto& queue = found->second;
        auto const& answer = queue.answers[queue.next];
        if (queue.next + 1 < queue.answers.size())
            ++queue.next;
        return &answer;
    }

    void remember(MockCall call) {
        ++counts_[call.operation];
        sizes_.push_back(size_of(call));
        bytes_ += sizes_.back();
        calls_.push_back(std::move(call));
        while (calls_.size() > 1 && (calls_.size() > max_kept_calls || bytes_ > max_kept_bytes)) {
            bytes_ -= sizes_.front();
            sizes_.pop_front();
            calls_.pop_front();
        }
    }

    mutable std::mutex mutex_;
    std::map<std::string, Queue> queues_;
    std::deque<Error> failures_;
    Clock::duration delay_{};
    std::deque<MockCall> calls_;
    std::deque<std::size_t> sizes_;
    std::size_t bytes_ = 0;
    std::map<std::string, std::size_t, std::less<>> counts_;
};

} // namespace hilum::inline HILUM_ABI::detail
