// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/env_vars.hpp>
#include <hilum/core/secret.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws::detail {

/// An environment variable without the white space around it; a blank one is absent, as the
/// official clients have it.
inline std::optional<std::string> variable(
    EnvironmentVariables const& variables, std::string const& name
) {
    constexpr std::string_view space = " \t\r\n\v\f";
    auto value = variables.find(name);
    if (!value)
        return std::nullopt;
    value->erase(value->find_last_not_of(space) + 1); // npos + 1 is 0
    value->erase(0, value->find_first_not_of(space));
    return value->empty() ? std::nullopt : value;
}

/// The same for what nobody else shall read in this process's memory.
inline Secret secret_variable(EnvironmentVariables const& variables, std::string const& name) {
    auto value = variable(variables, name);
    if (!value)
        return Secret();
    Secret out{std::string_view(*value)};
    hilum::detail::wipe(value->data(), value->size());
    return out;
}

} // namespace hilum::inline HILUM_ABI::aws::detail
