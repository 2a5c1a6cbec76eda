// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The record of disclosures: what is written, where, and the policy that writes it.

#include <hilum/audit/any_store.hpp>
#include <hilum/audit/audit_policy.hpp>
#include <hilum/audit/events.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/audit/record.hpp>
