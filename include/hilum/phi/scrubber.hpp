// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/disclosure.hpp>
#include <hilum/core/phi.hpp>
#include <hilum/core/result.hpp>
#include <hilum/phi/pseudonyms.hpp>

#include <concepts>
#include <string>

namespace hilum::inline HILUM_ABI {

/// Reads free text and gives what of it may leave: identifiers are taken out, or replaced by tokens
/// of the call's vault, which turn back in the reply.
///
/// It is shared by all calls of a service and called from any of its threads, hence `const`. What
/// it can't decide it refuses with an error (`phi_blocked`): it never lets text through because it
/// failed. The smallest one:
///
/// @code
/// class NothingButDigits {
/// public:
///     Result<std::string> scrub(Phi<std::string> const&, PseudonymVault&, Disclosure&) const;
/// };
/// auto service = PhiFilterPolicy{NothingButDigits{}} | openai;
/// @endcode
template <class S>
concept TextScrubber =
    requires(S const& s, Phi<std::string> const& text, PseudonymVault& vault, Disclosure& said) {
    { s.scrub(text, vault, said) } -> std::same_as<Result<std::string>>;
};

/// No scrubber: run-time text is refused.
class NoScrubber {
public:
    Result<std::string> scrub(Phi<std::string> const&, PseudonymVault&, Disclosure&) const {
        return Error(errc::phi_blocked, "free text needs a scrubber");
    }
};

} // namespace hilum::inline HILUM_ABI
