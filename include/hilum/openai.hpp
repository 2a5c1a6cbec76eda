// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The OpenAI adapter: configuration, service, and the breaker that suits it. Bring a client
/// (`hilum/http.hpp`) and policies (`hilum/policies.hpp`, `hilum/phi.hpp`).

#include <hilum/model/guarded.hpp>
#include <hilum/openai/circuit_breaker.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>
#include <hilum/openai/errors.hpp>
#include <hilum/openai/service.hpp>
