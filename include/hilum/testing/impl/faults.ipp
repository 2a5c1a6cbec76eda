// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/faults.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/random.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

namespace hilum::inline HILUM_ABI {

/// Reads one rule after the other; `at_` is where it stands.
class FaultPlan::Parser {
public:
    explicit Parser(std::string_view spec) : spec_(spec) {}

    Result<std::vector<Rule>> rules() {
        std::vector<Rule> out;
        do {
            skip_spaces();
            if (auto problem = rule(out); !problem.empty())
                return Error(errc::invalid_configuration, problem);
        } while (take(','));
        return out;
    }

private:
    static constexpr std::uint64_t longest_ms = 3'600'000;
    static constexpr std::uint64_t most_bytes = 1ULL << 31;

    std::string problem(std::string_view what) const {
        return "faults, position " + std::to_string(at_ + 1) + ": " + std::string(what);
    }

    std::string rule(std::vector<Rule>& out) {
        auto const name = word();
        Rule made(Kind::status);
        std::string wrong;
        if (name == "status")
            wrong = status(made);
        else if (name == "throttle")
            wrong = throttle(made);
        else if (name == "refuse")
            made.argument = 503;
        else if (name == "delay")
            wrong = number(made, Kind::delay, longest_ms, "delay:MS, at most one hour", true);
        else if (name == "stall")
            made.kind = Kind::stall;
        else if (name == "reset")
            wrong = number(made, Kind::reset, most_bytes, "reset or reset:BYTE", false);
        else if (name == "truncate")
            wrong = number(made, Kind::truncate, most_bytes, "truncate or truncate:BYTES", false);
        else if (name == "drip")
            wrong = number(made, Kind::drip, longest_ms, "drip or drip:MS", false);
        else if (name == "malformed")
            made.kind = Kind::malformed;
        else {
            at_ -= name.size();
            return problem("unknown kind; known are status:CODE[;NAME=VALUE...], throttle[:MS], "
                           "refuse, delay:MS, stall, reset[:BYTE], truncate[:BYTES], drip[:MS], "
                           "malformed, each with @N, @N-M or @P% after it");
        }
        if (wrong.empty())
            wrong = trigger(made);
        skip_spaces();
        if (wrong.empty() && at_ < spec_.size() && spec_[at_] != ',')
            wrong = problem("expected ',' or the end");
        if (wrong.empty())
            out.push_back(std::move(made));
        return wrong;
    }

    std::string status(Rule& rule) {
        if (auto wrong = number(rule, Kind::status, 599, "status:CODE, 300 to 599", true);
            !wrong.empty())
            return wrong;
        if (*rule.argument < 300) {
            at_ -= 3;
            return problem("status:CODE, 300 to 599");
        }
        while (take(';')) {
            auto const name = until("=,;@");
            if (name.empty() || !take('='))
                return problem("a header is written ;NAME=VALUE");
            if (!std::all_of(name.begin(), name.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
                }))
                return problem("a header's name holds letters, digits, '-' and '_'");
            auto const value = until(",;@");
            if (!std::all_of(value.begin(), value.end(), [](char c) {
                    return c >= 0x20 && c < 0x7f;
                }))
                return problem("a header's value holds printable ASCII");
            rule.headers.emplace_back(name, value);
        }
        return {};
    }

    std::string throttle(Rule& rule) {
        if (auto wrong = number(rule, Kind::status, longest_ms, "throttle or throttle:MS", false);
            !wrong.empty())
            return wrong;
        auto const pause = rule.argument.value_or(20);
        rule.argument = 429;
        rule.headers.emplace_back("retry-after-ms", std::to_string(pause));
        rule.headers.emplace_back("retry-after", std::to_string((pause + 999) / 1000));
        return {};
    }

    std::string number(
        Rule& rule, Kind kind, std::uint64_t most, std::string_view usage, bool required
    ) {
        rule.kind = kind;
        if (!take(':'))
            return required ? problem(usage) : std::string();
        auto const value = digits();
        if (!value || *value > most)
            return problem(usage);
        rule.argument = value;
        return {};
    }

