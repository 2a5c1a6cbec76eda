# SPDX-License-Identifier: BSL-1.0
"""Code that must not compile, and the sentence with which it must fail: check.py COMPILER [-- FLAG...]

Each tests/compile_fail/*.cpp holds cases and their positive twin:

    // error[string]: text at run time needs a filter
    // error[view]: text at run time needs a filter

    #ifdef CASE_string
        ... the wrong use
    #endif

Without any CASE_* the file is the twin and must compile. With CASE_<name> it must fail, and the text must
stand in the first 15 lines of what the compiler says. Text in `error[name]` is compared with all
white space as one space. A line `// error-only(clang)[name]: text` (or `gcc`) replaces the text for that
compiler.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LINES = 15
EXPECTED = re.compile(r"^// error(?:-only\((?P<who>gcc|clang)\))?\[(?P<name>\w+)\]: (?P<text>.*\S)\s*$", re.MULTILINE)


def squeezed(text):
    return " ".join(text.replace("‘", "'").replace("’", "'").split())


def cases(who):
    """(file, name or None for the twin, text that is expected)."""
    for path in sorted(HERE.glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        expected = {m["name"]: m["text"] for m in EXPECTED.finditer(text) if not m["who"]}
        expected |= {m["name"]: m["text"] for m in EXPECTED.finditer(text) if m["who"] == who}
        present = set(re.findall(r"\bCASE_(\w+)", text))
        yield path, None, None
        for name in sorted(present | set(expected)):
            yield path, name, expected.get(name) if name in present else None


def judge(command, case):
    path, name, text = case
    label = f"{path.stem}[{name}]" if name else f"{path.stem} (the twin)"
    if name and text is None:
        return label, "`// error[name]: text` and CASE_name must both be there", ""
    define = [f"-DCASE_{name}"] if name else []
    result = subprocess.run([*command, *define, str(path)], capture_output=True, text=True)
    head = "\n".join(result.stderr.splitlines()[:LINES])
    if name is None:
        return label, "must compile" if result.returncode else None, head
    if result.returncode == 0:
        return label, "compiles", ""
    if squeezed(text) not in squeezed(head):
        return label, f"fails without saying in the first {LINES} lines: {text}", head
    return label, None, ""


def main():
    compiler, *flags = [argument for argument in sys.argv[1:] if argument != "--"]
    who = "clang" if "clang" in Path(compiler).name else "gcc"
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Wshadow"]
    command += [f"-I{ROOT / 'include'}", f"-I{ROOT / 'tests'}", "-DHILUM_SEPARATE_COMPILATION"]
    command += flags
    os.environ["LC_ALL"] = "C"
    started = time.monotonic()
    passed = failed = 0
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        for label, problem, head in pool.map(lambda case: judge(command, case), list(cases(who))):
            print(f"{'FAILED' if problem else 'ok':6} {label}{': ' + problem if problem else ''}", flush=True)
            if problem:
                failed += 1
                print("\n".join(f"       | {line}" for line in head.splitlines()))
            else:
                passed += 1
    print(f"compile_fail: {passed + failed} in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
