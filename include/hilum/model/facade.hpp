// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/model/detail/own_call.hpp>
#include <hilum/model/embedding.hpp>
#include <hilum/model/instruction.hpp>
#include <hilum/model/prediction.hpp>
#include <hilum/model/text.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/model/unfiltered.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// Whether a service takes run-time text: a filter (or a statement that there is no PHI) stands in
/// front of it.
template <class S, class Op>
concept TakesRunTimeText = Handles<S, Unfiltered<Op>>;

template <class S, class Op>
concept TakesClearedText = Handles<S, Op> && !TakesRunTimeText<S, Op>;

template <class S, class Op>
concept Lacks = !Handles<S, Op> && !TakesRunTimeText<S, Op>;

} // namespace detail

/// The named functions of a service, for whatever operations it handles. A service derives from it:
///
/// @code
/// class MyService : public ServiceFacade<MyService> {
/// public:
///     Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const;
/// };
/// @endcode
///
/// Every function takes its arguments by value and gives a task that may be stored or spawned; the
/// service has to outlive it (a guarded service keeps itself alive). A function that the service
/// can't offer is there all the same and fails to compile with a sentence that says what is
/// missing. Functions are const: a service is a handle.
///
/// Cancellation: terminal; the call then ends with `errc::cancelled`. Executor: the caller's if it
/// is serial, else one strand.
template <class Derived>
class ServiceFacade {
public:
    // ---- text, from a service without a filter
    // ---------------------------------------------------------------------

    /// One prompt, one answer. The text is a literal or was released.
    template <class Self = Derived>
    requires detail::TakesClearedText<Self, GenerateText> Task<Result<TextReply>> generate_text(
        TextWrittenInSourceOrReleased prompt, TextOptions options = {}, CallOptions call = {}
    )
    const { return start(GenerateText(std::move(prompt), std::move(options)), std::move(call)); }

    template <class Self = Derived>
    requires detail::TakesClearedText<Self, GenerateText> Task<Result<TextReply>> generate_text(
        TextWrittenInSourceOrReleased prompt, CallOptions call
    )
    const { return start(GenerateText(std::move(prompt)), std::move(call)); }

    /// One prompt, the answer in pieces.
    template <class Self = Derived>
    requires detail::TakesClearedText<Self, StreamText> Task<Result<TextStream>> stream_text(
        TextWrittenInSourceOrReleased prompt, TextOptions options = {}, CallOptions call = {}
    )
    const { return start(StreamText(std::move(prompt), std::move(options)), std::move(call)); }

    template <class Self = Derived>
    requires detail::TakesClearedText<Self, StreamText> Task<Result<TextStream>> stream_text(
        TextWrittenInSourceOrReleased prompt, CallOptions call
    )
    const { return start(StreamText(std::move(prompt)), std::move(call)); }

    /// Vectors for texts that were released.
    template <class Self = Derived>
    requires Handles<Self, Embed> Task<Result<Embeddings>> embed(
        std::vector<Outbound<std::string>> texts, CallOptions call = {}
    )
    const { return start(Embed(std::move(texts)), std::move(call)); }

    // ---- text, from a service behind a filter
    // ----------------------------------------------------------------------

    /// One prompt, one answer. Run-time text passes the filter; what comes back is `Phi` again.
    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, GenerateText> Task<Result<Phi<TextReply>>>
    generate_text(AnyText prompt, TextOptions options = {}, CallOptions call = {})
    const {
        return start(
            Unfiltered<GenerateText>(std::move(prompt).take(), std::move(options)), std::move(call)
        );
    }

    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, GenerateText> Task<Result<Phi<TextReply>>>
    generate_text(AnyText prompt, CallOptions call)
    const { return start(Unfiltered<GenerateText>(std::move(prompt).take(), {}), std::move(call)); }

    /// An instruction about a record, of which only the named fields are sent.
    template <class Record, class Self = Derived>
    requires Handles<Self, Unfiltered<GenerateText, About<Record>>> Task<Result<Phi<TextReply>>>
    generate_text(
        AnyText instruction, About<Record> subject, TextOptions options = {}, CallOptions call = {}
    )
    const {
        return start(
            Unfiltered<GenerateText, About<Record>>(
                std::move(instruction).take(), std::move(options), std::move(subject)
            ),
            std::move(call)
        );
    }