    std::string trigger(Rule& rule) {
        if (!take('@'))
            return {};
        constexpr std::string_view usage = "a trigger is @N, @N-M (requests from 1) or @P%";
        auto const begin = at_;
        auto const value = digits();
        if (!value)
            return problem(usage);
        if (take('-')) {
            auto const last = digits();
            if (!last || *value == 0 || *last < *value)
                return problem(usage);
            rule.first = *value;
            rule.last = *last;
            return {};
        }
        std::uint64_t millionths = std::min<std::uint64_t>(*value, 101) * 10'000;
        bool const fraction = take('.');
        if (fraction) {
            std::uint64_t scale = 1'000;
            auto const first_digit = at_;
            for (; at_ < spec_.size() && spec_[at_] >= '0' && spec_[at_] <= '9'; ++at_) {
                millionths += static_cast<std::uint64_t>(spec_[at_] - '0') * scale;
                scale /= 10;
            }
            if (at_ == first_digit)
                return problem(usage);
        }
        if (take('%')) {
            if (millionths > 1'000'000) {
                at_ = begin;
                return problem("a probability is at most 100%");
            }
            rule.millionths = static_cast<std::uint32_t>(millionths);
            return {};
        }
        if (fraction || *value == 0)
            return problem(usage);
        rule.first = rule.last = *value;
        return {};
    }

    std::string_view word() {
        auto const begin = at_;
        while (at_ < spec_.size() && spec_[at_] >= 'a' && spec_[at_] <= 'z')
            ++at_;
        return spec_.substr(begin, at_ - begin);
    }

    std::string_view until(std::string_view stops) {
        auto const begin = at_;
        at_ = std::min(spec_.find_first_of(stops, at_), spec_.size());
        return spec_.substr(begin, at_ - begin);
    }

    std::optional<std::uint64_t> digits() {
        std::uint64_t value = 0;
        auto const* const begin = spec_.data() + at_;
        auto const [end, ec] = std::from_chars(begin, spec_.data() + spec_.size(), value);
        if (ec != std::errc() || end == begin)
            return std::nullopt;
        at_ += static_cast<std::size_t>(end - begin);
        return value;
    }

    bool take(char c) {
        if (at_ >= spec_.size() || spec_[at_] != c)
            return false;
        ++at_;
        return true;
    }

    void skip_spaces() {
        while (at_ < spec_.size() && spec_[at_] == ' ')
            ++at_;
    }

    std::string_view spec_;
    std::size_t at_ = 0;
};

HILUM_DECL Result<FaultPlan> FaultPlan::parse(std::string_view spec) {
    FaultPlan plan;
    if (spec.find_first_not_of(' ') == std::string_view::npos)
        return plan;
    auto rules = Parser(spec).rules();
    if (!rules)
        return rules.error();
    plan.rules_ = std::move(*rules);
    return plan;
}

HILUM_DECL Fault FaultPlan::at(std::size_t nth, std::uint64_t seed) const {
    Fault out;
    auto const note = [&](std::string_view name) {
        out.applied.append(out.applied.empty() ? "" : ",").append(name);
    };
    std::uint64_t index = 0;
    for (auto const& rule : rules_) {
        ++index;
        if (nth < rule.first || nth > rule.last)
            continue;
        if (rule.millionths < 1'000'000) {
            SeededRandom chance(seed ^ (nth * 0xd1342543de82ef95ULL) ^ (index << 56));
            if (chance.next() % 1'000'000 >= rule.millionths)
                continue;
        }
        auto const ms = [&](std::uint64_t otherwise) {
            return std::chrono::milliseconds(rule.argument.value_or(otherwise));
        };
        switch (rule.kind) {
        case Kind::status:
            if (out.status == 0) {
                out.status = static_cast<unsigned>(*rule.argument);
                out.headers = rule.headers;
                note("status:" + std::to_string(out.status));
            }
            break;
        case Kind::delay:
            out.delay += ms(0);
            note("delay");
            break;
        case Kind::stall:
            out.stall = true;
            note("stall");
            break;
        case Kind::reset:
            out.reset_at = static_cast<std::size_t>(rule.argument.value_or(0));
            note("reset");
            break;
        case Kind::truncate:
            // Without a number: half of the body, which only whoever holds it can tell.
            out.cut_at = static_cast<std::size_t>(
                rule.argument.value_or(std::numeric_limits<std::size_t>::max())
            );
            note("truncate");
            break;
        case Kind::drip:
            out.drip = ms(1);
            note("drip");
            break;
        case Kind::malformed:
            out.malformed = true;
            note("malformed");
            break;
        }
    }
    return out;
}

} // namespace hilum::inline HILUM_ABI
