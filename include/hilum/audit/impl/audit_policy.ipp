// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/audit/audit_policy.hpp, which includes this file or leaves it to hilum/src.hpp.

namespace hilum::inline HILUM_ABI::detail {

HILUM_DECL AuditRecord audit_record(CallContext const& cx, Destination const& destination) {
    AuditRecord record(AuditKind::transformation, cx.clock().wall(), std::string(cx.request_id()));
    record.destination = destination;
    record.actor = cx.options.actor();
    record.purpose = cx.options.purpose();
    record.subject = cx.options.subject();
    record.tenant = cx.options.tenant();
    record.operation = cx.operation;
    if (cx.disclosure)
        record.disclosure = *cx.disclosure;
    return record;
}

HILUM_DECL void make_intent(AuditRecord& record, CallContext const& cx) {
    record.kind = AuditKind::intent;
    record.time = cx.clock().wall();
    record.attempt = cx.attempt;
    // What is needed to read it alone; how the fields were treated stands in the transformation.
    auto& disclosure = record.disclosure;
    if (!cx.disclosure)
        disclosure.policy = "none";
    disclosure.rules.clear();
    disclosure.counts.clear();
    disclosure.wire_request_id.clear();
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
