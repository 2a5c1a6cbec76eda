// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/call_context.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/core/env_vars.hpp>
#include <hilum/core/result.hpp>
#include <hilum/core/secret.hpp>
#include <hilum/core/task.hpp>

#include <concepts>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace hilum::inline HILUM_ABI::aws {

/// What requests to AWS are signed with: a key, its secret, perhaps a session token and an expiry.
///
/// @code
/// aws::Credentials credentials("AKIDEXAMPLE", Secret(secret_access_key));
/// @endcode
///
/// A value that shares what it holds: copies cost no memory. Thread safety: distinct objects, also
/// copies of one another, are safe.
class Credentials {
public:
    Credentials() = default;

    Credentials(
        std::string access_key_id,
        Secret secret_access_key,
        Secret session_token = {},
        std::optional<Clock::wall_time> expires_at = std::nullopt
    );

    /// Whether there is nothing to sign with.
    bool empty() const noexcept { return !data_; }

    std::string const& access_key_id() const noexcept { return data().access_key_id; }

    Secret const& secret_access_key() const noexcept { return data().secret_access_key; }

    /// Empty for long-term keys.
    Secret const& session_token() const noexcept { return data().session_token; }

    /// Nothing when they don't expire, or nobody knows when.
    std::optional<Clock::wall_time> expires_at() const noexcept { return data().expires_at; }

    /// Whether both sign alike; what was derived from the one serves the other.
    friend bool operator==(Credentials const& a, Credentials const& b) noexcept {
        return a.data_ == b.data_ || (a.access_key_id() == b.access_key_id() &&
                                      a.secret_access_key() == b.secret_access_key() &&
                                      a.session_token() == b.session_token());
    }

private:
    struct Data {
        std::string access_key_id;
        Secret secret_access_key, session_token;
        std::optional<Clock::wall_time> expires_at;
    };

    Data const& data() const noexcept;

    std::shared_ptr<Data const> data_;
};

/// Gives credentials, from wherever it keeps or fetches them.
///
/// Semantic requirements:
/// - `get` gives credentials that are valid now, or an error that says why there are none, without
///   any part of them. It ends no later than `cx.deadline`.
/// - When `cx.refresh_credentials` is set, the provider has refused those it gave last: `get` asks
///   its source again instead of giving what it kept. It doesn't reset the flag; who signs does.
/// - Optional: `std::optional<Credentials> ready(CallContext const&)`, the credentials if no
/// waiting
///   is needed. It saves a coroutine for each call.
/// - Copies share what they keep; any thread may call.
///
/// The smallest type that satisfies it is the exemplar in `tests/unit/aws/credentials.cpp`.
template <class P>
concept CredentialsProvider = std::copy_constructible<P> && requires(P& provider, CallContext& cx) {
    { provider.get(cx) } -> std::same_as<Task<Result<Credentials>>>;
};

/// Credentials that are known beforehand. There is nothing to refresh: a repeated call is signed
/// with the same ones, at the new time.
class StaticCredentials {
public:
    /// Throws `ConfigurationError` when the key id or the secret is empty or can't stand in a
    /// header.
    explicit StaticCredentials(Credentials credentials);

    std::optional<Credentials> ready(CallContext const&) const { return credentials_; }

    Task<Result<Credentials>> get(CallContext& cx);

private:
    Credentials credentials_;
};

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, read at the first call and
/// again when the provider refused them: another process may have changed what a map or this
/// process's environment holds.
class EnvironmentCredentials {
public:
    explicit EnvironmentCredentials(EnvironmentVariables variables = {});

    /// What the variables say; nothing unless key id and secret are both set.
    static std::optional<Credentials> read(EnvironmentVariables const& variables);

    std::optional<Credentials> ready(CallContext const& cx) const;
    Task<Result<Credentials>> get(CallContext& cx);

private:
    struct State {
        explicit State(EnvironmentVariables v) : variables(std::move(v)) {}

        EnvironmentVariables variables;
        std::mutex mutex;
        std::optional<Credentials> kept;
    };

    std::shared_ptr<State> state_;
};

/// `AWS_BEARER_TOKEN_<SERVICE>`: a key that is sent instead of a signature; empty when it isn't
/// set.
Secret bearer_token_from_environment(
    std::string const& service, EnvironmentVariables const& variables = {}
);

class AnyCredentialsProvider;

namespace detail {

template <class P>
concept OtherProvider = !std::same_as<std::remove_cvref_t<P>, AnyCredentialsProvider> &&
                        CredentialsProvider<std::remove_cvref_t<P>>;

} // namespace detail

/// Any provider, by its value: what configurations hold. Itself a `CredentialsProvider`.
class AnyCredentialsProvider {
public:
    /// No provider; `empty()`.
    AnyCredentialsProvider() = default;

    template <detail::OtherProvider P>
    AnyCredentialsProvider(P&& provider) // NOLINT: a configuration takes any provider
        : provider_(std::make_shared<Model<std::remove_cvref_t<P>>>(std::forward<P>(provider))) {}

    bool empty() const noexcept { return !provider_; }

    std::optional<Credentials> ready(CallContext const& cx) const {
        return provider_ ? provider_->ready(cx) : std::nullopt;
    }

    Task<Result<Credentials>> get(CallContext& cx) const {
        return provider_ ? provider_->get(cx) : nothing();
    }

private:
    struct Interface {
        virtual ~Interface() = default;
        virtual std::optional<Credentials> ready(CallContext const& cx) = 0;
        virtual Task<Result<Credentials>> get(CallContext& cx) = 0;
    };

    template <class P>
    struct Model final : Interface {
        explicit Model(P p) : provider(std::move(p)) {}

        std::optional<Credentials> ready(CallContext const& cx) override {
            if constexpr (requires { provider.ready(cx); })
                return provider.ready(cx);
            else
                return std::nullopt;
        }

        Task<Result<Credentials>> get(CallContext& cx) override { return provider.get(cx); }

        P provider;
    };

    static Task<Result<Credentials>> nothing();

    std::shared_ptr<Interface> provider_;
};

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/credentials.ipp>
#endif
