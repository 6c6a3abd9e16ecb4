"""Skips are never silent: each is named at the end of a run, and a complete run has none that matters.

With `DEBRIEF_REQUIRE_ALL=1`, as in `.ci/run`, a test that needs PostgreSQL, the Slack stand-in, Chromium or
Prometheus fails instead of being skipped, so a green run means that it ran.
"""

import os
from collections.abc import Generator

import pytest

REQUIRED_MARKERS = ("postgres", "standin", "chromium", "prometheus")
REQUIRE_ALL = "DEBRIEF_REQUIRE_ALL"
#: What a test asks for that needs a server, whether or not somebody thought of its marker.
_SERVERS = {"postgres_server": "postgres"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test by the server that it asks for, so that its skip is one of those that count."""
    for fixture in getattr(item, "fixturenames", ()):
        if fixture in _SERVERS:
            item.add_marker(_SERVERS[fixture])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a required test into a failure where everything must run."""
    report = yield
    needed = [marker for marker in REQUIRED_MARKERS if item.get_closest_marker(marker)]
    if needed and _is_forbidden_skip(report):
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE_ALL} is set and this {needed[0]} test was skipped: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole module into a failure where everything must run: its markers cannot be known."""
    report = yield
    if _is_forbidden_skip(report):
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE_ALL} is set and {collector.nodeid} was skipped as a whole: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each skipped test with its reason."""
    skipped = terminalreporter.getreports("skipped")
    if skipped:
        terminalreporter.section("skipped")
    for report in sorted(skipped, key=lambda one: one.nodeid):
        terminalreporter.write_line(f"{report.nodeid}: {_reason(report)}")


def _is_forbidden_skip(report: pytest.TestReport | pytest.CollectReport) -> bool:
    return os.environ.get(REQUIRE_ALL) == "1" and report.skipped and not hasattr(report, "wasxfail")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return text.removeprefix("Skipped: ")
