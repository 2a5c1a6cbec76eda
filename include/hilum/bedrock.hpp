// SPDX-License-Identifier: BSL-1.0
#pragma once

/// AWS Bedrock: the service, its settings, and what signs requests to AWS.

#include <hilum/aws/credentials.hpp>
#include <hilum/aws/signer.hpp>
#include <hilum/bedrock/codec.hpp>
#include <hilum/bedrock/config.hpp>
#include <hilum/bedrock/service.hpp>
