# SPDX-License-Identifier: BSL-1.0
"""Compiles each public header alone, header-only and without output: check.py COMPILER [-- FLAG...]

Prints one line for each header that does not compile, or not without a warning.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"


def public_headers():
    """All but what stands in detail/ and impl/, and src.hpp, which is for one mode only."""
    for path in sorted(INCLUDE.rglob("*.hpp")):
        name = path.relative_to(INCLUDE).as_posix()
        if not re.search(r"/(detail|impl)/", name) and name != "hilum/src.hpp":
            yield name


def compiled(command, name):
    """The first lines that the compiler says about `#include <name>`, twice."""
    source = f"#include <{name}>\n#include <{name}>\n"
    result = subprocess.run([*command, "-x", "c++", "-"], input=source, capture_output=True, text=True)
    return name, result.returncode, result.stderr


def main():
    compiler, *flags = [argument for argument in sys.argv[1:] if argument != "--"]
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion"]
    command += ["-Wshadow", "-Werror", f"-I{INCLUDE}", *flags]
    headers = list(public_headers())
    started = time.monotonic()
    failed = 0
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        for name, code, output in pool.map(lambda header: compiled(command, header), headers):
            if code:
                failed += 1
                first = next((line for line in output.splitlines() if "error:" in line), output[:200])
                print(f"{name}: {first}", flush=True)
    print(f"headers: {len(headers)} in {time.monotonic() - started:.0f} s")
    print(f"{len(headers) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
