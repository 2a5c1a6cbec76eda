// SPDX-License-Identifier: BSL-1.0
// What each of the consumers builds: uses a type that needs hilum's bodies and Boost.JSON's.
#include <hilum/core/config.hpp>
#include <hilum/core/error.hpp>

#include <boost/json.hpp>

#include <iostream>

int main() {
    auto const code = make_error_code(hilum::errc::timeout);
    boost::json::object const said{{"hilum", HILUM_VERSION_STRING}, {"message", code.message()}};
    std::cout << boost::json::serialize(said) << '\n';
    return code == hilum::errc::timeout ? 0 : 1;
}
