// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace hilum::inline HILUM_ABI::aws::detail {

using Digest = std::array<unsigned char, 32>;

inline std::string_view bytes(Digest const& digest) noexcept {
    return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

/// Appends lower-case hexadecimal digits.
void append_hex(std::string& out, Digest const& digest);

/// SHA-256 in a context that is made once: to fetch the algorithm for each use costs more than the
/// digest of a small request.
///
/// Throws `std::runtime_error` when OpenSSL can't give or run it. Thread safety: one thread at a
/// time.
class Sha256 {
public:
    Sha256();

    Digest digest(std::string_view data) { return digest({data}); }

    /// Of several parts, one after the other.
    Digest digest(std::initializer_list<std::string_view> parts);

private:
    template <auto Free>
    struct Deleter {
        template <class T>
        void operator()(T* p) const noexcept {
            Free(p);
        }
    };

    std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>> algorithm_;
    std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>> context_;
};

/// A key of HMAC-SHA-256 (RFC 2104), ready for use; wiped when it goes.
///
/// Two digests with their pads in front, because OpenSSL's own HMAC copies contexts, and allocates
/// them, at each use.
class HmacKey {
public:
    HmacKey() = default;
    HmacKey(Sha256& hash, std::string_view key);

    HmacKey(HmacKey const&) = default;
    HmacKey& operator=(HmacKey const&) = default;
    ~HmacKey();

    Digest sign(Sha256& hash, std::string_view data) const;

private:
    using Block = std::array<char, 64>;

    Block inner_{}, outer_{};
};

} // namespace hilum::inline HILUM_ABI::aws::detail

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/sha256.ipp>
#endif
