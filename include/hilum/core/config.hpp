// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The version, the name of the inline namespace, and whether bodies are compiled here or once.
///
/// Header-only is the default. A program that defines `HILUM_SEPARATE_COMPILATION` everywhere and
/// includes
/// `<hilum/src.hpp>` in exactly one source compiles the heavy bodies once. The two modes have
/// different inline namespaces, so objects that were built differently fail to link instead of
/// misbehaving.

#define HILUM_VERSION_MAJOR 0
#define HILUM_VERSION_MINOR 1
#define HILUM_VERSION_PATCH 0
#define HILUM_VERSION_STRING "0.1.0"

#ifdef HILUM_SEPARATE_COMPILATION
#    define HILUM_ABI v0_compiled
#    define HILUM_DECL
#else
#    define HILUM_ABI v0
#    define HILUM_DECL inline
#endif

namespace boost::asio {}

namespace boost::json {}

namespace hilum::inline HILUM_ABI {
namespace asio = boost::asio;
namespace json = boost::json;
} // namespace hilum::inline HILUM_ABI
