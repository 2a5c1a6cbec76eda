# SPDX-License-Identifier: BSL-1.0
#
# Sourced by tools/test and tools/demo: installs what is missing, by Debian's package names.

say() { printf '\n\033[1m== %s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }

# has CONDITION: whether the preprocessor finds it to be true
has() {
    printf '#if !(%s)\n#error missing\n#endif\n' "$1" | g++ -std=c++20 -E -x c++ - >/dev/null 2>&1
}

# missing_packages NAME...: the packages that a build, and these tools, still need
missing_packages() {
    command -v g++ >/dev/null || echo g++
    command -v cmake >/dev/null || echo cmake
    command -v ninja >/dev/null || echo ninja-build
    has '__has_include(<openssl/ssl.h>)' || echo libssl-dev
    boost_version_ok && has '__has_include(<boost/json.hpp>) && __has_include(<boost/url.hpp>)' ||
        boost_packages
    local name
    for name in "$@"; do
        case $name in
        catch2)
            has '__has_include(<catch2/catch.hpp>) || __has_include(<catch2/catch_all.hpp>)' ||
                echo catch2
            ;;
        clang) clang_compiler >/dev/null || clang_package ;;
        *) command -v "$name" >/dev/null || echo "$name" ;;
        esac
    done
}

boost_version_ok() {
    printf '#include <boost/version.hpp>\n#if BOOST_VERSION < 108100\n#error old\n#endif\n' |
        g++ -E -x c++ - >/dev/null 2>&1
}

# Debian 12 has 1.81 beside its default; newer systems have a newer default.
boost_packages() {
    if apt-cache show libboost1.81-dev >/dev/null 2>&1; then
        printf '%s\n' libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
    else
        printf '%s\n' libboost-dev libboost-json-dev libboost-url-dev
    fi
}

clang_package() {
    if apt-cache show clang-14 >/dev/null 2>&1; then echo clang-14; else echo clang; fi
}

clang_compiler() {
    local name
    for name in ${HILUM_CLANGXX:-} clang++-14 clang++; do
        command -v "$name" && return
    done
    return 1
}

# install_missing NAME...: everything that a build needs, and these
install_missing() {
    local packages
    packages=$(missing_packages "$@")
    [ -n "$packages" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "Please install what these Debian packages hold:" $packages >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "Please run: sudo apt-get install -y --no-install-recommends" $packages >&2
        return 1
    fi
    say "Installing" $packages
    export DEBIAN_FRONTEND=noninteractive
    local options=(-y --no-install-recommends -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
    local log=${TMPDIR:-/tmp}/hilum-apt.$$.log
    # Package lists first: an empty or old one has neither names nor versions to offer.
    apt-get "${options[@]}" update -q >/dev/null || echo "apt-get update failed; trying with the lists that are there" >&2
    packages=$(missing_packages "$@")
    apt-get "${options[@]}" install -qq $packages </dev/null 2>&1 | tee "$log" |
        grep --line-buffered '^Setting up'
    if [ "${PIPESTATUS[0]}" != 0 ]; then
        tail -n 20 "$log" >&2
        echo "Could not install:" $packages >&2
        return 1
    fi
    rm -f "$log"
}

# How many compilers fit: one for each core and 1.5 GB of memory.
parallel_jobs() {
    local cores memory
    cores=$(nproc 2>/dev/null || echo 2)
    memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo 2>/dev/null)
    [ "${memory:-0}" -ge 1 ] || memory=1
    [ -r /proc/meminfo ] || memory=$cores
    echo $((memory < cores ? memory : cores))
}
