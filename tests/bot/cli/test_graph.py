"""What calls what on the command line: every call with where it is known from, and taken back where it is wrong."""

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.bot.cli.test_alerts import take

# What is tried here begins with tables that are there already: making them takes longer.
pytestmark = pytest.mark.usefixtures("tables")


def test_calls_are_listed_with_their_source(debrief: Debrief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the file and those of labels; a person takes one back, for good."""
    nothing = debrief("graph")
    file = tmp_path / "graph.json"
    file.write_text(json.dumps({"services": [{"name": "web"}], "calls": [["web", "cart"]]}))
    monkeypatch.setenv("DEBRIEF_SERVICE_GRAPH", str(file))
    take("CartSlow", caller="mail")

    listed = debrief("graph")
    shown = json.loads(debrief("graph", "list", "--json").out)
    gone = debrief("graph", "withdraw", "mail", "cart")
    again = debrief("graph", "withdraw", "mail", "cart")
    of_file = debrief("graph", "withdraw", "web", "cart")
    after = debrief("graph")

    assert (nothing.status, nothing.out) == (1, "")
    assert "DEBRIEF_SERVICE_GRAPH" in nothing.err
    assert [line.split("\t")[:3] for line in listed.out.splitlines()] == [
        ["web", "cart", "file"],
        ["mail", "cart", "labels"],
    ]
    assert [(one["source"], one["because"], one["withdrawn_at"]) for one in shown] == [
        ("file", "", None),
        ("labels", "CartSlow", None),
    ]
    assert (gone.status, again.status, of_file.status) == (0, 1, 1)
    assert "withdrawn already" in again.err
    assert "is changed there" in of_file.err
    assert "withdrawn 20" in after.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("[" * 100_000, "cannot be read: it is not JSON, or nested too deeply.", id="deep"),
        pytest.param('{"edges": [["web", "cart"]]}', "it has none of services, calls, pod_node", id="another form"),
    ],
)
def test_file_that_says_nothing_is_refused(
    debrief: Debrief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, said: str
) -> None:
    """Nobody learns months later that grouping never knew the graph."""
    file = tmp_path / "graph.json"
    file.write_text(content)
    monkeypatch.setenv("DEBRIEF_SERVICE_GRAPH", str(file))

    answer = debrief("graph")

    assert answer.status == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1
