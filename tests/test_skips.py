"""Skips are named, and fail a run that must be complete."""

import pytest

CONFTEST = """
from tests.skips import pytest_itemcollected, pytest_make_collect_report, pytest_runtest_makereport
from tests.skips import pytest_terminal_summary
"""
SKIPPED_TEST = """
import pytest

@pytest.mark.{marker}
def test_one():
    pytest.skip("the server is missing")
"""
UNMARKED_TEST = """
import pytest

@pytest.fixture
def postgres_server():
    pytest.skip("the server is missing")

def test_one(postgres_server):
    pass
"""
SKIPPED_MODULE = "import pytest; pytest.skip('no such platform', allow_module_level=True)"


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a folder of tests that uses the hooks under test, and no other plugin."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nmarkers =\n    postgres\n    standin\n    chromium\n    prometheus\n    slow\n")
    return pytester


def test_skips_are_named_with_their_reason(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a run names every skipped test and says why."""
    monkeypatch.delenv("DEBRIEF_REQUIRE_ALL", raising=False)
    inner.makepyfile(test_file=SKIPPED_TEST.format(marker="postgres"))

    result = inner.runpytest()

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["test_file.py::test_one: the server is missing"])


@pytest.mark.parametrize("marker", ["postgres", "standin", "chromium", "prometheus"])
def test_skips_of_required_tests_fail_a_complete_run(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, marker: str
) -> None:
    """Where everything must run, a skipped test that needs a server or a browser is a failure with the same reason."""
    monkeypatch.setenv("DEBRIEF_REQUIRE_ALL", "1")
    inner.makepyfile(test_file=SKIPPED_TEST.format(marker=marker))

    result = inner.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*this {marker} test was skipped: the server is missing"])


def test_test_that_asks_for_the_server_needs_no_marker(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was forgotten would let a complete run be green without PostgreSQL."""
    monkeypatch.setenv("DEBRIEF_REQUIRE_ALL", "1")
    inner.makepyfile(test_file=UNMARKED_TEST)

    result = inner.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*this postgres test was skipped: the server is missing"])


def test_skips_of_other_tests_pass_a_complete_run(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A skip that no required marker covers stays a skip."""
    monkeypatch.setenv("DEBRIEF_REQUIRE_ALL", "1")
    inner.makepyfile(test_file=SKIPPED_TEST.format(marker="slow"))

    result = inner.runpytest()

    result.assert_outcomes(skipped=1)


def test_skips_of_whole_modules_fail_a_complete_run(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that skips itself hides its markers, so a complete run refuses it."""
    monkeypatch.setenv("DEBRIEF_REQUIRE_ALL", "1")
    inner.makepyfile(test_file=SKIPPED_MODULE)

    result = inner.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_file.py was skipped as a whole: no such platform"])
