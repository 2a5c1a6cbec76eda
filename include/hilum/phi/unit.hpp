// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// The UCUM form of a unit of measure, or nothing when it isn't one.
///
/// Only what is built from the atoms and prefixes of a table passes (The Unified Code for Units of
/// Measure, 2.1), so that nothing else can leave in the place of a unit; an annotation in braces is
/// dropped unless it is one of a few common ones. A handful of common spellings ("lbs",
/// "beats/minute") are turned into UCUM.
///
/// @code
/// ucum_unit("mm[Hg]");            // "mm[Hg]"
/// ucum_unit("beats/minute");      // "/min"
/// ucum_unit("Ann Example");       // nothing
/// @endcode
std::optional<std::string> ucum_unit(std::string_view text);

/// The value with no more digits than its unit deserves: a height as 168.8 cm, not
/// 168.80253764416227, which would single out a person. Three significant digits where the table
/// doesn't know the unit; never coarser than a whole number from 100 on.
double rounded_to_unit(double value, std::string_view ucum);

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/phi/impl/unit.ipp>
#endif
