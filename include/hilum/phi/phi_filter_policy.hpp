// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/model/unfiltered.hpp>
#include <hilum/phi/detail/passages.hpp>
#include <hilum/phi/detail/payload.hpp>
#include <hilum/phi/fields.hpp>
#include <hilum/phi/patient_fields.hpp>
#include <hilum/phi/scrubber.hpp>

#include <boost/json/object.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// Lets out of a record only the fields that a call asks for by name, and no free text.
///
/// @code
/// auto service = PhiFilterPolicy{} | RetryPolicy{} | openai;
/// auto reply = co_await service.generate_text(
///     "Summarise the findings.", about(patient).only("age", "conditions"));
/// show(reply->reveal("shown to the treating physician").text);
/// @endcode
///
/// What goes out is the instruction, an empty line and one block of JSON with the fields and
/// `_audit` (a random request id, the time); for a prediction, that object with the kind as `type`.
/// Nothing is sent by default. Which fields a record has, and what is done to each, says
/// `PhiFields<Record>`; for `Patient` see there. Identifiers leave as random tokens, which turn
/// back in the reply, also in a streamed one; the reply is `Phi` again.
///
/// An instruction is a literal, or was released. Text made at run time is refused unless a scrubber
/// reads it: `PhiFilterPolicy{scrubber}`. Operations that hold only what may leave pass as they
/// are.
///
/// It stands leftmost: it filters once for all attempts, and what stands right of it only sees what
/// may leave. What was done it writes into the call's `Disclosure`, for the audit.
///
/// Errors: `phi_blocked` ("free text needs a scrubber", a field that the record hasn't, a field
/// that holds what identifies), `invalid_request` (no field asked for). Results are transformed as
/// configured; whether that is enough for a purpose, no code can say.
///
/// Thread safety: its layer holds no state of a call; safe if the scrubber is.
template <TextScrubber Scrubber = NoScrubber>
class PhiFilterPolicy {
public:
    using policy = transforming;
    static constexpr std::string_view name = "phi_filter";
    static constexpr bool filters_phi = true;

    template <class Operation>
    using forwards_t = filtered_t<Operation>;

    PhiFilterPolicy() = default;

    explicit PhiFilterPolicy(Scrubber s) : scrubber_(std::move(s)) {}

    std::string describe() const {
        return std::same_as<Scrubber, NoScrubber> ? "fields by name, no free text"
                                                  : "fields by name, free text scrubbed";
    }

    /// What holds only what may leave.
    template <class Operation>
    Result<detail::UntouchedPassage<Operation>> pass(CallContext&, Operation const& op) const {
        static_assert(
            std::same_as<Operation, filtered_t<Operation>>,
            "hilum: PhiFilterPolicy doesn't know how to filter this operation"
        );
        return detail::UntouchedPassage<Operation>(op);
    }

    /// Text about nobody in particular.
    template <class Wire>
    Result<detail::FilteredPassage<Wire>> pass(CallContext& cx, Unfiltered<Wire, NoSubject> op)
        const {
        Way way(cx, op.text.cleared() ? "literal" : "scrubbed");
        auto text = cleared(std::move(op.text), way);
        if (!text)
            return text.error();
        return std::move(way).passage(Wire(std::move(*text), std::move(op.options)));
    }

    Result<detail::FilteredPassage<Embed>> pass(CallContext& cx, Unfiltered<Embed> const& op)
        const {
        Way way(cx, "scrubbed");
        std::vector<Outbound<std::string>> texts;
        for (auto const& instruction : op.texts) {
            auto text = cleared(instruction, way);
            if (!text)
                return text.error();
            texts.push_back(std::move(*text));
        }
        return std::move(way).passage(Embed(std::move(texts)));
    }

