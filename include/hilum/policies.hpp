// SPDX-License-Identifier: BSL-1.0
#pragma once

/// All policies that guard a service, with what they are made of.

#include <hilum/audit/audit_policy.hpp>
#include <hilum/policy/bulkhead/bulkhead_policy.hpp>
#include <hilum/policy/circuit_breaker/circuit_breaker_policy.hpp>
#include <hilum/policy/retry/retry_policy.hpp>
#include <hilum/policy/timeout/timeout_policy.hpp>
#include <hilum/telemetry/telemetry_policy.hpp>
