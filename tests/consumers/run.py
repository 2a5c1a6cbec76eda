# SPDX-License-Identifier: BSL-1.0
"""Installs hilum as a user would, consumes it in one way, and runs the result.

run.py WAY --source DIR --build DIR --cmake PROGRAM --compiler PROGRAM --version V

WAY: find_package, compiled, add_subdirectory, pkg_config, example. The installation is moved once
before it is used: the package must not know where it was installed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command, **options):
    print("$", *command, flush=True)
    subprocess.run([str(word) for word in command], check=True, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way")
    for name in ("source", "build", "cmake", "compiler", "version"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    source = Path(options.source)
    environment = {k: v for k, v in os.environ.items() if k not in ("CXXFLAGS", "PKG_CONFIG_PATH")}

    with tempfile.TemporaryDirectory(prefix="hilum-consumer-") as scratch:
        scratch = Path(scratch)
        prefix, work = scratch / "moved here", scratch / "work"
        work.mkdir()
        if options.way == "pkg_config":
            prefix = scratch / "moved"  # pkg-config itself cannot quote a prefix with a space
        if options.way != "add_subdirectory":
            run(options.cmake, "--install", options.build, "--prefix", scratch / "first")
            shutil.move(scratch / "first", prefix)

        if options.way == "pkg_config":
            if not shutil.which("pkg-config"):
                print("skipped: there is no pkg-config")
                return
            environment["PKG_CONFIG_PATH"] = str(prefix / "share/pkgconfig")
            flags = subprocess.run(
                ["pkg-config", "--cflags", "--libs", f"hilum = {options.version}"],
                check=True, capture_output=True, text=True, env=environment,
            ).stdout.split()
            main_file = source / "tests/consumers/main.cpp"
            run(options.compiler, main_file, "-o", work / "consumer", *flags)
        else:
            project = source / "tests/consumers" / options.way
            if options.way == "example":
                project = source / "examples/find_package"
            run(
                options.cmake, "-S", project, "-B", work, "-G", "Ninja",
                f"-DCMAKE_CXX_COMPILER={options.compiler}",
                f"-DCMAKE_PREFIX_PATH={prefix}",
                f"-DHILUM_EXPECTED_VERSION={options.version}",
                f"-DHILUM_SOURCE_DIR={source}",
                env=environment,
            )  # fmt: skip
            run(options.cmake, "--build", work, env=environment)
        run(work / "consumer", env=environment)


try:
    main()
except subprocess.CalledProcessError as error:
    print(f"failed: {error}")
    sys.exit(1)
