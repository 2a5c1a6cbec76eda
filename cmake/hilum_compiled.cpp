// SPDX-License-Identifier: BSL-1.0
#include <hilum/src.hpp>
