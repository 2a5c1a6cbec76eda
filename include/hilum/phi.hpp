// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What identifies a person, and what of it may leave: `Phi<T>`, `Patient`, FHIR bundles,
/// `PhiFilterPolicy`, `PhiFreePolicy`.

#include <hilum/core/phi.hpp>
#include <hilum/phi/coding.hpp>
#include <hilum/phi/date.hpp>
#include <hilum/phi/events.hpp>
#include <hilum/phi/fhir/bundle.hpp>
#include <hilum/phi/fields.hpp>
#include <hilum/phi/known_identifiers.hpp>
#include <hilum/phi/patient.hpp>
#include <hilum/phi/patient_fields.hpp>
#include <hilum/phi/phi_filter_policy.hpp>
#include <hilum/phi/phi_free_policy.hpp>
#include <hilum/phi/pseudonyms.hpp>
#include <hilum/phi/scrubber.hpp>
#include <hilum/phi/token_restorer.hpp>
#include <hilum/phi/unit.hpp>
