// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The HTTP client and what belongs to it.

#include <hilum/http/beast_http_client.hpp>
#include <hilum/http/client_options.hpp>
#include <hilum/http/events.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/http/http_date.hpp>
#include <hilum/http/message.hpp>
#include <hilum/http/network.hpp>
#include <hilum/http/request_writer.hpp>
#include <hilum/http/resolver.hpp>
#include <hilum/http/response_reader.hpp>
#include <hilum/http/rest.hpp>
#include <hilum/http/status_error.hpp>
#include <hilum/http/tls_options.hpp>