    /// An instruction about a record.
    template <class Wire, class Record>
    Result<detail::FilteredPassage<Wire>> pass(
        CallContext& cx, Unfiltered<Wire, About<Record>> const& op
    ) const {
        Way way(cx, "minimum_necessary");
        auto text = cleared(op.text, way);
        if (!text)
            return text.error();
        auto payload = fields_of(op.subject, cx, way);
        if (!payload)
            return payload.error();
        auto prompt = detail::prompt_about(text->value(), *payload);
        if (!prompt)
            return prompt.error();
        return std::move(way).passage(
            Wire(OutboundAccess::clear(std::move(*prompt), text->release()), op.options)
        );
    }

    /// A prediction about a record.
    template <class Record>
    Result<detail::FilteredPassage<Predict<>>> pass(
        CallContext& cx, Predict<About<Record>> const& op
    ) const {
        Way way(cx, "minimum_necessary");
        auto payload = fields_of(op.input, cx, way);
        if (!payload)
            return payload.error();
        return std::move(way).passage(
            Predict<>(OutboundAccess::clear(json::value(std::move(*payload))))
        );
    }

    /// A whole record: an error that names its fields, since none was asked for.
    template <class Record>

    requires(!std::same_as<Record, Outbound<json::value>>)
        Result<detail::FilteredPassage<Predict<>>> pass(CallContext& cx, Predict<Record> const& op)
    const { return pass(cx, Predict<About<Record>>(About<Record>(op.input))); }

private:
    /// What one call needs while it passes.
    class Way {
    public:
        Way(CallContext& cx, std::string_view policy)
            : vault(cx.random()), disclosure(std::make_shared<Disclosure>()), cx_(cx) {
            disclosure->policy = policy;
            cx.disclosure = disclosure;
        }

        /// Notes a release itself: the driver does so for the outermost layer only.
        template <class Wire>
        detail::FilteredPassage<Wire> passage(Wire wire) && {
            if (auto const release = wire.release()) {
                disclosure->release_purpose = release->purpose;
                disclosure->release_reason = release->reason.text();
            }
            return detail::FilteredPassage<Wire>(std::move(wire), std::move(vault), cx_);
        }

        PseudonymVault vault;
        std::shared_ptr<Disclosure> disclosure;

    private:
        CallContext& cx_;
    };

    Result<Outbound<std::string>> cleared(Instruction text, Way& way) const {
        if (text.cleared())
            return std::move(text).outbound();
        auto scrubbed = scrubber_.scrub(text.raw(), way.vault, *way.disclosure);
        if (!scrubbed)
            return scrubbed.error();
        return OutboundAccess::clear(std::move(*scrubbed));
    }

    template <class Record>
    static Result<json::object> fields_of(About<Record> const& about, CallContext& cx, Way& way) {
        static_assert(
            HasPhiFields<Record>,
            "hilum: PhiFilterPolicy doesn't know the fields of this record: specialise "
            "hilum::PhiFields for it, or send a hilum::Patient"
        );
        if constexpr (HasPhiFields<Record>) {
            if (!detail::is_kind(about.kind))
                return Error(
                    errc::invalid_request,
                    "the type of a prediction is a name of letters, digits, '_', '-' and '.'"
                );
            auto const* known = detail::known_of(about.record);
            if (known && known->occur_in(about.kind))
                return Error(errc::phi_blocked, "the type of the prediction holds an identifier");
            FieldContext fields(cx.clock().wall(), way.vault, *way.disclosure);
            auto payload = detail::render_fields(
                about.record, about.fields, fields, way.vault, *way.disclosure
            );
            if (!payload)
                return payload.error();
            json::object out;
            if (!about.kind.empty())
                out["type"] = about.kind;
            for (auto& [key, value] : *payload)
                out.emplace(key, std::move(value));
            detail::add_audit_note(out, cx, *way.disclosure);
            return out;
        } else {
            return Error(errc::unsupported);
        }
    }

    [[no_unique_address]] Scrubber scrubber_;
};

PhiFilterPolicy()->PhiFilterPolicy<NoScrubber>;

} // namespace hilum::inline HILUM_ABI
