// SPDX-License-Identifier: BSL-1.0
// A secret is never printed.
//
// error[print]: a Secret can't be printed or logged
// error[string]: Secret
#include <hilum/core/secret.hpp>

#include <iostream>
#include <string>

void use(hilum::Secret const& key) {
    std::cout << key.size();
    std::string const header = "Bearer " + std::string(key.reveal());
#ifdef CASE_print
    std::cout << key;
#endif
#ifdef CASE_string
    std::string const opened = key;
#endif
}
