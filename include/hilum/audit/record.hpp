// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/destination.hpp>
#include <hilum/core/disclosure.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What a record of the audit says.
enum class AuditKind : std::uint8_t {
    transformation, ///< what the filter, or a release, let out; one for each call
    intent,         ///< an attempt is about to be made; stored before its first byte
    outcome,        ///< how that attempt ended
};

char const* to_string(AuditKind kind) noexcept;

/// One record of the disclosure audit (45 CFR 164.312(b), 164.528): who sent what kind of thing
/// where, and what became of it. It has no field for what was sent or answered.
///
/// Records of one call have its `request_id`, those of one attempt its `attempt` as well. An intent
/// without an outcome reads "sent and unknown".
class AuditRecord {
public:
    AuditRecord() = default;

    AuditRecord(AuditKind k, Clock::wall_time at, std::string id)
        : kind(k), time(at), request_id(std::move(id)) {}

    AuditKind kind = AuditKind::intent;
    Clock::wall_time time{}; ///< UTC
    std::string request_id;
    int attempt = 0; ///< 0 in a transformation

    // Who, why, about whom, as the caller says it in `CallOptions`: opaque references.
    std::string actor, purpose, subject, tenant;

    std::string operation; ///< what was asked for, "generate_text"

    Destination destination;

    /// What was let out: policy, fields, rules, counts, an explicit release.
    Disclosure disclosure;

    // Of an outcome.
    std::string result; ///< "ok", the name of an `errc`, or "abandoned"
    Delivery delivery = Delivery::unknown;
    Scope scope = Scope::none;
    unsigned status = 0; ///< HTTP
    std::string provider_code, provider_request_id;
    Clock::duration duration{};
    bool streamed = false; ///< the reply came in pieces
    bool finished = false; ///< the provider said that it is complete

    /// One line of JSON without its end. Strings are cut at 256 bytes, and what isn't UTF-8 in them
    /// is replaced.
    std::string to_json() const;

    /// The same, appended: for stores that keep their buffer.
    void append_json(std::string& out) const;
};

/// Where audit records are kept: `write` returns once the record is stored, or with an error.
///
/// Shared by all calls of a service, and by several services; safe from any thread. It must not
/// throw. The smallest one:
///
/// @code
/// class MyStore {
/// public:
///     Result<void> write(AuditRecord const& record);
/// };
/// auto service = AuditPolicy{std::make_shared<MyStore>()} | openai;
/// @endcode
template <class S>
concept AuditStore = requires(S& store, AuditRecord const& record) {
    { store.write(record) } -> std::same_as<Result<void>>;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/audit/impl/record.ipp>
#endif
