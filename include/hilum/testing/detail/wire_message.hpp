// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// A request as it arrived: header lines in their order, the target as it was written.
class WireRequest {
public:
    WireRequest() = default;

    /// The first header of that name (in any case); empty when there is none.
    std::string_view header(std::string_view name) const noexcept {
        for (auto const& [key, value] : headers)
            if (same(key, name))
                return value;
        return {};
    }

    bool has(std::string_view name) const noexcept {
        return std::any_of(headers.begin(), headers.end(), [&](auto const& line) {
            return same(line.first, name);
        });
    }

    std::string_view path() const noexcept {
        return std::string_view(target).substr(0, std::min(target.find('?'), target.size()));
    }

    std::string_view query() const noexcept {
        auto const mark = target.find('?');
        return mark == std::string::npos ? std::string_view()
                                         : std::string_view(target).substr(mark + 1);
    }

    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

private:
    static bool same(std::string_view a, std::string_view b) noexcept {
        auto const low = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
            return low(x) == low(y);
        });
    }
};

/// What the simulator answers, before faults.
class WireReply {
public:
    WireReply() = default;

    WireReply(unsigned s, std::string b) : status(s), body(std::move(b)) {}

    WireReply& header(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }

    unsigned status = 200;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    /// Sizes of the chunks in which a streamed body goes out; none when it isn't streamed.
    std::vector<std::size_t> chunks;
};

} // namespace hilum::inline HILUM_ABI::detail
