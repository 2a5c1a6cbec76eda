// SPDX-License-Identifier: BSL-1.0

#include <hilum/aws/detail/sha256.hpp>

#include <string>

#include "catch.hpp"

using namespace hilum;
using namespace hilum::aws::detail;

namespace {

std::string hex(Digest const& digest) {
    std::string out;
    append_hex(out, digest);
    return out;
}

} // namespace

TEST_CASE("SHA-256 of the examples of FIPS 180-4", "[sha256]") {
    Sha256 hash;
    CHECK(
        hex(hash.digest("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    CHECK(
        hex(hash.digest("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    CHECK(hash.digest({"a", "", "bc"}) == hash.digest("abc"));
}

TEST_CASE("HMAC-SHA-256 of RFC 4231", "[sha256]") {
    Sha256 hash;
    auto const hmac = [&](std::string const& key, std::string_view data) {
        return hex(HmacKey(hash, key).sign(hash, data));
    };
    CHECK(
        hmac(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    CHECK(
        hmac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    CHECK(
        hmac(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    );
    CHECK(
        hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}
