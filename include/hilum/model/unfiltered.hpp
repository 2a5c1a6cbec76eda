// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/embedding.hpp>
#include <hilum/model/instruction.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

class PhiTextStream;

/// A record of the host with the names of the fields that one call needs: the minimum necessary, 45
/// CFR 164.502(b).
///
/// @code
/// about(patient).only("age", "biometrics", "conditions")
/// @endcode
///
/// Nothing is sent that isn't named; a name that the record doesn't have is an error that lists
/// those it has.
template <class Record>
class About {
public:
    explicit About(Record r) : record(std::move(r)) {}

    template <std::convertible_to<std::string_view>... Names>
    About&& only(Names const&... names) && {
        (fields.emplace_back(std::string_view(names)), ...);
        return std::move(*this);
    }

    About&& only(std::vector<std::string> names) && {
        fields = std::move(names);
        return std::move(*this);
    }

    /// The kind of prediction that is asked for: the field `type` of a generic model's input.
    About&& type(std::string name) && {
        kind = std::move(name);
        return std::move(*this);
    }

    Record record;
    std::vector<std::string> fields;
    std::string kind;
};

template <class Record>
About<std::remove_cvref_t<Record>> about(Record&& record) {
    return About<std::remove_cvref_t<Record>>(std::forward<Record>(record));
}

/// A call about nobody in particular.
class NoSubject {};

/// An operation whose text was made at run time, or which speaks of a subject: it may hold PHI. No
/// adapter handles it; the filter turns it into `Operation`, and what comes back is `Phi`.
template <class Operation, class Subject = NoSubject>
class Unfiltered {
public:
    using response_type = std::conditional_t<
        std::same_as<Operation, StreamText>,
        PhiTextStream,
        Phi<response_t<Operation>>>;
    static constexpr std::string_view name = Operation::name;

    Unfiltered(Instruction t, TextOptions o, Subject s = {})
        : text(std::move(t)), options(std::move(o)), subject(std::move(s)) {}

    Instruction text;
    TextOptions options;
    Subject subject;
};

template <>
class Unfiltered<Embed, NoSubject> {
public:
    using response_type = Phi<Embeddings>;
    static constexpr std::string_view name = Embed::name;

    explicit Unfiltered(std::vector<Instruction> t) : texts(std::move(t)) {}

    std::vector<Instruction> texts;
};

namespace detail {

template <class Operation>
struct Filtered {
    using type = Operation;
};

template <class Operation, class Subject>
struct Filtered<Unfiltered<Operation, Subject>> {
    using type = Operation;
};

template <class Input>
struct Filtered<Predict<Input>> {
    using type = Predict<>;
};

} // namespace detail

/// The wire form of an operation: what a filter passes on.
template <class Operation>
using filtered_t = typename detail::Filtered<Operation>::type;

} // namespace hilum::inline HILUM_ABI
