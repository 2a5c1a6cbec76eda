# SPDX-License-Identifier: BSL-1.0
"""Who may include whom (docs/architecture.md): the table of floors and what follows from it."""

import re

from . import tree

# A folder of include/hilum/ may include what stands below it, and itself.
FLOORS = {
    "core": 0,  # what everything speaks: results, errors, context, clock, events
    "http": 1,  # messages and the client
    "phi": 1,  # what identifies a person, and what may be said of it
    "model": 1,  # operations, services, how policies join them
    "aws": 2,  # signing, credentials, event stream: over messages, for several services
    "policy": 2,  # one folder a policy
    "telemetry": 2,  # where events go
    "audit": 2,  # where disclosures are recorded
    "config": 2,  # settings as text; knows no service
    "openai": 3,  # a service: codec and mapping
    "bedrock": 3,
    "assembly": 4,  # settings -> finished services
    "testing": 5,  # stand-ins for hosts' tests; nothing in production includes it
}

# The exceptions between folders of one floor.
SIDEWAYS = {
    ("phi", "model"): "the filter turns one operation into another",
    ("policy", "audit"): "AuditPolicy writes to a journal",
    ("policy", "telemetry"): "TelemetryPolicy writes to sinks",
}

# Headers directly in include/hilum/ gather parts; one alone may reach testing/.
MAY_REACH_TESTING = {"include/hilum/testing.hpp"}

# These never reach a socket, not even through other headers of hilum: what they do is decided and
# tested without one. Of http/ they may include what keeps this promise (messages, concept, codec).
SOCKET_FREE = {"core", "model", "phi", "policy", "aws", "openai", "bedrock"}
SOCKETS = re.compile(r"boost/beast|boost/asio/ssl|boost/asio/ip/|openssl/ssl\.h|sys/socket\.h")

# Libraries that hilum can use and does not need: never reached from an umbrella.
OPTIONAL = re.compile(r"spdlog/|sqlite3|yaml-cpp/|toml\+\+/|toml\.hpp|opentelemetry/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


class Graph:
    def __init__(self, sources):
        self.sources = {source.path: source for source in sources}
        self.edges = {}  # path -> [(line, target path)], own headers
        self.outside = {}  # path -> [(line, name)], everything else
        for path, source in self.sources.items():
            own, outside = [], []
            for match in INCLUDE.finditer(tree.blank(source.text, strings=False, doc_comments=True)):
                line, name = source.line_of(match.start(1)), match.group(1)
                (own if name.startswith("hilum/") else outside).append((line, name))
            self.edges[path] = [(line, f"include/{name}") for line, name in own]
            self.outside[path] = outside

    def route(self, start, matches):
        """How `start` reaches a foreign header that `matches`: the files on the way, or nothing."""
        came_from, queue = {start: None}, [start]
        for path in queue:
            for _, name in self.outside.get(path, ()):
                if matches(name):
                    way = [name]
                    while path is not None:
                        way.insert(0, path)
                        path = came_from[path]
                    return way
            for _, target in self.edges.get(path, ()):
                if target in self.sources and target not in came_from:
                    came_from[target] = path
                    queue.append(target)
        return []


def parts(path):
    """The folders of a header below include/hilum/: ('policy', 'retry')."""
    return tuple(path.split("/")[2:-1])


def folder(path):
    return next(iter(parts(path)), None)


def refusal(path, target):
    """Why `path` may not include `target`, or None."""
    here, there = folder(path), folder(target)
    # What core/ keeps in detail/ (the JSON writer) is every floor's; src.hpp names all that has a body.
    if path == "include/hilum/src.hpp":
        return None
    if "/detail/" in target and there not in (here, "core"):
        return f"{there}/'s detail/ belongs to {there}/ alone"
    if "/impl/" in target and parts(target)[:-1] not in (parts(path), parts(path)[:-1]):
        return "a body is included by its own header and by src.hpp"
    if here is None:
        if there == "testing" and path not in MAY_REACH_TESTING:
            return "an umbrella never reaches testing/"
        return None
    if there is None:
        return "only users include an umbrella"
    if here not in FLOORS or there not in FLOORS:
        unknown = here if here not in FLOORS else there
        return f"{unknown}/ has no floor yet (tools/checks/floors.py)"
    if FLOORS[there] > FLOORS[here]:
        return f"{here}/ (floor {FLOORS[here]}) stands below {there}/ (floor {FLOORS[there]})"
    if FLOORS[there] == FLOORS[here] and here != there and (here, there) not in SIDEWAYS:
        return f"{here}/ and {there}/ stand on one floor and don't know each other"
    if here == there == "policy":
        mine, its = parts(path)[1:2], parts(target)[1:2]
        if mine and its and mine != its and its[0] not in ("detail", "impl"):
            return f"policy/{mine[0]}/ and policy/{its[0]}/ don't know each other"
    return None


def cycles(graph):
    done, stack, found = set(), [], []

    def visit(path):
        if path in stack:
            found.append(stack[stack.index(path) :] + [path])
        elif path not in done:
            stack.append(path)
            for _, target in graph.edges.get(path, ()):
                if target in graph.sources:
                    visit(target)
            stack.pop()
            done.add(path)

    for path in graph.sources:
        visit(path)
    return found


def short(way):
    return " -> ".join(step.removeprefix("include/hilum/") for step in way)


def check():
    graph = Graph(tree.files(["include"], {".hpp", ".ipp"}))
    found = []
    for path, source in graph.sources.items():
        for line, target in graph.edges[path]:
            if target not in graph.sources:
                found.append(source.finding(line, f"no such header: {target}"))
            elif reason := refusal(path, target):
                found.append(source.finding(line, f"includes {target[8:]}: {reason}"))
        if folder(path) in SOCKET_FREE and (way := graph.route(path, SOCKETS.match)):
            found.append(source.finding(1, f"{folder(path)}/ reaches a socket: {short(way)}"))
        if folder(path) is None and (way := graph.route(path, OPTIONAL.match)):
            found.append(source.finding(1, f"an umbrella reaches an optional library: {short(way)}"))
    for way in cycles(graph):
        found.append(graph.sources[way[0]].finding(1, f"includes itself: {short(way)}"))
    return found
