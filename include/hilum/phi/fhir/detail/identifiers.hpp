// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/phi/known_identifiers.hpp>

#include <boost/json/fwd.hpp>

namespace hilum::inline HILUM_ABI::detail {

/// Collects whatever in a bundle says who somebody is: ids and references of all resources,
/// identifiers, names, telecoms, addresses, birth dates, the names of organisations and places;
/// also in what is never read otherwise (contained, extensions, restricted resources).
void collect_identifiers(json::value const& bundle, KnownIdentifiers& out);

} // namespace hilum::inline HILUM_ABI::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/fhir/impl/identifiers.ipp>
#endif
