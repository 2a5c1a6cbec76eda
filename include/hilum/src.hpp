// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The bodies of hilum, for programs that compile them once: define `HILUM_SEPARATE_COMPILATION`
/// everywhere and include this header in exactly one source. The CMake target `hilum::compiled`
/// does both.

#ifndef HILUM_SEPARATE_COMPILATION
#    error "hilum/src.hpp is for HILUM_SEPARATE_COMPILATION; without it hilum is header-only"
#endif

// clang-format off: the headers, then their bodies; `tools/lint --fix` writes this list
#include <hilum/core/detail/json_document.hpp>
#include <hilum/core/detail/json_writer.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/random.hpp>
#include <hilum/http/http_date.hpp>
#include <hilum/http/message.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>
#include <hilum/openai/errors.hpp>
#include <hilum/testing/faults.hpp>

#include <hilum/core/impl/errc.ipp>
#include <hilum/core/impl/error.ipp>
#include <hilum/core/impl/exceptions.ipp>
#include <hilum/core/impl/json_document.ipp>
#include <hilum/core/impl/json_writer.ipp>
#include <hilum/core/impl/random.ipp>
#include <hilum/http/impl/http_date.ipp>
#include <hilum/http/impl/message.ipp>
#include <hilum/model/impl/text_stream.ipp>
#include <hilum/openai/impl/codec.ipp>
#include <hilum/openai/impl/config.ipp>
#include <hilum/openai/impl/errors.ipp>
#include <hilum/testing/impl/faults.ipp>
// clang-format on
