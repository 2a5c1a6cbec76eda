# SPDX-License-Identifier: BSL-1.0
#
# `cmake --install`: headers, a package config that can be moved anywhere, its version, pkg-config.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Headers only: nothing in the package depends on the machine, so it lies in share/.
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/hilum")

install(TARGETS hilum EXPORT hilum-targets FILE_SET HEADERS)
install(EXPORT hilum-targets NAMESPACE hilum:: DESTINATION "${package_dir}")

configure_package_config_file(
    cmake/hilum-config.cmake.in hilum-config.cmake
    INSTALL_DESTINATION "${package_dir}"
    NO_SET_AND_CHECK_MACRO
)
# Before 1.0, a new minor version may change what hosts see.
write_basic_package_version_file(
    hilum-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT
)
install(
    FILES
        "${CMAKE_CURRENT_BINARY_DIR}/hilum-config.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/hilum-config-version.cmake"
        cmake/hilum_compiled.cmake
        cmake/hilum_compiled.cpp
    DESTINATION "${package_dir}"
)

# pkg-config finds its own prefix from where the file lies, as deep as that is.
set(pkgconfig_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
file(RELATIVE_PATH pkgconfig_to_prefix "/prefix/${pkgconfig_dir}" "/prefix")
string(REGEX REPLACE "/$" "" pkgconfig_to_prefix "${pkgconfig_to_prefix}")
configure_file(cmake/hilum.pc.in hilum.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/hilum.pc" DESTINATION "${pkgconfig_dir}")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/hilum")
