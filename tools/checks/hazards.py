# SPDX-License-Identifier: BSL-1.0
"""Expressions around co_await that g++ 12.2 or newer g++ miscompile (CONTRIBUTING.md, 'Coroutines').

A line that ends in `// hazard-ok: reason` is left alone.
"""

import re

from . import tree

OWNS = re.compile(
    r"\bstd::(w?string|vector|map|unordered_map|set|deque|list|function|move_only_function|any"
    r"|unique_ptr|shared_ptr|optional|variant|filesystem::path)\b|\bjson::(value|object|array|string)\b"
)
STRUCT = re.compile(r"\bstruct\s+(?:\[\[[^\]]*\]\]\s*)?([A-Za-z_]\w*)\s*(?:final\s*)?(:[^;{]*)?\{")
LAMBDA = re.compile(r"(?<![\w\])])\s*\[(?P<captures>[^\[\]]*)\]\s*(?:<[^>]*>\s*)?(?=[({]|mutable\b|->)")
FENCE = re.compile(r"^```\s*(?:cpp|c\+\+)\s*\n(.*?)^```", re.DOTALL | re.MULTILINE)


def closing(text, opening):
    """The position of the brace that closes the one at `opening`."""
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return len(text)


def owning_aggregates(text):
    """Names of structs in `text` that own memory and have no constructor of their own."""
    names = set()
    for match in STRUCT.finditer(text):
        name = match.group(1)
        body = text[match.end() : closing(text, match.end() - 1)]
        flat = re.sub(r"\{[^{}]*\}|\([^()]*\)", "", re.sub(r"\{[^{}]*\}|\([^()]*\)", "", body))
        has_constructor = re.search(rf"(?<![\w~:]){name}\s*\(", body)
        if not has_constructor and OWNS.search(flat) and "private:" not in body:
            names.add(name)
    return names


def expression(text, await_position):
    """Begin and end of the statement in which the co_await at this position stands."""
    depth, begin = 0, await_position
    while begin > 0:
        c = text[begin - 1]
        if c in ")]":
            depth += 1
        elif c in "([":
            depth -= 1
        elif c in ";{}" and depth <= 0:
            break
        begin -= 1
    depth, end = 0, begin
    while end < len(text):
        c = text[end]
        if c == ";" and depth <= 0 and end > await_position:
            break
        if c == "{" and depth == 0 and end > await_position and text[:end].rstrip().endswith(")"):
            break  # the body of an if or a loop
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(c, 0)
        if depth < 0 and end > await_position:
            break
        end += 1
    return begin, end


def captures_by_value(captures):
    items = [item.strip() for item in captures.split(",") if item.strip()]
    return any(not item.startswith("&") and item != "this" for item in items)


def hazards(text, aggregates):
    """(position, sentence) for each hazard in `text`, which has neither comments nor strings."""
    found = []
    for match in re.finditer(r"\bswitch\s*\([^;{]*?\bco_await\b", text):
        found.append((match.start(), "switch over co_await: bind the result to a name first"))
    for match in re.finditer(r"\bauto\s*(?:const\s*)?&{0,2}\s*\[[^\]]*\]\s*[=:][^;{]*?\bco_await\b", text):
        found.append((match.start(), "structured binding of a co_await: newer g++ skip destructors"))
    for match in re.finditer(r"[(,]\s*(?:hilum::)?Reason\s*\{", text):
        found.append((match.start(), "clang 14 crashes on Reason{...} as an argument: write the literal itself"))
    seen = set()
    for match in re.finditer(r"\bco_await\b", text):
        begin, end = expression(text, match.start())
        if (begin, end) in seen:
            continue
        seen.add((begin, end))
        part = text[begin:end]
        # What stands in a lambda's body is a statement of its own.
        for lambda_ in LAMBDA.finditer(part):
            if captures_by_value(lambda_.group("captures")):
                found.append(
                    (
                        begin + lambda_.start("captures"),
                        "temporary lambda that captures by value in a co_await expression: name it first",
                    )
                )
        flat = list(part)
        for lambda_ in LAMBDA.finditer(part):
            opening = part.find("{", lambda_.end())
            if opening >= 0:
                for position in range(opening, min(closing(part, opening) + 1, len(flat))):
                    flat[position] = " "
        part = "".join(flat)
        if "co_await" not in part:
            continue
        for brace in re.finditer(r"[(,]\s*\{", part):
            found.append((begin + brace.end() - 1, "braced list in a co_await expression: name it first"))
        for brace in re.finditer(r"[\w>]\s*(\{)\s*\.\w+\s*=", part):
            found.append((begin + brace.start(1), "temporary aggregate in a co_await expression: name it first"))
        for name in re.finditer(r"(?<![\w:<])(?:\w+::)*([A-Za-z_]\w*)\s*[{(]", part):
            if name.group(1) in aggregates:
                found.append(
                    (
                        begin + name.start(1),
                        f"temporary {name.group(1)}, an aggregate that owns memory, in a co_await"
                        " expression: name it or give the type a constructor",
                    )
                )
    return found


def prepared(text):
    """Code without strings and plain comments; in `///` comments only what is indented as code."""
    text = re.sub(r"^([ \t]*)///(.*)$", doc_line, text, flags=re.MULTILINE)
    return tree.blank(text)


def doc_line(match):
    content = match.group(2)
    if re.match(r"\s{4,}\S", content):
        return match.group(1) + "   " + content
    return " " * len(match.group(0))


def check():
    sources = tree.code()
    clean = {source.path: prepared(source.text) for source in sources}
    shared = set()
    for source in sources:
        if source.under("include", "tests/support"):
            shared |= owning_aggregates(clean[source.path])
    found = []
    for source in sources:
        aggregates = shared | owning_aggregates(clean[source.path])
        found += report(source, clean[source.path], aggregates, 0)
    for source in tree.files(["docs", "README.md"], {".md"}):
        for fence in FENCE.finditer(source.text):
            found += report(source, prepared(fence.group(1)), shared, fence.start(1))
    return found


def report(source, text, aggregates, offset):
    lines = {}
    for position, sentence in hazards(text, aggregates):
        line = source.line_of(offset + position)
        if "hazard-ok:" not in source.lines[line - 1]:
            lines.setdefault((line, sentence))
    return [source.finding(line, sentence) for line, sentence in lines]
