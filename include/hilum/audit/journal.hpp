// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/audit/detail/os_journal_file.hpp>
#include <hilum/audit/record.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/result.hpp>

#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// Audit records as lines of JSON in a file.
///
/// @code
/// auto journal = FileJournal::open("/var/lib/clinic/disclosures.jsonl").value();
/// auto service = PhiFilterPolicy{} | RetryPolicy{} | AuditPolicy{journal} | openai;
/// @endcode
///
/// A new file has mode 0600; one that others may read, a link or a device is refused. Each record
/// is one `write(2)` at the end of the file, so several processes may share it, and a process that
/// is killed loses nothing. An intent is on the disk (`fdatasync`) before `write` returns, with all
/// that stands before it; `synced = false` leaves that to the system, and a crash of the machine
/// may then cost the last seconds. A line that a full disk cut short is closed before the next one.
///
/// It blocks the calling thread for as long as the disk needs: 8 us for a write and 6 ms for a sync
/// on the machine of reference (a shared virtual disk).
///
/// Thread safety: safe. After a failed sync nobody can say what is stored: every later `write`
/// fails, until the file is opened anew.
class FileJournal {
public:
    /// `invalid_configuration`, with the system's reason, when the file can't be opened so.
    static Result<std::shared_ptr<FileJournal>> open(std::string const& path, bool synced = true);

    Result<void> write(AuditRecord const& record);

private:
    FileJournal() = default;

    detail::JournalFile file_;
    std::mutex mutex_;
    std::string line_; // its memory is kept from one record to the next
    std::atomic<bool> broken_ = false;
    bool torn_ = false;
    bool synced_ = true;
};

/// Audit records in memory: for tests. It can be told to fail.
///
/// @code
/// auto journal = std::make_shared<MemoryJournal>();
/// journal->fail_after(1);                  // the second record and all later ones aren't stored
/// @endcode
///
/// Thread safety: safe.
class MemoryJournal {
public:
    MemoryJournal() = default;

    Result<void> write(AuditRecord const& record) {
        std::scoped_lock const lock(mutex_);
        if (records_.size() >= limit_)
            return Error(errc::audit_failed, "this journal was told to fail");
        records_.push_back(record);
        return {};
    }

    void fail_after(std::size_t records) {
        std::scoped_lock const lock(mutex_);
        limit_ = records;
    }

    std::vector<AuditRecord> records() const {
        std::scoped_lock const lock(mutex_);
        return records_;
    }

    /// As a file would have it.
    std::string text() const {
        std::string out;
        for (auto const& record : records())
            out.append(record.to_json()).push_back('\n');
        return out;
    }

private:
    mutable std::mutex mutex_;
    std::vector<AuditRecord> records_;
    std::size_t limit_ = std::numeric_limits<std::size_t>::max();
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/audit/impl/journal.ipp>
#endif
