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

/// The text with what is random in it as the pages have it.
inline std::string with_page_ids(std::string text, std::string const& request_id) {
    if (auto const at = text.find(request_id); at != std::string::npos)
        text.replace(at, request_id.size(), "0b2e6a34-6c1d-4a5e-9d0f-7a8b9c0d1e2f");
    if (auto const at = text.find("ZID001"); at != std::string::npos)
        text.replace(at, 19, "ZID001K7QX2M9R4TBVW");
    return text;
}
