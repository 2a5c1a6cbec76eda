// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/audit/record.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/result.hpp>

#include <memory>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Any audit store, its type forgotten: for hosts that choose it at run time.
///
/// Thread safety: as the store.
class AnyAuditStore {
    class Erased {
    public:
        virtual ~Erased() = default;
        virtual Result<void> write(AuditRecord const& record) = 0;
    };

    template <AuditStore Store>
    class Of final : public Erased {
    public:
        explicit Of(std::shared_ptr<Store> store) : store_(std::move(store)) {}

        Result<void> write(AuditRecord const& record) override { return store_->write(record); }

    private:
        std::shared_ptr<Store> store_;
    };

public:
    /// Throws `ConfigurationError` without a store.
    template <AuditStore Store>
    explicit AnyAuditStore(std::shared_ptr<Store> store) {
        if (!store)
            throw ConfigurationError("journal", "an audit store is needed");
        erased_ = std::make_unique<Of<Store>>(std::move(store));
    }

    Result<void> write(AuditRecord const& record) { return erased_->write(record); }

private:
    std::unique_ptr<Erased> erased_;
};

} // namespace hilum::inline HILUM_ABI
