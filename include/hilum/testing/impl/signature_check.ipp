// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/testing/detail/signature_check.hpp, which includes this file or leaves it to
// hilum/src.hpp.

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>

namespace hilum::inline HILUM_ABI::detail {

/// The steps of the signature, from "AWS Signature Version 4 for API requests".
class SignatureSteps {
public:
    using Bytes = std::string;

    static std::string hex(std::string_view bytes) {
        constexpr char const* digits = "0123456789abcdef";
        std::string out;
        for (char const c : bytes) {
            auto const u = static_cast<unsigned char>(c);
            out += digits[u >> 4];
            out += digits[u & 15];
        }
        return out;
    }

    static Bytes sha256(std::string_view data) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> out;
        unsigned size = 0;
        EVP_Digest(data.data(), data.size(), out.data(), &size, EVP_sha256(), nullptr);
        return Bytes(out.begin(), out.begin() + size);
    }

    static Bytes hmac(std::string_view key, std::string_view data) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> out;
        unsigned size = 0;
        HMAC(
            EVP_sha256(),
            key.data(),
            static_cast<int>(key.size()),
            reinterpret_cast<unsigned char const*>(data.data()),
            data.size(),
            out.data(),
            &size
        );
        return Bytes(out.begin(), out.begin() + size);
    }

    static std::string encoded(std::string_view text, bool keep_slash) {
        constexpr char const* digits = "0123456789ABCDEF";
        std::string out;
        for (char const c : text) {
            bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                               c == '~' || (keep_slash && c == '/');
            if (plain) {
                out += c;
                continue;
            }
            auto const u = static_cast<unsigned char>(c);
            out += '%';
            out += digits[u >> 4];
            out += digits[u & 15];
        }
        return out;
    }

    /// Without empty and dot segments, then encoded once more than on the wire.
    static std::string canonical_path(std::string_view path) {
        std::vector<std::string_view> segments;
        bool const slash_at_end = path.ends_with('/');
        while (!path.empty()) {
            auto const end = std::min(path.find('/'), path.size());
            auto const segment = path.substr(0, end);
            path.remove_prefix(std::min(end + 1, path.size()));
            if (segment == ".." && !segments.empty())
                segments.pop_back();
            else if (!segment.empty() && segment != "." && segment != "..")
                segments.push_back(segment);
        }
        std::string out;
        for (auto const segment : segments)
            out.append("/").append(segment);
        if (out.empty() || slash_at_end)
            out += '/';
        return encoded(out, true);
    }

    static std::string canonical_query(std::string_view query) {
        std::vector<std::pair<std::string, std::string>> pairs;
        while (!query.empty()) {
            auto const part = query.substr(0, std::min(query.find('&'), query.size()));
            query.remove_prefix(std::min(part.size() + 1, query.size()));
            auto const equals = std::min(part.find('='), part.size());
            auto const value = part.substr(std::min(equals + 1, part.size()));
            pairs.emplace_back(
                encoded(percent_decoded(part.substr(0, equals)), false),
                encoded(percent_decoded(value), false)
            );
        }
        std::sort(pairs.begin(), pairs.end());
        std::string out;
        for (auto const& [key, value] : pairs)
            out.append(out.empty() ? "" : "&").append(key).append("=").append(value);
        return out;
    }

    static std::string trimmed(std::string_view value) {
        std::string out;
        for (char const c : value)
            if (c != ' ' && c != '\t')
                out += c;
            else if (!out.empty() && out.back() != ' ')
                out += ' ';
        while (out.ends_with(' '))
            out.pop_back();
        return out;
    }

    static std::string lower(std::string_view text) {
        std::string out(text);
        std::transform(out.begin(), out.end(), out.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        return out;
    }

    static std::vector<std::string> split(std::string_view text, char at) {
        std::vector<std::string> out;
        for (;;) {
            auto const end = text.find(at);
            out.emplace_back(text.substr(0, end));
            if (end == std::string_view::npos)
                return out;
            text.remove_prefix(end + 1);
        }
    }

    /// "Credential=..., SignedHeaders=..., Signature=..." as a map.
    static std::map<std::string, std::string> parts(std::string_view authorization) {
        std::map<std::string, std::string> out;
        for (auto const& part : split(authorization, ',')) {
            auto const text = trimmed(part);
            auto const equals = text.find('=');
            if (equals != std::string::npos)
                out.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
        return out;
    }

    static std::string canonical_headers(
        WireRequest const& request, std::vector<std::string> const& names
    ) {
        std::string out;
        for (auto const& name : names) {
            std::string values;
            for (auto const& [key, value] : request.headers)
                if (lower(key) == name)
                    values.append(values.empty() ? "" : ",").append(trimmed(value));
            out.append(name).append(":").append(values).append("\n");
        }
        return out;
    }
};

HILUM_DECL std::string percent_decoded(std::string_view text) {
    auto const digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
            digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else
            out += text[i];
    }
    return out;
}

