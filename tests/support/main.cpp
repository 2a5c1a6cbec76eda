// SPDX-License-Identifier: BSL-1.0
#if __has_include(<catch2/catch_all.hpp>)
#    include <catch2/catch_session.hpp>
#else
#    define CATCH_CONFIG_RUNNER
#    include <catch2/catch.hpp>
#endif

#ifdef __SANITIZE_THREAD__
// The last owner of an executor that is shared by threads frees it behind a fence, which the
// sanitizer doesn't see: it reports a race of the count and the freeing.
extern "C" char const* __tsan_default_suppressions();

extern "C" char const* __tsan_default_suppressions() {
    return "race:boost::asio::execution::detail::shared_target_executor::~shared_target_executor\n";
}
#endif

int main(int argc, char* argv[]) { return Catch::Session().run(argc, argv); }
