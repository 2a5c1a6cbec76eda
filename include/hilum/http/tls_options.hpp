// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace hilum::inline HILUM_ABI {

enum class TlsVersion : std::uint8_t { tls_1_2, tls_1_3 };

/// Whom a client trusts and what it shows of itself.
///
/// @code
/// auto tls = TlsOptions().ca_file("/etc/hospital/ca.pem").min_version(TlsVersion::tls_1_3);
/// BeastHttpClient client(io, HttpClientOptions().tls(tls));
/// @endcode
///
/// Certificate chain and host name are always verified; there is no switch. Sessions are resumed,
/// early data is never sent. Files are read when the client is made, which throws
/// `ConfigurationError` with the name of the setting if one can't be used.
class TlsOptions {
public:
    TlsOptions() = default;

    /// PEM file of the certificates to trust, instead of the system's store.
    TlsOptions& ca_file(std::string path) {
        ca_file_ = std::move(path);
        return *this;
    }

    /// Directory of hashed certificates to trust, instead of the system's store.
    TlsOptions& ca_directory(std::string path) {
        ca_directory_ = std::move(path);
        return *this;
    }

    /// PEM file of the client's certificate, followed by its chain; goes with `private_key`.
    TlsOptions& certificate(std::string path) {
        certificate_ = std::move(path);
        return *this;
    }

    /// PEM file of the key of `certificate`, without a password.
    TlsOptions& private_key(std::string path) {
        private_key_ = std::move(path);
        return *this;
    }

    /// TLS 1.2 unless raised.
    TlsOptions& min_version(TlsVersion version) {
        min_version_ = version;
        return check();
    }

    /// TLS 1.3 unless lowered.
    TlsOptions& max_version(TlsVersion version) {
        max_version_ = version;
        return check();
    }

    std::string const& ca_file() const noexcept { return ca_file_; }

    std::string const& ca_directory() const noexcept { return ca_directory_; }

    std::string const& certificate() const noexcept { return certificate_; }

    std::string const& private_key() const noexcept { return private_key_; }

    TlsVersion min_version() const noexcept { return min_version_; }

    TlsVersion max_version() const noexcept { return max_version_; }

    friend bool operator==(TlsOptions const&, TlsOptions const&) = default;

private:
    TlsOptions& check() {
        if (min_version_ > max_version_)
            throw ConfigurationError("tls.min_version", "is above tls.max_version");
        return *this;
    }

    std::string ca_file_, ca_directory_, certificate_, private_key_;
    TlsVersion min_version_ = TlsVersion::tls_1_2;
    TlsVersion max_version_ = TlsVersion::tls_1_3;
};

} // namespace hilum::inline HILUM_ABI
