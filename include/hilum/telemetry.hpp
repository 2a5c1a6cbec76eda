// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What happens to calls, as events, and the sinks that take them.

#include <hilum/telemetry/events.hpp>
#include <hilum/telemetry/json_lines_sink.hpp>
#include <hilum/telemetry/telemetry_policy.hpp>
