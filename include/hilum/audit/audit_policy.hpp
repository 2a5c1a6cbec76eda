// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/audit/events.hpp>
#include <hilum/audit/record.hpp>
#include <hilum/core/call_context.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>
#include <hilum/model/policy.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// What is let out by this call: its transformation record.
AuditRecord audit_record(CallContext const& cx, Destination const& destination);

/// Turns it into the intent of the attempt at hand.
void make_intent(AuditRecord& record, CallContext const& cx);

/// What an outcome adds, but the time.
void note_outcome(AuditRecord& record, Outcome const& outcome);

} // namespace detail

/// Writes down each disclosure: what is let out, an intent before the first byte of each attempt,
/// and how it ended.
///
/// @code
/// auto journal = FileJournal::open("disclosures.jsonl").value();
/// auto service = PhiFilterPolicy{} | RetryPolicy{} | AuditPolicy{journal} | openai;
/// @endcode
///
/// It stands right of whatever repeats or multiplies, so that it sees each attempt. If the intent
/// can't be stored, the call ends with `errc::audit_failed`, which nobody repeats, and nothing is
/// sent. An outcome that can't be stored is reported (`AuditOutcomeLost`) and counted; its intent
/// then reads "sent and unknown". An attempt that is dropped is "abandoned", a stream's outcome
/// comes when the stream ends. It is not telemetry: never sampled, never dropped.
///
/// Thread safety: as its store, which all calls share. Writing blocks the calling thread for as
/// long as the store needs.
template <AuditStore Store>
class AuditPolicy {
public:
    using policy = deciding;
    static constexpr std::string_view name = "audit";
    static constexpr bool per_attempt = true;
    static constexpr bool retains = true; // records: what stands left of the filter never does

    /// Throws `ConfigurationError` without a journal.
    explicit AuditPolicy(std::shared_ptr<Store> journal) : journal_(std::move(journal)) {
        if (!journal_)
            throw ConfigurationError("journal", "an AuditPolicy needs one");
    }

    std::string describe() const { return "an intent before each attempt, an outcome after it"; }

    class Layer;

private:
    std::shared_ptr<Store> journal_;
};

/// What the policy keeps for one service: its journal, and where the service sends to.
template <AuditStore Store>
class AuditPolicy<Store>::Layer {
public:
    Layer(AuditPolicy const& policy, Joined const& joined)
        : journal_(policy.journal_), destination_(joined.destination) {}

    /// Keeps of its attempt what the outcome has to say: the record itself is large.
    class Visit {
    public:
        Visit(Layer& layer, CallContext const& cx, std::string request_id)
            : layer_(&layer), clock_(cx.clock()), started_(clock_.now()),
              request_id_(std::move(request_id)), attempt_(cx.attempt) {}

        Visit(Visit&& other) noexcept
            : layer_(std::exchange(other.layer_, nullptr)), clock_(other.clock_),
              started_(other.started_), request_id_(std::move(other.request_id_)),
              attempt_(other.attempt_), streamed_(other.streamed_) {}

        Visit& operator=(Visit&&) = delete;

        /// Nobody waited for the end.
        ~Visit() {
            if (!layer_)
                return;
            auto record = outcome_record();
            record.result = "abandoned";
            (void)store(record);
        }

        /// The attempt's reply is a stream: it ends later.
        void streaming(CallContext&) { streamed_ = true; }

        Verdict leave(CallContext& cx, Outcome const& outcome) {
            auto record = outcome_record();
            detail::note_outcome(record, outcome);
            if (!store(record))
                cx.emit(AuditOutcomeLost{attempt_});
            layer_ = nullptr;
            return {};
        }

    private:
        AuditRecord outcome_record() {
            AuditRecord record(AuditKind::outcome, clock_.wall(), std::move(request_id_));
            record.attempt = attempt_;
            record.destination = layer_->destination_;
            record.duration = clock_.now() - started_;
            record.streamed = streamed_;
            return record;
        }

        bool store(AuditRecord const& record) {
            bool const stored = layer_->journal_->write(record).has_value();
            if (!stored)
                layer_->lost_.fetch_add(1, std::memory_order_relaxed);
            return stored;
        }

        Layer* layer_; // null once it is left
        Clock clock_;
        Clock::time_point started_;
        std::string request_id_;
        int attempt_;
        bool streamed_ = false;
    };

    Result<Visit> enter(CallContext& cx) {
        auto record = detail::audit_record(cx, destination_);
        if (cx.disclosure && !cx.disclosure->recorded) {
            if (!journal_->write(record))
                return refused();
            cx.disclosure->recorded = true;
        }
        detail::make_intent(record, cx);
        if (!journal_->write(record))
            return refused();
        return Visit(*this, cx, std::move(record.request_id));
    }

    /// Outcomes that could not be stored since the service was joined.
    std::uint64_t lost_outcomes() const noexcept { return lost_.load(std::memory_order_relaxed); }

private:
    /// Whatever the store's own error was: this call isn't to be made.
    static Error refused() {
        return Error(errc::audit_failed, "the intent could not be stored, so nothing was sent")
            .with(Delivery::rejected);
    }

    std::shared_ptr<Store> journal_;
    Destination destination_;
    std::atomic<std::uint64_t> lost_ = 0;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/audit/impl/audit_policy.ipp>
#endif
