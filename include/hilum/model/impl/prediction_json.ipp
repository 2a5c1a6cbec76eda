// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/model/prediction_json.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <hilum/core/detail/json_document.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <optional>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Without the white space and the markdown fence that models like to put around JSON.
inline std::string_view without_fence(std::string_view text) {
    auto const trim = [](std::string_view s) {
        auto const first = s.find_first_not_of(" \t\r\n");
        if (first == s.npos)
            return std::string_view();
        return s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
    };
    text = trim(text);
    if (text.size() < 6 || !text.starts_with("```") || !text.ends_with("```"))
        return text;
    text = text.substr(3, text.size() - 6);
    if (text.starts_with("json") || text.starts_with("JSON"))
        text.remove_prefix(4);
    return trim(text);
}

inline std::optional<double> finite_number(json::value const& parent, std::string_view name) {
    auto const* member = find_member(parent, name);
    if (!member || !member->is_number())
        return std::nullopt;
    auto const number = member->to_number<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

} // namespace detail

HILUM_DECL Result<ModelResult> read_prediction(json::value const& answer) {
    if (!answer.is_object())
        return Error(errc::malformed_reply, "the model's answer is not a JSON object");
    auto const prediction = detail::finite_number(answer, "prediction");
    if (!prediction)
        return Error(errc::malformed_reply, "the model's answer has no number 'prediction'");
    auto const confidence = detail::finite_number(answer, "confidence");
    if (!confidence || *confidence < 0 || *confidence > 1)
        return Error(
            errc::malformed_reply, "the model's answer has no number 'confidence' from 0 to 1"
        );
    json::object features;
    if (auto const* member = detail::find_member(answer, "features")) {
        if (!member->is_object())
            return Error(errc::malformed_reply, "the model's answer has no object 'features'");
        features = member->get_object(); // assignment keeps the storage of the left side
    }
    return ModelResult(*prediction, *confidence, std::move(features));
}

HILUM_DECL Result<ModelResult> read_prediction(std::string_view text) {
    detail::JsonDocument const answer(detail::without_fence(text));
    if (answer.status() != errc::ok)
        return Error(errc::malformed_reply, "the model's answer is not a JSON object");
    return read_prediction(answer.root());
}

} // namespace hilum::inline HILUM_ABI
