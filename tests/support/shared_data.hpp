// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Test data that is not part of this repository: the folder that `HILUM_TEST_SHARED_DATA` names.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>

namespace hilum_test {

/// The path of @p name inside the shared data; empty, with a line that says so, where it is absent.
/// `tools/test` counts these lines as skipped.
inline std::optional<std::filesystem::path> shared_data(std::string_view name) {
    if (char const* const root = std::getenv("HILUM_TEST_SHARED_DATA")) {
        auto path = std::filesystem::path{root} / name;
        if (std::filesystem::exists(path))
            return path;
    }
    std::cout << "skipped: no shared data '" << name << "' (set HILUM_TEST_SHARED_DATA)\n";
    return std::nullopt;
}

} // namespace hilum_test
