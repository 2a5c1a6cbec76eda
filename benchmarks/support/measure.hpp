// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What a stretch of calls cost this process, and how several stretches are put together.

#include <boost/json/object.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

namespace bench {

/// User and system time of this process, s.
inline double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Keeps a process (0: this one) on one core; nothing where there is no such core.
inline void pin(int process, std::size_t core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    (void)::sched_setaffinity(process, sizeof cores, &cores);
}

/// The value below which a share `p` of them lies; sorts.
template <class T>
T percentile(std::vector<T>& values, double p) {
    if (values.empty())
        return T();
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

/// One stretch: so many calls, one after the other or side by side.
class Sample {
public:
    double cpu_us = 0, mallocs = 0, p50_us = 0, p99_us = 0, calls_per_s = 0;
};

/// Counts from its construction on.
class Stretch {
public:
    explicit Stretch(std::atomic<long> const& counter)
        : counter_(counter), mallocs_(counter.load()), started_(now()), cpu_(cpu_seconds()) {}

    Sample end(std::vector<double>& latencies_us) const {
        double const cpu = cpu_seconds() - cpu_;
        std::chrono::duration<double> const took = now() - started_;
        auto const allocated = static_cast<double>(counter_.load() - mallocs_);
        auto const calls = static_cast<double>(latencies_us.size());
        Sample sample;
        sample.cpu_us = cpu * 1e6 / calls;
        sample.mallocs = allocated / calls;
        sample.p50_us = percentile(latencies_us, 0.5);
        sample.p99_us = percentile(latencies_us, 0.99);
        sample.calls_per_s = calls / took.count();
        return sample;
    }

    static std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

private:
    std::atomic<long> const& counter_;
    long mallocs_;
    std::chrono::steady_clock::time_point started_;
    double cpu_;
};

/// All samples of one client. The best of each figure is what the machine can do when nobody else
/// uses it; the median shows how far from that it was.
class Samples {
public:
    explicit Samples(std::string n) : name(std::move(n)) {}

    double best(double Sample::*figure) const {
        auto values = all(figure);
        return percentile(values, 0);
    }

    double median(double Sample::*figure) const {
        auto values = all(figure);
        return percentile(values, 0.5);
    }

    boost::json::object to_json() const {
        boost::json::object out;
        out["client"] = name;
        out["cpu_us"] = best(&Sample::cpu_us);
        out["cpu_us_median"] = median(&Sample::cpu_us);
        out["mallocs"] = best(&Sample::mallocs);
        out["p50_us"] = best(&Sample::p50_us);
        out["p99_us"] = best(&Sample::p99_us);
        auto rates = all(&Sample::calls_per_s);
        out["calls_per_s"] = percentile(rates, 1);
        return out;
    }

    std::string name;
    std::vector<Sample> list;

private:
    std::vector<double> all(double Sample::*figure) const {
        std::vector<double> values;
        for (auto const& sample : list)
            values.push_back(sample.*figure);
        return values;
    }
};

} // namespace bench
