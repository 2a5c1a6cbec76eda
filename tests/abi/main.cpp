// SPDX-License-Identifier: BSL-1.0
// Loads two shared objects, each with its own hilum, and asks whether the three of them agree.
#include <hilum/core/errc.hpp>

#include <dlfcn.h>
#include <iostream>

namespace {

struct Library {
    explicit Library(char const* path) : handle(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
        if (!handle)
            std::cout << dlerror() << '\n';
    }

    template <class Function>
    Function* find(char const* name) const {
        return reinterpret_cast<Function*>(dlsym(handle, name));
    }

    boost::system::error_code code() const {
        boost::system::error_code made;
        find<void(boost::system::error_code*)>("make_code")(&made);
        return made;
    }

    boost::system::error_condition condition() const {
        boost::system::error_condition made;
        find<void(boost::system::error_condition*)>("make_condition")(&made);
        return made;
    }

    boost::system::error_category const* category() const {
        return find<boost::system::error_category const*()>("category")();
    }

    void* handle;
};

int failures = 0;
int passes = 0;

void check(bool holds, char const* what) {
    (holds ? passes : failures) += 1;
    if (!holds)
        std::cout << "FAILED: " << what << '\n';
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc != 3)
        return 1;
    Library const first(argv[1]);
    Library const second(argv[2]);
    if (!first.handle || !second.handle)
        return 1;

    check(first.category() != second.category(), "the two objects have categories of their own");
    check(*first.category() == *second.category(), "their categories are equal");
    check(*first.category() == hilum::errc_category(), "and equal to the program's");
    check(first.code() == second.code(), "codes of two objects are equal");
    check(first.code() == make_error_code(hilum::errc::throttled), "and equal to the program's");
    check(first.code() != make_error_code(hilum::errc::timeout), "other codes are not");
    check(first.code() == second.condition(), "a code meets the other object's condition");
    check(second.code() == hilum::condition::throttled, "and the program's");
    check(!(second.code() == hilum::condition::timeout), "but not another one");

    std::cout << passes << " passed, " << failures << " failed\n";
    return failures ? 1 : 0;
}
