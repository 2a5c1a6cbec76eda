// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Where environment variables are looked up: the process's own by default, a map in tests.
///
/// @code
/// auto config = OpenAiConfig::from_environment();                       // the process's
/// EnvironmentVariables variables{EnvironmentVariables::Map{{"OPENAI_API_KEY", "test-key"}}};
/// auto other = OpenAiConfig::from_environment(variables);               // a test's
/// @endcode
///
/// Copies share the map. Thread safety: reads are safe as long as nobody calls `setenv` meanwhile.
class EnvironmentVariables {
public:
    using Map = std::map<std::string, std::string, std::less<>>;

    /// The variables of this process.
    EnvironmentVariables() = default;

    /// These variables and no others.
    explicit EnvironmentVariables(Map variables)
        : variables_(std::make_shared<Map const>(std::move(variables))) {}

    /// The variable's value; nothing when it isn't set or is empty, which clients treat alike.
    std::optional<std::string> find(std::string const& name) const {
        std::string value;
        if (variables_) {
            if (auto const found = variables_->find(name); found != variables_->end())
                value = found->second;
        } else if (char const* const set = std::getenv(name.c_str())) {
            value = set;
        }
        if (value.empty())
            return std::nullopt;
        return value;
    }

    /// The first of two names that is set.
    std::optional<std::string> find(std::string const& name, std::string const& otherwise) const {
        auto value = find(name);
        return value ? value : find(otherwise);
    }

private:
    std::shared_ptr<Map const> variables_; // null: the process's own
};

} // namespace hilum::inline HILUM_ABI