    template <class Record, class Self = Derived>
    requires Handles<Self, Unfiltered<GenerateText, About<Record>>> Task<Result<Phi<TextReply>>>
    generate_text(AnyText instruction, About<Record> subject, CallOptions call)
    const {
        return generate_text(
            std::move(instruction), std::move(subject), TextOptions(), std::move(call)
        );
    }

    /// One prompt, the answer in pieces that are `Phi` again.
    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, StreamText> Task<Result<PhiTextStream>> stream_text(
        AnyText prompt, TextOptions options = {}, CallOptions call = {}
    )
    const {
        return start(
            Unfiltered<StreamText>(std::move(prompt).take(), std::move(options)), std::move(call)
        );
    }

    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, StreamText> Task<Result<PhiTextStream>> stream_text(
        AnyText prompt, CallOptions call
    )
    const { return start(Unfiltered<StreamText>(std::move(prompt).take(), {}), std::move(call)); }

    template <class Record, class Self = Derived>
    requires Handles<Self, Unfiltered<StreamText, About<Record>>> Task<Result<PhiTextStream>>
    stream_text(
        AnyText instruction, About<Record> subject, TextOptions options = {}, CallOptions call = {}
    )
    const {
        return start(
            Unfiltered<StreamText, About<Record>>(
                std::move(instruction).take(), std::move(options), std::move(subject)
            ),
            std::move(call)
        );
    }

    template <class Record, class Self = Derived>
    requires Handles<Self, Unfiltered<StreamText, About<Record>>> Task<Result<PhiTextStream>>
    stream_text(AnyText instruction, About<Record> subject, CallOptions call)
    const {
        return stream_text(
            std::move(instruction), std::move(subject), TextOptions(), std::move(call)
        );
    }

    /// Vectors for texts that pass the filter.
    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, Embed> Task<Result<Phi<Embeddings>>> embed(
        std::vector<std::string> texts, CallOptions call = {}
    )
    const {
        std::vector<Instruction> tainted;
        tainted.reserve(texts.size());
        for (auto& text : texts)
            tainted.emplace_back(Phi<std::string>(std::move(text)));
        return start(Unfiltered<Embed>(std::move(tainted)), std::move(call));
    }

    template <class Self = Derived>
    requires detail::TakesRunTimeText<Self, Embed> Task<Result<Phi<Embeddings>>> embed(
        std::vector<Phi<std::string>> texts, CallOptions call = {}
    )
    const {
        std::vector<Instruction> tainted;
        tainted.reserve(texts.size());
        for (auto& text : texts)
            tainted.emplace_back(std::move(text));
        return start(Unfiltered<Embed>(std::move(tainted)), std::move(call));
    }

    // ---- predictions and information
    // -------------------------------------------------------------------------------

    /// A prediction from released JSON, or from a record behind a filter:
    /// `predict(about(patient).only("age"))`.
    template <class Input, class Self = Derived>
    requires Handles<Self, Predict<Input>> Task<Result<response_t<Predict<Input>>>> predict(
        Input input, CallOptions call = {}
    )
    const { return start(Predict<Input>(std::move(input)), std::move(call)); }

    /// What the model is: no payload, no filter needed.
    template <class Self = Derived>
    requires Handles<Self, GetModelInfo> Task<Result<ModelInfo>> get_model_info(
        CallOptions call = {}
    )
    const { return start(GetModelInfo(), std::move(call)); }

    // ---- the twins: what is missing, in a sentence
    // -----------------------------------------------------------------

    template <class Self = Derived, class... Args>
    requires detail::Lacks<Self, GenerateText> Task<Result<TextReply>> generate_text(Args&&...)
    const {
        static_assert(
            detail::never<Self>,
            "hilum: this service can't generate_text: it has no handle(CallContext&, GenerateText "
            "const&)"
        );
        return {};
    }

