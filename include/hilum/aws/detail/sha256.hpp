// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws::detail {

using Digest = std::array<unsigned char, 32>;

/// SHA-256 and HMAC-SHA-256 over contexts that are made once: a fetch for each use costs more than
/// the digest of a small request.
///
/// Throws `std::runtime_error` when OpenSSL can't give or run them. Thread safety: one thread at a
/// time.
class Sha256 {
public:
    Sha256();

    Digest digest(std::string_view data);

    /// The HMAC under this key, which later calls of the other overload go on using.
    Digest hmac(std::string_view key, std::string_view data);
    /// The HMAC under the key that was used last.
    Digest hmac(std::string_view data);

private:
    template <auto Free>
    struct Deleter {
        template <class T>
        void operator()(T* p) const noexcept {
            Free(p);
        }
    };

    std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>> algorithm_;
    std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>> digest_;
    std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>> mac_;
};

/// Appends lower-case hexadecimal digits.
void append_hex(std::string& out, Digest const& digest);

inline std::string_view bytes(Digest const& digest) noexcept {
    return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

} // namespace hilum::inline HILUM_ABI::aws::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/sha256.ipp>
#endif
