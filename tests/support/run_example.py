# SPDX-License-Identifier: BSL-1.0
"""Runs one `// test:` line of an example: run_example.py PROGRAM SOURCE_DIR LINE

The grammar stands at the top of examples/CMakeLists.txt.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile


def main():
    program, source, line = sys.argv[1:]
    match = re.fullmatch(r"(?P<command>.*?)\s*->\s*(?P<code>\d+)\s*(?::\s*(?P<text>.*?))?\s*", line)
    if not match:
        print(f"not a test line: {line}")
        return 1
    with tempfile.TemporaryDirectory(prefix="hilum-example-") as scratch:
        words = shlex.split(match.group("command"))
        words = [word.replace("{source}", source).replace("{tmp}", scratch) for word in words]
        environment = dict(os.environ)
        while words and re.fullmatch(r"[A-Z_][A-Z0-9_]*=.*", words[0]):
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        stdin = subprocess.DEVNULL
        if "<" in words:
            at = words.index("<")
            stdin = open(words[at + 1], "rb")
            del words[at : at + 2]
        result = subprocess.run(
            [program, *words],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=scratch,
        )
    output = result.stdout.decode(errors="replace")
    print(output, end="" if output.endswith("\n") else "\n")
    problems = []
    if result.returncode != int(match.group("code")):
        problems.append(f"exit code {result.returncode}, expected {match.group('code')}")
    if match.group("text") and match.group("text") not in output:
        problems.append(f"nowhere in the output: {match.group('text')}")
    for problem in problems:
        print(f"{os.path.basename(program)}: {problem}")
    return 1 if problems else 0


sys.exit(main())
