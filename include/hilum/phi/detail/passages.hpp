// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/phi/events.hpp>
#include <hilum/phi/token_restorer.hpp>

#include <memory>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

inline void report_restored(CallContext const& cx, TokenRestorer const& restorer) {
    if (restorer.restored() != 0 || restorer.unknown() != 0)
        cx.emit(PhiTokensRestored{restorer.restored(), restorer.unknown()});
}

/// Turns tokens back while the reply streams.
class RestoringStage final : public StreamStage {
public:
    explicit RestoringStage(PseudonymVault vault) : restorer_(std::move(vault)) {}

    void delta(TextDelta& delta) override {
        std::string out;
        restorer_.push(delta.text, out);
        delta.text = std::move(out);
    }

    void flush(TextDelta& delta) override { restorer_.finish(delta.text); }

    void end(CallContext& cx, Outcome const&) override { report_restored(cx, restorer_); }

private:
    TokenRestorer restorer_;
};

/// What a tainted operation became, and how its reply becomes `Phi` again.
template <class Wire>
class FilteredPassage {
public:
    /// The context outlives the passage: both belong to one call.
    FilteredPassage(Wire wire, PseudonymVault vault, CallContext const& cx)
        : op(std::move(wire)), vault_(std::move(vault)), cx_(&cx) {}

    Wire op;

    Phi<TextReply> restore(TextReply reply) {
        TokenRestorer restorer(std::move(vault_));
        reply.text = restorer.whole(std::move(reply.text));
        report_restored(*cx_, restorer);
        return Phi<TextReply>(std::move(reply));
    }

    Phi<ModelResult> restore(ModelResult reply) {
        TokenRestorer restorer(std::move(vault_));
        restorer.whole(reply.features);
        report_restored(*cx_, restorer);
        return Phi<ModelResult>(std::move(reply));
    }

    Phi<Embeddings> restore(Embeddings reply) { return Phi<Embeddings>(std::move(reply)); }

    PhiTextStream restore(TextStream stream) {
        stream.attach(std::make_unique<RestoringStage>(std::move(vault_)));
        return PhiTextStream(std::move(stream));
    }

private:
    PseudonymVault vault_;
    CallContext const* cx_;
};

/// An operation that may leave as it is; its reply is nobody's.
template <class Op>
class UntouchedPassage {
public:
    explicit UntouchedPassage(Op const& o) : op(o) {}

    Op const& op;

    template <class Reply>
    Reply restore(Reply reply) {
        return reply;
    }
};

} // namespace hilum::inline HILUM_ABI::detail
