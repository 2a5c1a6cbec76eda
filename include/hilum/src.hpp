// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The bodies of hilum, for programs that compile them once: define `HILUM_SEPARATE_COMPILATION`
/// everywhere and include this header in exactly one source. The CMake target `hilum::compiled`
/// does both.

#ifndef HILUM_SEPARATE_COMPILATION
#    error "hilum/src.hpp is for HILUM_SEPARATE_COMPILATION; without it hilum is header-only"
#endif

// clang-format off: the headers, then their bodies; `tools/lint --fix` writes this list
#include <hilum/audit/audit_policy.hpp>
#include <hilum/audit/journal.hpp>
#include <hilum/audit/record.hpp>
#include <hilum/aws/credentials.hpp>
#include <hilum/aws/detail/canonical.hpp>
#include <hilum/aws/detail/sha256.hpp>
#include <hilum/aws/endpoint.hpp>
#include <hilum/aws/error.hpp>
#include <hilum/aws/region.hpp>
#include <hilum/aws/signer.hpp>
#include <hilum/aws/sigv4.hpp>
#include <hilum/aws/uri.hpp>
#include <hilum/bedrock/codec.hpp>
#include <hilum/bedrock/config.hpp>
#include <hilum/bedrock/detail/prepared.hpp>
#include <hilum/core/detail/json_document.hpp>
#include <hilum/core/detail/json_writer.hpp>
#include <hilum/core/errc.hpp>
#include <hilum/core/error.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/random.hpp>
#include <hilum/http/beast_http_client.hpp>
#include <hilum/http/detail/tls_context.hpp>
#include <hilum/http/http_date.hpp>
#include <hilum/http/message.hpp>
#include <hilum/http/request_writer.hpp>
#include <hilum/http/resolver.hpp>
#include <hilum/http/response_reader.hpp>
#include <hilum/http/system_network.hpp>
#include <hilum/model/prediction_json.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/openai/codec.hpp>
#include <hilum/openai/config.hpp>
#include <hilum/openai/detail/prepared.hpp>
#include <hilum/openai/errors.hpp>
#include <hilum/phi/coding.hpp>
#include <hilum/phi/date.hpp>
#include <hilum/phi/detail/payload.hpp>
#include <hilum/phi/fhir/bundle.hpp>
#include <hilum/phi/fhir/detail/identifiers.hpp>
#include <hilum/phi/fields.hpp>
#include <hilum/phi/known_identifiers.hpp>
#include <hilum/phi/patient_fields.hpp>
#include <hilum/phi/pseudonyms.hpp>
#include <hilum/phi/token_restorer.hpp>
#include <hilum/phi/unit.hpp>
#include <hilum/telemetry/json_lines_sink.hpp>
#include <hilum/testing/detail/bedrock_wire.hpp>
#include <hilum/testing/detail/openai_wire.hpp>
#include <hilum/testing/detail/signature_check.hpp>
#include <hilum/testing/detail/simulated_model.hpp>
#include <hilum/testing/faults.hpp>
#include <hilum/testing/mock_answers.hpp>
#include <hilum/testing/mock_model_service.hpp>
#include <hilum/testing/simulated_http_client.hpp>
#include <hilum/testing/wire_simulator.hpp>

#include <hilum/audit/impl/audit_policy.ipp>
#include <hilum/audit/impl/journal.ipp>
#include <hilum/audit/impl/record.ipp>
#include <hilum/aws/impl/canonical.ipp>
#include <hilum/aws/impl/credentials.ipp>
#include <hilum/aws/impl/endpoint.ipp>
#include <hilum/aws/impl/error.ipp>
#include <hilum/aws/impl/region.ipp>
#include <hilum/aws/impl/sha256.ipp>
#include <hilum/aws/impl/signer.ipp>
#include <hilum/aws/impl/sigv4.ipp>
#include <hilum/aws/impl/uri.ipp>
#include <hilum/bedrock/impl/config.ipp>
#include <hilum/bedrock/impl/decode.ipp>
#include <hilum/bedrock/impl/encode.ipp>
#include <hilum/bedrock/impl/prepared.ipp>
#include <hilum/core/impl/errc.ipp>
#include <hilum/core/impl/error.ipp>
#include <hilum/core/impl/exceptions.ipp>
#include <hilum/core/impl/json_document.ipp>
#include <hilum/core/impl/json_writer.ipp>
#include <hilum/core/impl/random.ipp>
#include <hilum/http/impl/beast_http_client.ipp>
#include <hilum/http/impl/http_date.ipp>
#include <hilum/http/impl/message.ipp>
#include <hilum/http/impl/request_writer.ipp>
#include <hilum/http/impl/resolver.ipp>
#include <hilum/http/impl/response_reader.ipp>
#include <hilum/http/impl/system_network.ipp>
#include <hilum/http/impl/tls_context.ipp>
#include <hilum/model/impl/prediction_json.ipp>
#include <hilum/model/impl/text_stream.ipp>
#include <hilum/openai/impl/codec.ipp>
#include <hilum/openai/impl/config.ipp>
#include <hilum/openai/impl/errors.ipp>
#include <hilum/openai/impl/prepared.ipp>
#include <hilum/phi/fhir/impl/bundle.ipp>
#include <hilum/phi/fhir/impl/identifiers.ipp>
#include <hilum/phi/impl/coding.ipp>
#include <hilum/phi/impl/date.ipp>
#include <hilum/phi/impl/fields.ipp>
#include <hilum/phi/impl/known_identifiers.ipp>
#include <hilum/phi/impl/patient_fields.ipp>
#include <hilum/phi/impl/payload.ipp>
#include <hilum/phi/impl/pseudonyms.ipp>
#include <hilum/phi/impl/token_restorer.ipp>
#include <hilum/phi/impl/unit.ipp>
#include <hilum/telemetry/impl/json_lines_sink.ipp>
#include <hilum/testing/impl/bedrock_wire.ipp>
#include <hilum/testing/impl/faults.ipp>
#include <hilum/testing/impl/mock_answers.ipp>
#include <hilum/testing/impl/mock_model_service.ipp>
#include <hilum/testing/impl/openai_wire.ipp>
#include <hilum/testing/impl/signature_check.ipp>
#include <hilum/testing/impl/simulated_http_client.ipp>
#include <hilum/testing/impl/simulated_model.ipp>
#include <hilum/testing/impl/wire_simulator.ipp>
// clang-format on
