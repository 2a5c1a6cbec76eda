// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Certificates made on the spot, for tests of TLS: an authority and whom it vouches for.

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace hilum_test {

/// A self-made authority and one certificate that it signed, as PEM.
class TestCertificate {
    template <auto Free>
    struct Freed {
        template <class T>
        void operator()(T* p) const {
            Free(p);
        }
    };

    using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
    using Cert = std::unique_ptr<X509, Freed<&X509_free>>;

public:
    /// `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
    explicit TestCertificate(std::string const& names, bool expired = false) {
        Key const ca_key(EVP_EC_gen("P-256"));
        Key const leaf_key(EVP_EC_gen("P-256"));
        Cert const ca =
            make("hilum test authority", ca_key.get(), nullptr, ca_key.get(), {}, false);
        Cert const leaf =
            make("hilum test", leaf_key.get(), ca.get(), ca_key.get(), names, expired);
        ca_ = pem([&](BIO* out) { return PEM_write_bio_X509(out, ca.get()); });
        certificate_ = pem([&](BIO* out) { return PEM_write_bio_X509(out, leaf.get()); });
        key_ = pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(
                out, leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr
            );
        });
    }

    std::string const& ca() const { return ca_; }

    std::string const& certificate() const { return certificate_; }

    std::string const& key() const { return key_; }

private:
    static Cert make(
        char const* name,
        EVP_PKEY* key,
        X509* issuer,
        EVP_PKEY* signer,
        std::string const& names,
        bool expired
    ) {
        Cert cert(X509_new());
        X509_set_version(cert.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), issuer ? 2 : 1);
        X509_gmtime_adj(X509_getm_notBefore(cert.get()), -7200);
        X509_gmtime_adj(X509_getm_notAfter(cert.get()), expired ? -3600 : 86400);
        X509_set_pubkey(cert.get(), key);
        auto* const subject = X509_get_subject_name(cert.get());
        X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(name), -1, -1, 0
        );
        X509_set_issuer_name(cert.get(), issuer ? X509_get_subject_name(issuer) : subject);
        extend(cert.get(), NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
        if (!names.empty())
            extend(cert.get(), NID_subject_alt_name, names.c_str());
        if (X509_sign(cert.get(), signer, EVP_sha256()) == 0)
            throw std::runtime_error("can't sign a test certificate");
        return cert;
    }

    static void extend(X509* cert, int what, char const* value) {
        auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
        if (!extension)
            throw std::runtime_error("can't make an extension of a test certificate");
        X509_add_ext(cert, extension, -1);
        X509_EXTENSION_free(extension);
    }

    template <class Write>
    static std::string pem(Write write) {
        std::unique_ptr<BIO, Freed<&BIO_free_all>> const out(BIO_new(BIO_s_mem()));
        write(out.get());
        char* data = nullptr;
        auto const size = BIO_get_mem_data(out.get(), &data);
        return std::string(data, static_cast<std::size_t>(size));
    }

    std::string ca_, certificate_, key_;
};

/// A file with the given text, gone with this object.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string const& text) {
        std::string name = (std::filesystem::temp_directory_path() / "hilum-test-XXXXXX").string();
        int const descriptor = ::mkstemp(name.data());
        if (descriptor < 0)
            throw std::runtime_error("can't make a temporary file");
        ::close(descriptor);
        std::ofstream(name, std::ios::binary) << text;
        path_ = name;
    }

    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;

    ~TemporaryFile() { std::remove(path_.c_str()); }

    std::string const& path() const { return path_; }

private:
    std::string path_;
};

} // namespace hilum_test
