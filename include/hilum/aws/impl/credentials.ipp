// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/credentials.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/aws/detail/variable.hpp>
#include <hilum/core/exceptions.hpp>

#include <algorithm>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws {

HILUM_DECL Credentials::Credentials(
    std::string access_key_id,
    Secret secret_access_key,
    Secret session_token,
    std::optional<Clock::wall_time> expires_at
) {
    auto data = std::make_shared<Data>();
    data->access_key_id = std::move(access_key_id);
    data->secret_access_key = std::move(secret_access_key);
    data->session_token = std::move(session_token);
    data->expires_at = expires_at;
    data_ = std::move(data);
}

HILUM_DECL Credentials::Data const& Credentials::data() const noexcept {
    static Data const none;
    return data_ ? *data_ : none;
}

namespace detail {

/// What may stand in a header and doesn't break the list in which it stands.
inline bool is_header_word(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ','; });
}

} // namespace detail

HILUM_DECL StaticCredentials::StaticCredentials(Credentials credentials)
    : credentials_(std::move(credentials)) {
    if (credentials_.access_key_id().empty() ||
        !detail::is_header_word(credentials_.access_key_id()))
        throw ConfigurationError(
            "credentials.access_key_id", "must be given, in printable ASCII without spaces"
        );
    if (credentials_.secret_access_key().empty())
        throw ConfigurationError("credentials.secret_access_key", "must be given");
    if (!detail::is_header_word(credentials_.session_token().reveal()))
        throw ConfigurationError(
            "credentials.session_token", "must be printable ASCII without spaces"
        );
}

HILUM_DECL Task<Result<Credentials>> StaticCredentials::get(CallContext&) {
    co_return credentials_;
}

HILUM_DECL EnvironmentCredentials::EnvironmentCredentials(EnvironmentVariables variables)
    : state_(std::make_shared<State>(std::move(variables))) {}

HILUM_DECL std::optional<Credentials> EnvironmentCredentials::read(
    EnvironmentVariables const& variables
) {
    auto key = detail::variable(variables, "AWS_ACCESS_KEY_ID");
    auto secret = detail::secret_variable(variables, "AWS_SECRET_ACCESS_KEY");
    if (!key || secret.empty())
        return std::nullopt;
    return Credentials(
        std::move(*key), std::move(secret), detail::secret_variable(variables, "AWS_SESSION_TOKEN")
    );
}

HILUM_DECL std::optional<Credentials> EnvironmentCredentials::ready(CallContext const& cx) const {
    std::lock_guard const lock(state_->mutex);
    if (!state_->kept || cx.refresh_credentials)
        state_->kept = read(state_->variables);
    return state_->kept;
}

HILUM_DECL Task<Result<Credentials>> EnvironmentCredentials::get(CallContext& cx) {
    if (auto found = ready(cx))
        co_return std::move(*found);
    co_return Error(
        errc::unauthorized, "neither AWS_ACCESS_KEY_ID nor AWS_SECRET_ACCESS_KEY may be unset"
    )
        .with(Delivery::not_sent);
}

HILUM_DECL Secret
bearer_token_from_environment(std::string const& service, EnvironmentVariables const& variables) {
    return detail::secret_variable(variables, "AWS_BEARER_TOKEN_" + service);
}

HILUM_DECL Task<Result<Credentials>> AnyCredentialsProvider::nothing() {
    co_return Error(errc::unauthorized, "there are no AWS credentials").with(Delivery::not_sent);
}

} // namespace hilum::inline HILUM_ABI::aws
