# SPDX-License-Identifier: BSL-1.0
#
# Defines hilum::compiled, a static library of one source with hilum's heavy bodies. Included by the
# build and, for `find_package(hilum COMPONENTS compiled)`, by the installed package: the library is
# then compiled in the consumer's own build, with its own flags, so that the package holds no binary.

if(NOT TARGET hilum_compiled)
    add_library(hilum_compiled STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/hilum_compiled.cpp")
    add_library(hilum::compiled ALIAS hilum_compiled)
    target_compile_definitions(hilum_compiled PUBLIC HILUM_SEPARATE_COMPILATION)
    target_link_libraries(hilum_compiled PUBLIC hilum::hilum)
    set_target_properties(hilum_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
endif()