HILUM_DECL std::optional<AwsRefusal> check_signature(
    WireRequest const& request, AwsKeys const& keys
) {
    using Steps = SignatureSteps;
    auto const refuse = [](char const* type, char const* message) {
        return AwsRefusal(403, type, message);
    };
    auto const authorization = request.header("authorization");
    constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
    if (authorization.empty())
        return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
    if (!authorization.starts_with("AWS4-HMAC-SHA256 "))
        return refuse("IncompleteSignatureException", "Unsupported authorization scheme");
    auto parts = Steps::parts(authorization.substr(algorithm.size()));
    auto const scope = Steps::split(parts["Credential"], '/');
    if (scope.size() != 5 || parts["SignedHeaders"].empty() || parts["Signature"].size() != 64)
        return refuse(
            "IncompleteSignatureException",
            "Authorization requires Credential, SignedHeaders and Signature"
        );
    auto const key = std::find_if(keys.begin(), keys.end(), [&](auto const& known) {
        return known.first == scope[0];
    });
    if (key == keys.end())
        return refuse(
            "UnrecognizedClientException", "The security token included in the request is invalid."
        );
    auto const date = std::string(request.header("x-amz-date"));
    if (date.size() != 16 || date.substr(0, 8) != scope[1])
        return refuse("InvalidSignatureException", "Date in Credential scope does not match");
    if (scope[3] != "bedrock" || scope[4] != "aws4_request")
        return refuse(
            "InvalidSignatureException", "Credential should be scoped to correct service: 'bedrock'"
        );
    auto const signed_names = Steps::split(parts["SignedHeaders"], ';');
    for (char const* name : {"host", "x-amz-date", "x-amz-security-token"})
        if ((request.has(name) || std::string_view(name) != "x-amz-security-token") &&
            std::find(signed_names.begin(), signed_names.end(), name) == signed_names.end())
            return refuse("InvalidSignatureException", "A required header is not signed");
    auto const body_hash = Steps::hex(Steps::sha256(request.body));
    if (auto const said = request.header("x-amz-content-sha256");
        !said.empty() && said != body_hash)
        return refuse("InvalidSignatureException", "X-Amz-Content-SHA256 does not match the body");

    auto const canonical = request.method + "\n" + Steps::canonical_path(request.path()) + "\n" +
                           Steps::canonical_query(request.query()) + "\n" +
                           Steps::canonical_headers(request, signed_names) + "\n" +
                           parts["SignedHeaders"] + "\n" + body_hash;
    auto const scope_text = scope[1] + "/" + scope[2] + "/" + scope[3] + "/" + scope[4];
    auto const to_sign = std::string(algorithm) + "\n" + date + "\n" + scope_text + "\n" +
                         Steps::hex(Steps::sha256(canonical));
    auto signing_key = "AWS4" + key->second;
    for (std::size_t i = 1; i < scope.size(); ++i)
        signing_key = Steps::hmac(signing_key, scope[i]);
    if (Steps::hex(Steps::hmac(signing_key, to_sign)) != parts["Signature"])
        return refuse(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided."
        );
    return std::nullopt;
}

} // namespace hilum::inline HILUM_ABI::detail
