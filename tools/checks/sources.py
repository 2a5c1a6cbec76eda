# SPDX-License-Identifier: BSL-1.0
"""include/hilum/src.hpp lists every body, below the headers that declare it."""

import re
import subprocess

from . import tree

PATH = tree.ROOT / "include/hilum/src.hpp"
BEGIN = "// clang-format off: the headers, then their bodies; `tools/lint --fix` writes this list\n"
END = "// clang-format on\n"


def known():
    """The headers and bodies that git knows: one that somebody has only begun is not listed yet."""
    sources = tree.files(["include"], {".hpp", ".ipp"})
    command = ["git", "-C", str(tree.ROOT), "ls-files", "include"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return sources
    return [source for source in sources if source.path in listed]


def expected():
    sources = known()
    bodies = [s.path for s in sources if s.suffix == ".ipp"]
    declares = re.compile(r"^\s*#\s*include\s*<[^>]+\.ipp>", re.MULTILINE)
    headers = [
        s.path for s in sources if s.suffix == ".hpp" and s.path != "include/hilum/src.hpp" and declares.search(s.text)
    ]
    include = "#include <{}>\n".format
    listed = ["".join(include(path[8:]) for path in group) for group in (headers, bodies)]
    return BEGIN + "\n".join(listed) + END


def parse(text):
    match = re.search(r"^// clang-format off.*?^// clang-format on\n", text, re.DOTALL | re.MULTILINE)
    return match.span() if match else (len(text), len(text))


def check():
    text = PATH.read_text(encoding="utf-8")
    begin, end = parse(text)
    if text[begin:end] == expected():
        return []
    want, have = (set(re.findall(r"<(hilum/[^>]+)>", part)) for part in (expected(), text[begin:end]))
    what = ", ".join([f"+{name}" for name in sorted(want - have)] + [f"-{name}" for name in sorted(have - want)])
    line = text.count("\n", 0, begin) + 1
    return [tree.Source(PATH).finding(line, f"out of date ({what or 'order'}); run tools/lint --fix")]


def fix():
    text = PATH.read_text(encoding="utf-8")
    begin, end = parse(text)
    new = text[:begin] + expected() + text[end:]
    if new != text:
        PATH.write_text(new, encoding="utf-8")
        print("wrote include/hilum/src.hpp")
