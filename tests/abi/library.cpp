// SPDX-License-Identifier: BSL-1.0
// Built into two shared objects that hide everything but these functions: each has its own copy of
// hilum's categories.
#include <hilum/core/errc.hpp>

#define HILUM_ABI_EXPORT extern "C" __attribute__((visibility("default")))

HILUM_ABI_EXPORT void make_code(boost::system::error_code* code) {
    *code = make_error_code(hilum::errc::throttled);
}

HILUM_ABI_EXPORT void make_condition(boost::system::error_condition* condition) {
    *condition = make_error_condition(hilum::condition::throttled);
}

HILUM_ABI_EXPORT boost::system::error_category const* category() { return &hilum::errc_category(); }
