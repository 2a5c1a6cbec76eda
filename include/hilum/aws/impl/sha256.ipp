// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/aws/detail/sha256.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <hilum/core/secret.hpp>

#include <cstddef>
#include <stdexcept>

namespace hilum::inline HILUM_ABI::aws::detail {

HILUM_DECL void append_hex(std::string& out, Digest const& digest) {
    constexpr char hex[] = "0123456789abcdef";
    char text[64];
    for (std::size_t i = 0; i < digest.size(); ++i) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    out.append(text, sizeof text);
}

HILUM_DECL Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!algorithm_ || !context_)
        throw std::runtime_error("hilum: OpenSSL offers no SHA-256");
}

HILUM_DECL Digest Sha256::digest(std::initializer_list<std::string_view> parts) {
    bool good = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1;
    for (auto const part : parts)
        good = good && EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1;
    Digest out;
    if (!good || EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) != 1)
        throw std::runtime_error("hilum: SHA-256 failed");
    return out;
}

HILUM_DECL HmacKey::HmacKey(Sha256& hash, std::string_view key) {
    Digest hashed{};
    if (key.size() > inner_.size()) {
        hashed = hash.digest(key);
        key = bytes(hashed);
    }
    key.copy(inner_.data(), inner_.size());
    for (std::size_t i = 0; i < inner_.size(); ++i) {
        outer_[i] = static_cast<char>(inner_[i] ^ 0x5c);
        inner_[i] = static_cast<char>(inner_[i] ^ 0x36);
    }
    hilum::detail::wipe(hashed.data(), hashed.size());
}

HILUM_DECL HmacKey::~HmacKey() {
    hilum::detail::wipe(inner_.data(), inner_.size());
    hilum::detail::wipe(outer_.data(), outer_.size());
}

HILUM_DECL Digest HmacKey::sign(Sha256& hash, std::string_view data) const {
    auto const inner = hash.digest({{inner_.data(), inner_.size()}, data});
    return hash.digest({{outer_.data(), outer_.size()}, bytes(inner)});
}

} // namespace hilum::inline HILUM_ABI::aws::detail
