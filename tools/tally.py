# SPDX-License-Identifier: BSL-1.0
"""Adds up what ctest reported: PART=report.xml ...

Counts test cases where a test prints how many it had (Catch2, or a line `N passed, N failed`), else
the test itself. Lines `skipped: why` in a test's output count as skipped. The last line printed is
`N passed, N failed`, with `, N skipped` if there are any; the exit code says whether all passed.
"""

import argparse
import re
import sys
import xml.etree.ElementTree as xml

ALL_PASSED = re.compile(r"^All tests passed \(.*?in (\d+) test cases?\)", re.MULTILINE)
SOME_FAILED = re.compile(r"^test cases:\s*(\d+) \|(.*)$", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
SKIPPED = re.compile(r"^skipped: .*$", re.MULTILINE)


def counts(output):
    """(passed, failed, skipped) as the test itself printed them."""
    passed = sum(int(match.group(1)) for match in ALL_PASSED.finditer(output))
    failed = 0
    for match in SOME_FAILED.finditer(output):
        bad = re.search(r"(\d+) failed", match.group(2))
        failed += int(bad.group(1)) if bad else 0
        passed += int(match.group(1)) - (int(bad.group(1)) if bad else 0)
    skipped = len(SKIPPED.findall(output))
    for match in PLAIN.finditer(output):
        passed += int(match.group(1))
        failed += int(match.group(2))
        skipped += int(match.group(3) or 0)
    return passed, failed, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failed", type=int, default=0, help="failures outside of ctest")
    parser.add_argument("--skipped", type=int, default=0, help="skips outside of ctest")
    parser.add_argument("reports", nargs="*", metavar="PART=FILE")
    options = parser.parse_args()
    total_passed, total_failed, total_skipped = 0, options.failed, options.skipped
    reasons = set()
    for argument in options.reports:
        part, _, file = argument.partition("=")
        for case in xml.parse(file).getroot().iter("testcase"):
            output = case.findtext("system-out") or ""
            passed, failed, skipped = counts(output)
            by_rule = case.find("skipped")
            if by_rule is not None and by_rule.get("message", "").startswith("SKIP_"):
                skipped = max(skipped, 1)
            elif case.get("status") == "run":
                passed = passed if passed + skipped else 1
            else:
                failed = max(failed, 1)
                print(f"FAILED: {part}: {case.get('name')}")
            reasons.update(f"{line} ({case.get('name')})" for line in SKIPPED.findall(output))
            total_passed += passed
            total_failed += failed
            total_skipped += skipped
    for reason in sorted(reasons):
        print(reason)
    tail = f", {total_skipped} skipped" if total_skipped else ""
    print(f"{total_passed} passed, {total_failed} failed{tail}")
    return 1 if total_failed or not total_passed else 0


sys.exit(main())
