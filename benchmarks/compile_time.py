#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What it costs to compile one source that makes one guarded call: CPU seconds and peak memory.

    benchmarks/compile_time.py [--rounds N] [COMPILER FLAG...]     (default: g++ -O0)

Header-only, against hilum::compiled, and, to compare with, the same call by hand with Beast. The
best of N rounds (default 2): what else the machine does makes it slower, never faster.
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

GUARDED = """
#include <{header}>
using namespace hilum;
Task<std::string> ask(asio::io_context& io, std::shared_ptr<FileJournal> journal) {{
    BeastHttpClient http(io);
    auto service = standard(OpenAiService(http, OpenAiConfig::from_environment()), journal);
    auto reply = co_await service.generate_text("Say hello.");
    co_return reply ? reply->reveal("a literal went out").text : reply.error().message();
}}
"""

BY_HAND = """
#include <support/beast_calls.hpp>
template class bench::BeastCalls<bench::PlainStream>;
template class bench::BeastCalls<bench::TlsStream>;
"""

CASES = [
    ("header-only, hilum.hpp", GUARDED.format(header="hilum.hpp"), []),
    ("hilum::compiled, hilum.hpp", GUARDED.format(header="hilum.hpp"), ["-DHILUM_SEPARATE_COMPILATION"]),
    ("by hand with Beast, TCP and TLS", BY_HAND, []),
]


def measure(command):
    """(CPU seconds, peak MiB) of a compiler with all that it starts."""
    child = os.fork()
    if child == 0:
        done = subprocess.run(command, check=False)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(os.environ["COMPILE_TIME_OUT"], "w", encoding="ascii") as out:
            out.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
        os._exit(done.returncode)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("compile_time: " + " ".join(command) + " failed")
    with open(os.environ["COMPILE_TIME_OUT"], encoding="ascii") as result:
        seconds, memory = result.read().split()
    return float(seconds), float(memory)


def main(arguments):
    rounds = 2
    if arguments[:1] == ["--rounds"] and len(arguments) > 1:
        rounds, arguments = int(arguments[1]), arguments[2:]
    compiler = arguments or ["g++", "-O0"]
    flags = ["-std=c++20", f"-I{ROOT / 'include'}", f"-I{ROOT / 'benchmarks'}", "-c"]
    print(f"{' '.join(compiler):34}{'CPU s':>8}{'MiB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMPILE_TIME_OUT"] = f"{folder}/used"
        for name, code, defines in CASES:
            source = pathlib.Path(folder, "one.cpp")
            source.write_text(code, encoding="utf-8")
            command = compiler + flags + defines + [str(source), "-o", f"{folder}/one.o"]
            used = [measure(command) for _ in range(max(rounds, 1))]
            print(f"{name:34}{min(s for s, _ in used):8.1f}{max(m for _, m in used):8.0f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
