// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/config.hpp>

#include <iostream>

int main() { std::cout << "hilum " << HILUM_VERSION_STRING << '\n'; }
