# SPDX-License-Identifier: BSL-1.0
"""The rules of CONTRIBUTING.md that a line or a file shows.

A line with `lint-ok: reason` is left alone by the rules about code.
"""

import re

from . import tree

COLUMNS = 100
SPDX = "SPDX-License-Identifier: BSL-1.0"

# (what is forbidden, why, the folders where, the files that may)
FORBIDDEN = [
    (r"\bstd::regex\b|<regex>", "std::regex recurses and backtracks", None, None),
    (
        r"\bsystem_clock::now\b",
        "no wall clock but through Environment",
        None,
        r"/core/(impl/|detail/)?(clock|os_clock)\w*\.[hi]pp$",
    ),
    (
        r"\b(steady|high_resolution)_clock::now\b",
        "no clock but through Environment",
        ["include"],
        r"/core/(impl/|detail/)?(clock|os_clock)\w*\.[hi]pp$",
    ),
    (r"\bthis_thread::sleep_\w+|\busleep\b|\bnanosleep\b", "nothing here sleeps", None, None),
    (
        r"\bstd::rand\b|\bsrand\b|\brandom_device\b|\bRAND_(priv_)?bytes\b",
        "no chance but through Environment",
        None,
        r"/core/(impl/|detail/)?(random|os_random)\w*\.[hi]pp$",
    ),
    (
        r"\bstd::\w+_distribution\b",
        "differs between standard libraries: same seed, same trace",
        ["include"],
        None,
    ),
]
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX)\b")
STATIC = re.compile(r"^\s*(?:inline\s+)?(?:static|thread_local|inline)\s+(?P<rest>[^;={(]*?)\s*(?P<end>[;={(]|$)")


def is_mutable_static(line):
    """A heuristic: `static`, then a type and a name, then `;`, `=` or `{`, and nowhere const."""
    match = STATIC.match(line)
    if not match or match.group("end") in ("(", ""):
        return False
    rest = match.group("rest")
    if re.search(r"\b(const|constexpr|consteval|constinit|namespace|using|operator|assert)\b", rest):
        return False
    return len(rest.replace("::", " ").split()) >= 2 or ">" in rest


def check_code(source):
    found = []
    bare = tree.blank(source.text, doc_comments=True).splitlines()
    for number, (line, code) in enumerate(zip(source.lines, bare), 1):
        if "lint-ok:" in line:
            continue
        for pattern, why, folders, exempt in FORBIDDEN:
            if folders and not source.under(*folders):
                continue
            if exempt and re.search(exempt, source.path):
                continue
            if match := re.search(pattern, code if "<regex>" not in line else line):
                found.append(source.finding(number, f"{match.group(0)}: {why}"))
        if source.under("include") and is_mutable_static(code):
            found.append(source.finding(number, f"mutable static: {code.strip()}"))
    return found


def check_text(source):
    found = []
    for number, line in enumerate(source.lines, 1):
        if len(line) > COLUMNS:
            found.append(source.finding(number, f"{len(line)} columns, at most {COLUMNS}"))
        if "\t" in line:
            found.append(source.finding(number, "a tab"))
        if line != line.rstrip():
            found.append(source.finding(number, "spaces at the end of the line"))
        if match := LEFTOVERS.search(line):
            found.append(source.finding(number, f"a leftover: {match.group(0)}"))
    if source.text and not source.text.endswith("\n"):
        found.append(source.finding(len(source.lines), "no newline at the end"))
    return found


def check_head(source):
    found = []
    if not source.lines or source.lines[0] != f"// {SPDX}":
        found.append(source.finding(1, f"the first line is `// {SPDX}`"))
    if source.suffix == ".hpp":
        if not re.search(r"^#pragma once$", source.text, re.MULTILINE):
            found.append(source.finding(1, "no #pragma once"))
        if source.under("include") and tree.is_public(source.path) and "///" not in source.text:
            found.append(source.finding(1, "a public header without a `///` comment"))
    return found


def check():
    found = []
    for source in tree.code():
        found += check_head(source) + check_text(source) + check_code(source)
    return found


def notes():
    """What is worth a look and no error."""
    return [
        f"{source.path}: {len(source.lines)} lines (does it want to be two files?)"
        for source in tree.code()
        if len(source.lines) > (400 if source.under("include") else 600)
    ]
