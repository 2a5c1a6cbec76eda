// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/clock.hpp>
#include <hilum/core/config.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// What only the caller knows of one call: the last argument of every named function, empty by
/// default.
///
/// @code
/// co_await service.generate_text(
///     "Summarise the visit.", about(patient).only("age", "conditions"),
///     CallOptions{}.actor("dr.lee").purpose("summary").subject("case-81").timeout(20s));
/// @endcode
///
/// `actor`, `purpose`, `subject` and `tenant` are written into audit records as they are: give
/// opaque references there, never a patient's name or number. Copies share what they hold; an empty
/// one costs nothing.
class CallOptions {
public:
    CallOptions() = default;

    /// Id of the request in records and events; a random one otherwise.
    CallOptions&& request_id(std::string id) && {
        edit().request_id = std::move(id);
        return std::move(*this);
    }

    /// Who asks: a user or a system, by the id that the host's own audit uses.
    CallOptions&& actor(std::string id) && {
        edit().actor = std::move(id);
        return std::move(*this);
    }

    /// What for: "summary", "coding".
    CallOptions&& purpose(std::string what) && {
        edit().purpose = std::move(what);
        return std::move(*this);
    }

    /// About whom, as an opaque reference that only the host can resolve.
    CallOptions&& subject(std::string reference) && {
        edit().subject = std::move(reference);
        return std::move(*this);
    }

    CallOptions&& tenant(std::string id) && {
        edit().tenant = std::move(id);
        return std::move(*this);
    }

    /// Limit of the whole call with all attempts and pauses; the sooner of this and the policies'
    /// holds.
    CallOptions&& timeout(Clock::duration limit) && {
        timeout_ = limit;
        return std::move(*this);
    }

    /// The same as a point in time.
    CallOptions&& deadline(Clock::time_point at) && {
        deadline_ = at;
        return std::move(*this);
    }

    std::string_view request_id() const& noexcept {
        return data_ ? data_->request_id : std::string_view();
    }

    std::string_view actor() const& noexcept { return data_ ? data_->actor : std::string_view(); }

    std::string_view purpose() const& noexcept {
        return data_ ? data_->purpose : std::string_view();
    }

    std::string_view subject() const& noexcept {
        return data_ ? data_->subject : std::string_view();
    }

    std::string_view tenant() const& noexcept { return data_ ? data_->tenant : std::string_view(); }

    /// When the call has to be over, seen from `now`.
    Clock::time_point deadline_from(Clock const& clock) const {
        auto at = deadline_;
        if (timeout_ != Clock::duration::max())
            at = std::min(at, Clock::after(clock.now(), timeout_));
        return at;
    }

private:
    struct Data {
        std::string request_id, actor, purpose, subject, tenant;
    };

    Data& edit() {
        if (!data_)
            data_ = std::make_shared<Data>();
        else if (data_.use_count() != 1)
            data_ = std::make_shared<Data>(*data_);
        return *data_;
    }

    std::shared_ptr<Data> data_;
    Clock::duration timeout_ = Clock::duration::max();
    Clock::time_point deadline_ = Clock::never;
};

} // namespace hilum::inline HILUM_ABI