    template <class Record, class Self = Derived, class... Args>
    requires detail::TakesClearedText<Self, GenerateText> Task<Result<TextReply>> generate_text(
        AnyText, About<Record> const&, Args&&...
    )
    const { return refuse_record<TextReply, Record>(); }

    template <class Self = Derived, class... Args>
    requires detail::Lacks<Self, StreamText> Task<Result<TextStream>> stream_text(Args&&...)
    const {
        static_assert(
            detail::never<Self>,
            "hilum: this service can't stream_text: it has no handle(CallContext&, StreamText "
            "const&)"
        );
        return {};
    }

    template <class Record, class Self = Derived, class... Args>
    requires detail::TakesClearedText<Self, StreamText> Task<Result<TextStream>> stream_text(
        AnyText, About<Record> const&, Args&&...
    )
    const { return refuse_record<TextStream, Record>(); }

    template <class Self = Derived, class... Args>
    requires detail::Lacks<Self, Embed> Task<Result<Embeddings>> embed(Args&&...)
    const {
        static_assert(
            detail::never<Self>,
            "hilum: this service can't embed: it has no handle(CallContext&, Embed const&)"
        );
        return {};
    }

    template <class Self = Derived>
    requires detail::TakesClearedText<Self, Embed> Task<Result<Embeddings>> embed(
        std::vector<std::string> const&, CallOptions const& = {}
    )
    const { return refuse_texts<Self>(); }

    template <class Text, class Self = Derived>
    requires(detail::TakesClearedText<Self, Embed> && !std::same_as<Text, Outbound<std::string>>)
        Task<Result<Embeddings>> embed(std::vector<Text> const&, CallOptions const& = {})
    const { return refuse_texts<Self>(); }

    template <class Input, class Self = Derived>
    requires(!Handles<Self, Predict<Input>>)
        Task<Result<ModelResult>> predict(Input const&, CallOptions const& = {})
    const {
        static_assert(
            !Handles<Self, Predict<>> || detail::never<Input>,
            "hilum: this record may hold PHI and no PhiFilterPolicy stands in front of the "
            "service: "
            "write PhiFilterPolicy{...} | service, or release(json, purpose, reason)"
        );
        static_assert(
            Handles<Self, Predict<>>,
            "hilum: this service can't predict: it has no handle(CallContext&, Predict<> const&)"
        );
        return {};
    }

    template <class Self = Derived>
    requires(!Handles<Self, GetModelInfo>)
        Task<Result<ModelInfo>> get_model_info(CallOptions const& = {})
    const {
        static_assert(
            detail::never<Self>,
            "hilum: this service can't get_model_info: it has no handle(CallContext&, GetModelInfo "
            "const&)"
        );
        return {};
    }

private:
    template <class Op>
    Task<Result<response_t<Op>>> start(Op op, CallOptions call) const {
        // A service whose own handle isn't const mustn't be declared const; all of ours are.
        using Self = std::conditional_t<Handles<Derived const, Op>, Derived const, Derived>;
        auto& self = const_cast<Self&>(static_cast<Derived const&>(*this));
        CallContext cx(detail::environment_of(self), std::move(call));
        cx.operation = operation_name<Op>;
        if constexpr (requires { self.call(std::move(cx), std::move(op)); })
            return self.call(std::move(cx), std::move(op));
        else
            return detail::own_call(self, std::move(cx), std::move(op));
    }

    template <class Self>
    static Task<Result<Embeddings>> refuse_texts() {
        static_assert(
            detail::never<Self>,
            "hilum: run-time text may hold PHI and no PhiFilterPolicy stands in front of the "
            "service: "
            "write PhiFilterPolicy{...} | service, or release(text, purpose, reason)"
        );
        return {};
    }

    template <class Reply, class Record>
    static Task<Result<Reply>> refuse_record() {
        static_assert(
            detail::never<Record>,
            "hilum: this record may hold PHI and no PhiFilterPolicy stands in front of the "
            "service: "
            "write PhiFilterPolicy{...} | service"
        );
        return {};
    }
};

} // namespace hilum::inline HILUM_ABI
