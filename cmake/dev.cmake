# SPDX-License-Identifier: BSL-1.0
#
# What hilum's own tests, examples and benchmarks are built with; nothing here reaches a consumer.

option(HILUM_WERROR "Treat warnings in hilum's own sources as errors" ON)
set(HILUM_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread")

add_library(hilum_dev INTERFACE)
target_compile_options(
    hilum_dev
    INTERFACE -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${HILUM_WERROR}>:-Werror>
)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Optimising, g++ 12 says this of every coroutine whose frame comes from Asio, and it is not so.
    target_compile_options(hilum_dev INTERFACE -Wno-mismatched-new-delete)
endif()

if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()

set(CMAKE_CXX_EXTENSIONS OFF)

if(HILUM_SANITIZE)
    add_compile_options(-fsanitize=${HILUM_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${HILUM_SANITIZE})
    if(HILUM_SANITIZE MATCHES "undefined")
        # Null and misaligned accesses end in AddressSanitizer anyway; their checks double the build.
        add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=null,alignment,vptr)
        if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
            add_compile_options(-fno-sanitize=function) # unknown to the runtime of clang 14
        endif()
    endif()
    if(HILUM_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-Wno-tsan) # Boost uses fences, which g++ cannot instrument
    endif()
    # An instrumented build warns of values that it alone made uninitialised.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-Wno-maybe-uninitialized)
    endif()
endif()

# ccache serves precompiled headers only when it is told to.
find_program(HILUM_CCACHE ccache)
mark_as_advanced(HILUM_CCACHE)
if(HILUM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        "${HILUM_CCACHE}"
    )
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess)
    else()
        add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
    endif()
endif()
