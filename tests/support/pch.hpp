// SPDX-License-Identifier: BSL-1.0
#pragma once

// The precompiled header of the tests.

#include "../../cmake/pch.hpp"
#include "catch.hpp"
