// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/testing/detail/signature_check.hpp>
#include <hilum/testing/detail/simulated_model.hpp>
#include <hilum/testing/detail/wire_message.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Bedrock's runtime protocol: Converse, and InvokeModel with the bodies of Claude, Titan
/// embeddings and the generic `inputs`. Models whose id begins with "missing" don't exist.
/// Source: the service model of botocore, bedrock-runtime 2023-09-30.
class BedrockWire {
public:
    BedrockWire(SimulatedModel model, std::string bearer_key, AwsKeys keys)
        : model_(model), bearer_key_(std::move(bearer_key)), keys_(std::move(keys)) {}

    static bool is_meant(std::string_view path) noexcept { return path.starts_with("/model/"); }

    WireReply answer(WireRequest const& request, std::uint64_t number) const;

    /// The error that such a status comes with; it quotes the request, as providers do.
    static WireReply error(unsigned status, std::string_view type, std::string_view quote);

private:
    WireReply converse(json::object const& body, std::string_view raw) const;
    WireReply invoke(json::object const& body, std::string_view raw) const;
    std::string answer_to(std::string_view all, std::string_view prompt) const;

    SimulatedModel model_;
    std::string bearer_key_;
    AwsKeys keys_;
};

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/bedrock_wire.ipp>
#endif
