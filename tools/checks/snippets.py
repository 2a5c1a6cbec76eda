# SPDX-License-Identifier: BSL-1.0
"""Code in the docs is cut from files that are compiled.

In Markdown:   <!-- snippet: examples/quickstart.cpp#main -->   followed by a ```cpp block
In the file:   //[main   ...   //]
Without `#name` the block is the whole file, less its licence line.
"""

import re
import textwrap

from . import tree

BLOCK = re.compile(
    r"(?:^[ \t]*<!-- snippet: (?P<file>[^#\s]+)(?:#(?P<name>[\w-]+))? -->[ \t]*\n)?"
    r"^```[ \t]*(?:cpp|c\+\+)[^\n]*\n(?P<code>.*?)^```[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
MARKER = re.compile(r"<!-- snippet:")


def region(text, name):
    """The lines between `//[name` and its `//]`, without markers, moved to the left."""
    if name is None:
        lines = [line for line in text.splitlines() if "SPDX-License-Identifier" not in line]
    else:
        lines, depth = [], 0
        for line in text.splitlines():
            stripped = line.strip()
            if stripped == f"//[{name}" and not depth:
                depth = 1
            elif depth and re.fullmatch(r"//\[[\w-]+", stripped):
                depth += 1
            elif depth and stripped == "//]":
                depth -= 1
                if not depth:
                    break
            elif depth:
                lines.append(line)
        else:
            return None
    lines = [line for line in lines if not re.fullmatch(r"\s*//(\[[\w-]+|\])", line)]
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def cut(match):
    """(code, problem): what should stand in this block."""
    file, name = match.group("file"), match.group("name")
    if file is None:
        return None, "a cpp block without `<!-- snippet: file#name -->` before it"
    path = tree.ROOT / file
    if not path.is_file():
        return None, f"no such file: {file}"
    code = region(path.read_text(encoding="utf-8"), name)
    if code is None:
        return None, f"no region //[{name} ... //] in {file}"
    return code, None


def documents():
    return tree.files(["docs", "README.md"], {".md"})


def check():
    found = []
    for source in documents():
        for match in BLOCK.finditer(source.text):
            line = source.line_of(match.start())
            code, problem = cut(match)
            if problem:
                found.append(source.finding(line, problem))
            elif code != match.group("code"):
                found.append(source.finding(line, "differs from its source; run tools/snippets --write"))
        covered = [match.span() for match in BLOCK.finditer(source.text)]
        for marker in MARKER.finditer(source.text):
            if not any(begin <= marker.start() < end for begin, end in covered):
                line = source.line_of(marker.start())
                found.append(source.finding(line, "a snippet marker without a ```cpp block below it"))
    return found


def write():
    def replaced(match):
        code, problem = cut(match)
        if problem:
            return match.group(0)
        offset = match.start("code") - match.start()
        end = match.end("code") - match.start()
        whole = match.group(0)
        return whole[:offset] + code + whole[end:]

    for source in documents():
        new = BLOCK.sub(replaced, source.text)
        if new != source.text:
            (tree.ROOT / source.path).write_text(new, encoding="utf-8")
            print(f"wrote {source.path}")
