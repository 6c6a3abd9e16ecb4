"""What calls what on the command line: every call with where it is known from, and taken back where it is wrong."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.incident import Visibility
from bot.parts import SystemClock, open_workspace
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.settings import load_settings
from bot.store.migrate import upgrade
from bot.store.opening import open_store
from bot.store.workspaces import UNNAMED_TEAM
from bot.usecases.asking import Command
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.privacy.set_visibility import SetVisibility, set_visibility
from tests.bot.cli.conftest import Debrief
from tests.bot.cli.test_alerts import take
from tests.bot.flows.streams import COMMANDER
from tests.effort import leading

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


def confirm(*, visibility: Visibility, later: Visibility) -> None:
    """Let somebody else attach two groups to an incident of theirs with that visibility, which is set anew later."""
    store = open_store(load_settings(), SystemClock(), prepare=upgrade)
    keys = itertools.count(1)

    def ask(use_case: Callable[[Reads, Any], Changes], command: type[Command], **more: object) -> Reply:
        asked = {"person": COMMANDER, "workspace_id": open_workspace(store, UNNAMED_TEAM, "")}
        return store.writer.submit(use_case, command(**asked, natural_key=f"test:{next(keys)}", **more)).result()

    number = ask(declare, Declare, title="Payout file leaked", visibility=visibility).number
    for group in (1, 2):
        ask(attach_group, AttachGroup, number=number, group=group)
    if later is not visibility:
        ask(set_visibility, SetVisibility, number=number, visibility=later)
    store.close()


@pytest.mark.parametrize(
    ("visibility", "later", "listed"),
    leading(
        1,
        [
            pytest.param(Visibility.PUBLIC, Visibility.PUBLIC, [["mail", "cart", "responders"]], id="public"),
            pytest.param(Visibility.PUBLIC, Visibility.PRIVATE, [], id="private since"),
            pytest.param(Visibility.PRIVATE, Visibility.PUBLIC, [], id="private then"),
        ],
    ),
)
def test_calls_tell_nobody_of_a_private_incident(
    debrief: Debrief, visibility: Visibility, later: Visibility, listed: list[list[str]]
) -> None:
    """What responders confirmed is shown with the incident that says so, or not at all."""
    take("CartSlow")
    take("MailSlow", service="mail", pod="mail-0")

    confirm(visibility=visibility, later=later)

    assert [line.split("\t")[:3] for line in debrief("graph").out.splitlines()] == listed


@pytest.mark.parametrize("words", ["graph --json list", "lanes --json list", "models --json show 1"])
def test_json_where_it_would_not_count_is_refused(debrief: Debrief, words: str) -> None:
    """A program that asks for JSON never reads a table."""
    answer = debrief(*words.split())

    command, _, verb, *_ = words.split()
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == f"--json stands before “{verb}”; write it after: debrief {command} {verb} --json.\n"


def test_call_of_an_incident_that_was_none_is_not_listed(debrief: Debrief) -> None:
    """It is gone by no more; its own record still says what was attached."""
    take("CartSlow")
    take("MailSlow", service="mail", pod="mail-0")
    confirm(visibility=Visibility.PUBLIC, later=Visibility.PUBLIC)

    ended = debrief("cancel", "--incident", "1", "--yes", "it was a drill of ours")

    assert ended.status == 0, ended.err
    assert debrief("graph").out == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("[" * 100_000, "cannot be read: it is not JSON, or nested too deeply.", id="deep"),
        pytest.param('{"calls":\n [["web"', "too deeply (line 2, column 9: Expecting ',' delimiter).", id="cut"),
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
