// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/outbound.hpp>
#include <hilum/model/text.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// One vector for each input, in the order of the inputs.
class Embeddings {
public:
    Embeddings() = default;

    std::vector<std::vector<float>> vectors;
    Usage usage;
    std::string model;
};

/// Asks for embeddings. The wire form.
class Embed {
public:
    using response_type = Embeddings;
    static constexpr std::string_view name = "embed";

    explicit Embed(std::vector<Outbound<std::string>> i) : inputs(std::move(i)) {}

    std::shared_ptr<Release const> release() const noexcept {
        for (auto const& input : inputs)
            if (input.release())
                return input.release();
        return nullptr;
    }

    std::vector<Outbound<std::string>> inputs;
};

} // namespace hilum::inline HILUM_ABI
