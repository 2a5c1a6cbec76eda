// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/audit/audit_policy.hpp, which includes this file or leaves it to hilum/src.hpp.

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL AuditRecord
audit_record(AuditKind kind, CallContext const& cx, Destination const& destination) {
    AuditRecord record(kind, cx.clock().wall(), std::string(cx.request_id()));
    record.destination = destination;
    if (kind != AuditKind::transformation)
        record.attempt = cx.attempt;
    if (kind != AuditKind::outcome) {
        record.actor = cx.options.actor();
        record.purpose = cx.options.purpose();
        record.subject = cx.options.subject();
        record.tenant = cx.options.tenant();
        record.operation = cx.operation;
    }
    if (kind == AuditKind::transformation && cx.disclosure)
        record.disclosure = *cx.disclosure;
    if (kind == AuditKind::intent) { // what is needed to read it alone
        record.disclosure.policy = cx.disclosure ? cx.disclosure->policy : "none";
        if (cx.disclosure) {
            record.disclosure.fields = cx.disclosure->fields;
            record.disclosure.release_purpose = cx.disclosure->release_purpose;
            record.disclosure.release_reason = cx.disclosure->release_reason;
        }
    }
    return record;
}

HILUM_DECL void note_outcome(AuditRecord& record, Outcome const& outcome) {
    if (!outcome.error) {
        record.result = to_string(errc::ok);
        record.delivery = Delivery::answered;
        record.finished = true;
        return;
    }
    auto const& error = *outcome.error;
    record.result = to_string(error.value());
    record.delivery = error.delivery();
    record.scope = error.scope();
    record.status = error.status();
    record.provider_code = error.provider_code();
    record.provider_request_id = error.provider_request_id();
}

} // namespace hilum::inline HILUM_ABI::detail
