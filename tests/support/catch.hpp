// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Catch2, version 2.13 or 3, under one name.

#if __has_include(<catch2/catch_all.hpp>)
#    include <catch2/catch_all.hpp>

using Catch::Approx;
#else
#    include <catch2/catch.hpp>
#endif
