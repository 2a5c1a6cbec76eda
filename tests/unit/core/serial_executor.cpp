// SPDX-License-Identifier: BSL-1.0
#include <hilum/core/detail/serial_executor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("serial executor: a context for one thread, and every strand") {
    asio::io_context one{1}, many;
    asio::thread_pool pool(1);
    asio::any_io_executor const any = many.get_executor();
    CHECK(detail::is_serial(one.get_executor()));
    CHECK(detail::is_serial(asio::make_strand(any)));
    CHECK(detail::is_serial(asio::make_strand(many)));
    CHECK(detail::is_serial(asio::make_strand(pool.get_executor())));
    CHECK(detail::is_serial(asio::any_io_executor(asio::make_strand(one))));
    pool.join();
}

TEST_CASE("serial executor: what isn't known to be serial isn't") {
    asio::io_context many, unsafe{4};
    asio::thread_pool pool(1);
    CHECK(!detail::is_serial(many.get_executor()));
    CHECK(!detail::is_serial(unsafe.get_executor()));
    CHECK(!detail::is_serial(pool.get_executor()));
    CHECK(!detail::is_serial(asio::system_executor()));
    CHECK(!detail::is_serial(asio::any_io_executor()));
    pool.join();
}
