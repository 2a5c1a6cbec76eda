// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/detail/sha256.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <stdexcept>

namespace hilum::inline HILUM_ABI::aws::detail {

HILUM_DECL Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), digest_(EVP_MD_CTX_new()) {
    std::unique_ptr<EVP_MAC, Deleter<EVP_MAC_free>> const mac(
        EVP_MAC_fetch(nullptr, "HMAC", nullptr)
    );
    if (mac)
        mac_.reset(EVP_MAC_CTX_new(mac.get()));
    char name[] = "SHA256";
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    if (!algorithm_ || !digest_ || !mac_ || EVP_MAC_CTX_set_params(mac_.get(), parameters) != 1)
        throw std::runtime_error("hilum: OpenSSL offers no SHA-256");
}

HILUM_DECL Digest Sha256::digest(std::string_view data) {
    Digest out;
    unsigned size = 0;
    if (EVP_DigestInit_ex2(digest_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(digest_.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(digest_.get(), out.data(), &size) != 1)
        throw std::runtime_error("hilum: SHA-256 failed");
    return out;
}

HILUM_DECL Digest Sha256::hmac(std::string_view key, std::string_view data) {
    auto const* bytes = reinterpret_cast<unsigned char const*>(key.data());
    if (EVP_MAC_init(mac_.get(), bytes, key.size(), nullptr) != 1)
        throw std::runtime_error("hilum: HMAC failed");
    Digest out;
    std::size_t size = 0;
    if (EVP_MAC_update(
            mac_.get(), reinterpret_cast<unsigned char const*>(data.data()), data.size()
        ) != 1 ||
        EVP_MAC_final(mac_.get(), out.data(), &size, out.size()) != 1)
        throw std::runtime_error("hilum: HMAC failed");
    return out;
}

HILUM_DECL Digest Sha256::hmac(std::string_view data) { return hmac(std::string_view(), data); }

HILUM_DECL void append_hex(std::string& out, Digest const& digest) {
    constexpr char hex[] = "0123456789abcdef";
    char text[64];
    for (std::size_t i = 0; i < digest.size(); ++i) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    out.append(text, sizeof text);
}

} // namespace hilum::inline HILUM_ABI::aws::detail
