// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/network.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// Any `Resolver` behind one type: what a client's options hold.
class AnyResolver {
public:
    AnyResolver() = default;

    // The first question comes first: the second one asks whether an AnyResolver can be copied.
    template <class R>

    requires(!std::same_as<R, AnyResolver> && Resolver<R>)
        AnyResolver(R resolver) // NOLINT(google-explicit-constructor)
        : impl_(std::make_shared<Of<R>>(std::move(resolver))) {}

    Task<Result<Endpoints>> resolve(
        CallContext& cx, std::string host, std::uint16_t port, Clock::time_point deadline
    ) {
        return impl_->resolve(cx, std::move(host), port, deadline);
    }

    explicit operator bool() const noexcept { return impl_ != nullptr; }

private:
    class Base {
    public:
        virtual ~Base() = default;
        virtual Task<Result<Endpoints>> resolve(
            CallContext&, std::string, std::uint16_t, Clock::time_point
        ) = 0;
    };

    template <class R>
    class Of final : public Base {
    public:
        explicit Of(R resolver) : resolver_(std::move(resolver)) {}

        Task<Result<Endpoints>> resolve(
            CallContext& cx, std::string host, std::uint16_t port, Clock::time_point deadline
        ) override {
            return resolver_.resolve(cx, std::move(host), port, deadline);
        }

    private:
        R resolver_;
    };

    std::shared_ptr<Base> impl_;
};

/// How `SystemResolver` remembers.
class ResolverOptions {
public:
    ResolverOptions() = default;

    Clock::duration positive_ttl = std::chrono::seconds(60); ///< how long an answer holds
    Clock::duration negative_ttl = std::chrono::seconds(1);  ///< how long a failure holds
    std::size_t max_entries = 1024;                          ///< names remembered
    std::size_t max_threads = 8;                             ///< lookups at the same time
};

/// Asks the operating system (`getaddrinfo`: hosts file, DNS, whatever it is told to), on threads
/// of its own that nobody waits for: a lookup that never returns costs its caller no more than the
/// deadline, and nothing when the program ends.
///
/// One lookup serves all who ask for the same name meanwhile. Copies share cache and threads, which
/// live only while there is something to look up.
class SystemResolver {
public:
    /// The lookup itself, blocking: for tests. Returns an error code and fills in the addresses.
    using Lookup = boost::system::error_code (*)(
        std::string const& host, std::vector<asio::ip::address>& addresses
    );

    explicit SystemResolver(ResolverOptions options = {}, Lookup lookup = nullptr);

    Task<Result<Endpoints>> resolve(
        CallContext& cx, std::string host, std::uint16_t port, Clock::time_point deadline
    );

private:
    class State;
    std::shared_ptr<State> state_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/resolver.ipp>
#endif
