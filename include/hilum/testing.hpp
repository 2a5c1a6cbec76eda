// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Stand-ins for the tests of hilum's users: a model without a model, a client that plays a script,
/// a simulated network in virtual time, and a simulator that speaks the providers' protocols. No
/// other umbrella includes it.

#include <hilum/testing/faults.hpp>
#include <hilum/testing/mock_model_service.hpp>
#include <hilum/testing/sample_records.hpp>
#include <hilum/testing/scripted_http_client.hpp>
#include <hilum/testing/simulated_http_client.hpp>
#include <hilum/testing/simulation.hpp>
#include <hilum/testing/wire_simulator.hpp>
