# SPDX-License-Identifier: BSL-1.0
"""The project's files, read once, and what a finding looks like."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
import re

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Source:
    """One file of the project. `path` is relative to the root, with forward slashes."""

    def __init__(self, path):
        self.path = path.relative_to(ROOT).as_posix()
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @property
    def suffix(self):
        return Path(self.path).suffix

    def under(self, *folders):
        return self.path.startswith(tuple(f"{folder}/" for folder in folders))

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1

    def finding(self, line, text):
        return Finding(self.path, line, text)


def files(folders, suffixes):
    """The files below `folders` (or the files that they name) that end in one of `suffixes`."""
    found = []
    for folder in folders:
        top = ROOT / folder
        paths = [top] if top.is_file() else top.rglob("*")
        found += [p for p in paths if p.suffix in suffixes and p.is_file() and "build" not in p.parts]
    return [Source(path) for path in sorted(set(found))]


def code():
    """All C++ of the project."""
    return files(["include", "examples", "tests", "benchmarks", "cmake"], {".hpp", ".ipp", ".cpp"})


def is_public(path):
    """Whether a user reads this header."""
    return path.endswith(".hpp") and not re.search(r"/(detail|impl)/", path)


def blank(text, comments=True, doc_comments=False, strings=True):
    """`text` with strings and comments overwritten by spaces; positions and lines stay as they are."""
    parts = {
        "raw": r'R"(?P<tag>[^(\s]*)\((?:.|\n)*?\)(?P=tag)"',
        "string": r'"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\'',
        "doc": r"///[^\n]*",
        "line": r"//[^\n]*",
        "block": r"/\*(?:.|\n)*?\*/",
    }
    pattern = re.compile("|".join(f"(?P<{name}>{body})" for name, body in parts.items()))
    wanted = {
        "raw": strings,
        "string": strings,
        "doc": doc_comments,
        "line": comments,
        "block": comments,
    }

    def replaced(match):
        kind = next(name for name in parts if match.group(name) is not None)
        if not wanted[kind]:
            return match.group(0)
        return re.sub(r"[^\n]", " ", match.group(0))

    return pattern.sub(replaced, text)
