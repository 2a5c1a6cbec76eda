// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/outbound.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/model/unfiltered.hpp>
#include <hilum/phi/detail/passages.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// A host's statement, once and in the pipeline, that no text of this service ever holds PHI.
///
/// @code
/// auto service = PhiFreePolicy{"answers questions about the public web site"} | openai;
/// auto reply = co_await service.generate_text(question);       // run-time text, recorded as
/// released
/// @endcode
///
/// Text passes as it is and is recorded as a release with that reason, which is a literal. Records
/// don't pass: they identify somebody. Such a service isn't a `PhiSafeService`.
class PhiFreePolicy {
    template <class Operation>
    struct Forwards {
        using type = Operation;
    };

    template <class Operation>
    struct Forwards<Unfiltered<Operation, NoSubject>> {
        using type = Operation;
    };

public:
    using policy = transforming;
    static constexpr std::string_view name = "phi_free";
    static constexpr bool claims_phi_free = true;

    template <class Operation>
    using forwards_t = typename Forwards<Operation>::type;

    template <std::size_t N>
    consteval PhiFreePolicy(char const (&why)[N]) : reason_(why) {}

    constexpr explicit PhiFreePolicy(Reason why) : reason_(why) {}

    std::string describe() const { return std::string(reason_.text()); }

    template <class Operation>
    Result<detail::UntouchedPassage<Operation>> pass(CallContext&, Operation const& op) const {
        return detail::UntouchedPassage<Operation>(op);
    }

    template <class Wire>
    Result<detail::FilteredPassage<Wire>> pass(CallContext& cx, Unfiltered<Wire, NoSubject> op)
        const {
        return passage(cx, Wire(released(std::move(op.text)), std::move(op.options)));
    }

    Result<detail::FilteredPassage<Embed>> pass(CallContext& cx, Unfiltered<Embed> const& op)
        const {
        std::vector<Outbound<std::string>> texts;
        for (auto const& text : op.texts)
            texts.push_back(released(text));
        return passage(cx, Embed(std::move(texts)));
    }

private:
    Outbound<std::string> released(Instruction text) const {
        if (text.cleared())
            return std::move(text).outbound();
        return OutboundAccess::clear(
            PhiAccess::open(text.raw()), std::make_shared<Release const>("phi_free", reason_)
        );
    }

    /// Says so in the disclosure itself: the driver notes releases of the outermost layer only.
    template <class Wire>
    detail::FilteredPassage<Wire> passage(CallContext& cx, Wire wire) const {
        auto disclosure = std::make_shared<Disclosure>();
        disclosure->policy = "release";
        if (auto const release = wire.release()) {
            disclosure->release_purpose = release->purpose;
            disclosure->release_reason = release->reason.text();
        } else {
            disclosure->policy = "literal";
        }
        cx.disclosure = std::move(disclosure);
        return detail::FilteredPassage<Wire>(std::move(wire), PseudonymVault(cx.random()), cx);
    }

    Reason reason_;
};

} // namespace hilum::inline HILUM_ABI
