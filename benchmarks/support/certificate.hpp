// SPDX-License-Identifier: BSL-1.0
#pragma once

/// A certificate for 127.0.0.1 that lives as long as the program, and a file of it to trust.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace bench {

class Certificate {
public:
    Certificate() : context_(SSL_CTX_new(TLS_server_method())) {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        X509* const x509 = X509_new();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x509), 24 * 3600);
        X509_set_pubkey(x509, key);
        auto* const name = X509_get_subject_name(x509);
        X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("bench"), -1, -1, 0
        );
        X509_set_issuer_name(x509, name);
        extend(x509, NID_basic_constraints, "critical,CA:TRUE");
        extend(x509, NID_subject_alt_name, "IP:127.0.0.1");
        bool const made = X509_sign(x509, key, EVP_sha256()) > 0 &&
                          SSL_CTX_use_certificate(context_, x509) == 1 &&
                          SSL_CTX_use_PrivateKey(context_, key) == 1 && write(x509);
        X509_free(x509);
        EVP_PKEY_free(key);
        if (!made)
            throw std::runtime_error("no certificate could be made");
    }

    Certificate(Certificate const&) = delete;
    Certificate& operator=(Certificate const&) = delete;

    ~Certificate() {
        SSL_CTX_free(context_);
        ::unlink(file_);
    }

    SSL_CTX* server_context() const noexcept { return context_; }

    /// PEM, for clients to trust.
    std::string file() const { return file_; }

private:
    static void extend(X509* x509, int id, char const* value) {
        X509V3_CTX context;
        X509V3_set_ctx(&context, x509, x509, nullptr, nullptr, 0);
        auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    }

    bool write(X509* x509) {
        int const fd = ::mkstemp(file_);
        std::FILE* const out = fd < 0 ? nullptr : ::fdopen(fd, "w");
        if (!out)
            return false;
        bool const written = PEM_write_X509(out, x509) == 1;
        return std::fclose(out) == 0 && written;
    }

    SSL_CTX* context_;
    char file_[32] = "/tmp/hilum_bench_XXXXXX";
};

} // namespace bench
