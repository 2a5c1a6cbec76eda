// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/disclosure.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/phi/token_restorer.hpp>

#include <memory>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI::detail {

/// Turns tokens back while the reply streams.
class RestoringStage final : public StreamStage {
public:
    RestoringStage(PseudonymVault vault, std::shared_ptr<Disclosure> disclosure)
        : restorer_(std::move(vault)), disclosure_(std::move(disclosure)) {}

    void delta(TextDelta& delta) override {
        std::string out;
        restorer_.push(delta.text, out);
        delta.text = std::move(out);
    }

    void flush(TextDelta& delta) override {
        restorer_.finish(delta.text);
        note_restored(*disclosure_, restorer_);
    }

    static void note_restored(Disclosure& disclosure, TokenRestorer const& restorer) {
        if (restorer.restored() != 0)
            disclosure.counts["reply.tokens_restored"] += restorer.restored();
        if (restorer.unknown() != 0)
            disclosure.counts["reply.tokens_unknown"] += restorer.unknown();
    }

private:
    TokenRestorer restorer_;
    std::shared_ptr<Disclosure> disclosure_;
};

/// What a tainted operation became, and how its reply becomes `Phi` again.
template <class Wire>
class FilteredPassage {
public:
    FilteredPassage(Wire wire, PseudonymVault vault, std::shared_ptr<Disclosure> disclosure)
        : op(std::move(wire)), vault_(std::move(vault)), disclosure_(std::move(disclosure)) {}

    Wire op;

    Phi<TextReply> restore(TextReply reply) {
        return with_restorer([&](TokenRestorer& restorer) {
            reply.text = restorer.whole(reply.text);
            return Phi<TextReply>(std::move(reply));
        });
    }

    Phi<ModelResult> restore(ModelResult reply) {
        return with_restorer([&](TokenRestorer& restorer) {
            restorer.whole(reply.features);
            return Phi<ModelResult>(std::move(reply));
        });
    }

    Phi<Embeddings> restore(Embeddings reply) { return Phi<Embeddings>(std::move(reply)); }

    PhiTextStream restore(TextStream stream) {
        stream.attach(std::make_unique<RestoringStage>(std::move(vault_), std::move(disclosure_)));
        return PhiTextStream(std::move(stream));
    }

private:
    template <class Body>
    auto with_restorer(Body body) {
        TokenRestorer restorer(std::move(vault_));
        auto reply = body(restorer);
        RestoringStage::note_restored(*disclosure_, restorer);
        return reply;
    }

    PseudonymVault vault_;
    std::shared_ptr<Disclosure> disclosure_;
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
