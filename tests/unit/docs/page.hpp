// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "catch.hpp"

/// A page of the docs.
inline std::string page(std::string const& name) {
    std::ifstream file(std::string(HILUM_SOURCE_DIR) + "/docs/" + name);
    REQUIRE(file);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Whether a page has this text, wherever its lines end.
inline bool page_says(std::string const& name, std::string text) {
    auto const compact = [](std::string s) {
        std::string out;
        for (char const c : s)
            if (c != ' ' && c != '\n')
                out.push_back(c);
        return out;
    };
    return compact(page(name)).find(compact(std::move(text))) != std::string::npos;
}
