// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/audit/journal.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <system_error>

namespace hilum::inline HILUM_ABI {

HILUM_DECL Result<std::shared_ptr<FileJournal>> FileJournal::open(
    std::string const& path, bool synced
) {
    std::shared_ptr<FileJournal> journal(new FileJournal());
    journal->synced_ = synced;
    if (auto const ec = journal->file_.open(path))
        return Error(
            errc::invalid_configuration,
            "the audit journal must be a regular file that nobody else can read: " + ec.message()
        );
    if (synced)
        detail::JournalFile::sync_folder_of(path);
    return journal;
}

HILUM_DECL Result<void> FileJournal::write(AuditRecord const& record) {
    auto const failed = [](std::error_code ec) {
        return Error(errc::audit_failed, "the audit record could not be stored: " + ec.message());
    };
    if (broken_)
        return failed(std::make_error_code(std::errc::io_error));
    {
        std::scoped_lock const lock(mutex_);
        line_.clear();
        if (torn_)
            line_.push_back('\n');
        record.append_json(line_);
        line_.push_back('\n');
        bool torn = false;
        if (auto const ec = file_.append(line_, torn)) {
            torn_ = torn_ || torn;
            return failed(ec);
        }
        torn_ = false;
    }
    // An intent's sync covers what stands before it; an outcome that is lost reads as unknown.
    if (synced_ && record.kind == AuditKind::intent)
        if (auto const ec = file_.sync()) {
            broken_ = true;
            return failed(ec);
        }
    return {};
}

} // namespace hilum::inline HILUM_ABI
