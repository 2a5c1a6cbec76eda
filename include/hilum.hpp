// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Everything but the stand-ins for tests (`hilum/testing.hpp`). A translation unit that needs less
/// includes less: the umbrellas below, or single headers.

#include <hilum/assembly/providers.hpp>
#include <hilum/assembly/standard.hpp>
#include <hilum/audit.hpp>
#include <hilum/bedrock.hpp>
#include <hilum/http.hpp>
#include <hilum/model.hpp>
#include <hilum/openai.hpp>
#include <hilum/phi.hpp>
#include <hilum/policies.hpp>
#include <hilum/telemetry.hpp>
