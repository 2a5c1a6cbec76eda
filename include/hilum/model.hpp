// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The contracts: operations, services, policies and how they compose. Knows no provider, no
/// socket and no filter.

#include <hilum/model/adapt.hpp>
#include <hilum/model/any_service.hpp>
#include <hilum/model/concepts.hpp>
#include <hilum/model/describe.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/model/operation.hpp>
#include <hilum/model/policy.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/model/unfiltered.hpp>
