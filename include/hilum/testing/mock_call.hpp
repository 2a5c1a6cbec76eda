// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_options.hpp>
#include <hilum/core/config.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// One call that a `MockModelService` got, for what a test asserts: what would have left.
class MockCall {
public:
    MockCall() = default;

    std::string operation;           ///< "generate_text"
    std::string prompt;              ///< of texts and streams
    std::string system;              ///< their system text
    int max_tokens = 0;              ///< theirs
    json::value input;               ///< of predictions
    std::vector<std::string> inputs; ///< of embeddings
    std::string request_id;
    int attempt = 1;
    CallOptions options;
};

} // namespace hilum::inline HILUM_ABI
