// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hilum::inline HILUM_ABI::detail {

/// What stands behind the wire simulator: answers that look like a model's and depend on nothing
/// but the prompt and the seed.
///
/// A text quotes the pseudonyms of its prompt, altered as models do it: in lower case, in bold, as
/// code. Pure; any thread.
class SimulatedModel {
public:
    explicit SimulatedModel(std::uint64_t seed) : seed_(seed) {}

    /// A short summary of the JSON object in the prompt, or a few words about the prompt itself.
    std::string text(std::string_view prompt) const;

    /// `{"prediction", "confidence", "features"}`; features are named after the input's members.
    json::object prediction(json::value const& input) const;

    /// One vector of length 1: the same for the same text, closer for texts that share words.
    std::vector<double> embedding(std::string_view text, std::size_t dimensions) const;

    /// About four bytes each, as a bill would count them; 0 for nothing.
    static std::size_t tokens(std::string_view text) noexcept { return (text.size() + 3) / 4; }

    /// The first @p count tokens of a text, never a part of a character.
    static std::string_view first_tokens(std::string_view text, std::size_t count) noexcept;

    /// The sizes in which a stream of this text would come: every pseudonym is cut.
    std::vector<std::size_t> deltas(std::string_view text) const;

    /// The pseudonyms in a text, each once, in their order.
    static std::vector<std::string> pseudonyms(std::string_view text);

    /// The first JSON object in a text; empty when there is none.
    static json::object first_object(std::string_view text);

private:
    std::uint64_t hash(std::string_view text) const noexcept;
    std::string quoted(std::string const& pseudonym, std::uint64_t variant) const;
    std::string summary(json::object const& record, std::string_view prompt) const;

    std::uint64_t seed_;
};

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/testing/impl/simulated_model.ipp>
#endif
