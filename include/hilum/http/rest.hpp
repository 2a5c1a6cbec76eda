// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/core/task.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/http/message.hpp>
#include <hilum/http/status_error.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// Path, query and headers of one call of a `RestClient`, all as plain text: what has to be encoded
/// is encoded.
///
/// @code
/// RestCall("/patients/case 81/notes").query("since", "2026-01-01").header("Accept", "text/plain")
/// @endcode
class RestCall {
public:
    RestCall(std::string_view path); // NOLINT(google-explicit-constructor)

    RestCall(char const* path) : RestCall(std::string_view(path)) {} // NOLINT

    RestCall(std::string const& path) : RestCall(std::string_view(path)) {} // NOLINT

    RestCall& query(std::string_view name, std::string_view value);
    RestCall& header(std::string_view name, std::string_view value);

    /// Path and query as they go out, to be put behind the base URL's path.
    std::string const& target() const noexcept { return target_; }

    std::string const& header_lines() const noexcept { return headers_.header_lines(); }

    /// False when the path holds a `.` or `..` segment, which could leave the base URL, or a header
    /// holds what could end a line.
    bool well_formed() const noexcept { return well_formed_ && headers_.well_formed(); }

private:
    std::string target_;
    HttpRequest headers_;
    bool has_query_ = false;
    bool well_formed_ = true;
};

namespace detail {

std::string json_text(json::value const& body);
void add_rest_headers(HttpRequest& request, RestCall const& call, bool has_body);
Result<json::value> read_rest_reply(HttpResponse const& reply, Clock::wall_time now);

} // namespace detail

/// JSON over HTTP for any `HttpClient`: a base URL, and the five methods.
///
/// @code
/// RestClient api(client, "https://scores.example.org/v2");
/// api.header("Authorization", "Bearer " + token);
/// Result<json::value> score = co_await api.get(RestCall("/scores").query("model", "sepsis-3"));
/// json::value body = json::object{{"threshold", 0.8}};
/// Result<json::value> saved = co_await api.put("/settings", std::move(body));
/// @endcode
///
/// A reply without a body is `null`; one that isn't JSON is `malformed_reply`; a status of 300 or
/// more is an `Error` (see `status_error`). It has no policies: what carries PHI belongs to a
/// guarded service. Setters are for the time before the first call; then any thread may call, and
/// copies share the client.
template <HttpClient Client>
class RestClient {
public:
    /// Throws `ConfigurationError` when the base URL isn't one.
    RestClient(Client client, std::string_view base_url) : client_(std::move(client)) {
        auto origin = HttpOrigin::parse(base_url);
        if (!origin)
            throw ConfigurationError("base_url", std::string(Error(origin.error()).text()));
        origin_ = std::make_shared<HttpOrigin const>(std::move(*origin));
    }

    /// A header that all calls send.
    RestClient& header(std::string_view name, std::string_view value) {
        HttpRequest checked(HttpMethod::get, origin_, "/");
        checked.header(name, value);
        if (!checked.well_formed())
            throw ConfigurationError("header", "holds a character that no header may hold");
        lines_.emplace_back(name, value);
        return *this;
    }

    Task<Result<json::value>> get(RestCall call, CallOptions options = {}) const {
        return run(*this, HttpMethod::get, std::move(call), std::string(), std::move(options));
    }

    Task<Result<json::value>> post(RestCall call, json::value body, CallOptions options = {})
        const {
        return run(
            *this, HttpMethod::post, std::move(call), detail::json_text(body), std::move(options)
        );
    }

    Task<Result<json::value>> put(RestCall call, json::value body, CallOptions options = {}) const {
        return run(
            *this, HttpMethod::put, std::move(call), detail::json_text(body), std::move(options)
        );
    }

    Task<Result<json::value>> patch(RestCall call, json::value body, CallOptions options = {})
        const {
        return run(
            *this, HttpMethod::patch, std::move(call), detail::json_text(body), std::move(options)
        );
    }

    Task<Result<json::value>> del(RestCall call, CallOptions options = {}) const {
        return run(*this, HttpMethod::del, std::move(call), std::string(), std::move(options));
    }

    /// The same with a context of one's own; `body` is JSON text, or empty for none.
    Task<Result<json::value>> send(
        CallContext& cx, HttpMethod method, RestCall call, std::string body
    ) const {
        return exchange(*this, cx, method, std::move(call), std::move(body));
    }

private:
    // These own what they use: a task may outlive the client that made it.

    static Task<Result<json::value>> run(
        RestClient self, HttpMethod method, RestCall call, std::string body, CallOptions options
    ) {
        CallContext cx(self.client_.environment(), std::move(options));
        co_return co_await exchange(self, cx, method, std::move(call), std::move(body));
    }

    static Task<Result<json::value>> exchange(
        RestClient self, CallContext& cx, HttpMethod method, RestCall call, std::string body
    ) {
        if (!call.well_formed())
            co_return Error(
                errc::invalid_request, "the path or a header holds what may not be sent"
            );
        HttpRequest request(method, self.origin_, self.origin_->base_path + call.target());
        for (auto const& line : self.lines_)
            request.header(line.first, line.second);
        detail::add_rest_headers(request, call, !body.empty());
        request.body = std::move(body);
        auto reply = co_await self.client_.send(cx, request);
        if (!reply)
            co_return reply.error();
        co_return detail::read_rest_reply(*reply, cx.clock().wall());
    }

    Client client_;
    std::shared_ptr<HttpOrigin const> origin_;
    std::vector<std::pair<std::string, std::string>> lines_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/rest.ipp>
#endif
