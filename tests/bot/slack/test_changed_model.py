"""A model that changes under its name, as people in Slack see it: drafts go on by templates until it is accepted."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.events import Source
from analysis.people import Access, Person
from bot.app import build
from bot.late import build_author, build_canaries
from bot.ports.inventory import CanaryOutcome, CanaryRun
from bot.usecases.inventory.accept_canary import AcceptCanary, accept_canary
from bot.usecases.postmortem.composing import TemplatesAlone, gather
from tests.bot.flows.desk import asking, label_of
from tests.bot.record.processes import revisions
from tests.canary_model import CanaryModel, Manner
from tests.model_endpoint import FakeEndpoint, endpoint
from tests.slack_room import COMMANDER, OPERATIONS, RESPONDER, Room, open_room

ADMIN = Person(id="slack:U0ADMIN", access=frozenset({Access.ADMIN}))


@pytest.fixture
def fake() -> Iterator[tuple[CanaryModel, FakeEndpoint]]:
    """Yield a model at an endpoint."""
    model = CanaryModel()
    with endpoint(model) as running:
        yield model, running


def run(room: Room) -> CanaryRun:
    """Ask the canary set."""
    canaries = build_canaries(room.settings, room.app.store, room.clock)
    return canaries.run(room.app.workspace_id, ADMIN, source=Source.COMMAND_LINE)


def accept(room: Room, reason: str) -> None:
    """Run the set and accept what it saw."""
    seen = run(room)
    command = AcceptCanary(
        person=ADMIN,
        workspace_id=room.app.workspace_id,
        natural_key=f"accept:{seen.id}",
        source=Source.COMMAND_LINE,
        run_id=seen.id,
        reason=reason,
    )
    room.app.store.writer.submit(accept_canary, command).result()


def incident(room: Room) -> tuple[int, str]:
    """A resolved incident with a fact."""
    number, channel = room.declare()
    room.join(COMMANDER, channel)
    room.ask(RESPONDER, "note The payment gateway was restarted by 3 engineers", channel)
    room.ask(COMMANDER, f"promote {label_of(room, number, 'restarted')} as fact", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    return number, channel


def drafted(room: Room, number: int, channel: str) -> tuple[str, dict[str, Any], str]:
    """Ask for a draft; returns the answer, how it was written, and its offer."""
    answer = room.draft(COMMANDER, channel)
    room.settle()
    return answer, dict(revisions(room.app, number)[-1].document["writing"]), room.slack.posts(channel)[-1]["text"]


def test_changed_model_leaves_the_template_draft_until_somebody_accepts_it(
    ready_sqlite_url: str, tmp_path: Path, fake: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """Changed, seen, told once, off; accepted, it writes again, and each draft says with what it was made."""
    model, running = fake
    with open_room(ready_sqlite_url, tmp_path, **asking(running.url)) as room:
        accept(room, "first look")
        first, second = incident(room), incident(room)
        answer, before, _ = drafted(room, *first)
        model.fingerprint = "fp2"
        outcomes = [run(room).outcome, run(room).outcome]
        room.settle()
        asked = len(model.asked)
        refused, off, offer = drafted(room, *second)
        again = room.ask(COMMANDER, "draft", second[1])
        untouched = len(model.asked)
        operations = [post["text"] for post in room.slack.posts(OPERATIONS) if "behaves otherwise" in post["text"]]
        accept(room, "the vendor moved it to other machines, read the answers")
        _, after, _ = drafted(room, *second)

    assert outcomes == [CanaryOutcome.CHANGED] * 2
    assert ("the model is asked" in answer, "the model is asked" in refused) == (True, False)
    assert (before["kept"], before["because"]) == (1, "")
    assert off["because"].startswith("Drafting with the model is off since 2026-03-01")
    assert " Made without the model: drafting with the model is off since " in offer
    assert (off["kept"], off["verdicts"], untouched) == (0, [], asked)
    assert "is up to date" in again
    assert len(operations) == 1
    assert "its system fingerprint is fp2 where it was fp1" in operations[0]
    assert (after["kept"], after["versions"]["fingerprint"]) == (1, "fp2")
    assert after["versions"]["model"] != before["versions"]["model"]


@pytest.mark.thorough
def test_model_stays_off_over_a_restart_and_in_another_process(
    ready_sqlite_url: str, tmp_path: Path, fake: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """It is the database that says so, before every question, whoever asks."""
    model, running = fake
    with open_room(ready_sqlite_url, tmp_path, **asking(running.url)) as room:
        accept(room, "first look")
        number, channel = incident(room)
        model.fingerprint = "fp2"
        run(room)
        beside = build(room.settings, clock=room.clock)
    asked = len(model.asked)
    after = build(room.settings, clock=room.clock)
    written = []
    for app in (beside, after):
        store = app.store
        with store.snapshots.snapshot() as reads:
            found = reads.incident_by_number(app.workspace_id, number)
            assert found is not None
            material = gather(reads, found)
        document = TemplatesAlone(names=str)(material.incident, material.events)
        written.append(build_author(room.settings, store, room.clock)(material, document, until=None))
        store.close()

    assert channel
    assert all("is off since" in one.block["because"] for one in written)
    assert len(model.asked) == asked


@pytest.mark.thorough
def test_answer_of_another_model_is_not_used_before_any_run_has_seen_it(
    ready_sqlite_url: str, tmp_path: Path, fake: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """Each answer says of which model it is; one that nobody accepted writes no sentence, whenever it was changed."""
    model, running = fake
    with open_room(ready_sqlite_url, tmp_path, **asking(running.url)) as room:
        number, channel = incident(room)
        _, before_any, _ = drafted(room, number, channel)
        accept(room, "first look")
        model.name = "pinned-2"
        other, other_channel = incident(room)
        _, renamed, _ = drafted(room, other, other_channel)
        model.name, model.fingerprint = "pinned", None
        _, nameless, _ = drafted(room, other, other_channel)
        model.fingerprint = "fp1"
        _, known, _ = drafted(room, other, other_channel)

    assert [one["kept"] for one in (before_any, renamed, nameless, known)] == [1, 0, 0, 1]
    assert "names another model or system fingerprint than was accepted" in renamed["because"]
    assert renamed["verdicts"] == nameless["verdicts"] == []


@pytest.mark.thorough
def test_answer_that_comes_after_the_model_was_switched_off_is_not_used(
    ready_sqlite_url: str, tmp_path: Path, fake: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """A run that sees the change while a draft waits for its answer counts for that draft already."""
    model, running = fake
    seen: list[CanaryOutcome] = []
    with open_room(ready_sqlite_url, tmp_path, **asking(running.url)) as room:
        accept(room, "first look")
        number, channel = incident(room)

        def change_meanwhile(handler: Any, body: Mapping[str, Any]) -> None:
            model.instead, model.manner = None, Manner.INVENTS
            seen.append(run(room).outcome)
            model.manner = Manner.GOOD
            model(handler, body)

        model.instead = change_meanwhile
        _, block, offer = drafted(room, number, channel)

    assert seen == [CanaryOutcome.CHANGED]
    assert (block["kept"], block["verdicts"]) == (0, [])
    assert "Drafting with the model is off since" in block["because"]
    assert "Made without the model" in offer


def test_draft_names_everything_that_it_was_made_with(
    ready_sqlite_url: str, tmp_path: Path, fake: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """Each version in the revision is one that the inventory has, so that a document leads to what made it."""
    with open_room(ready_sqlite_url, tmp_path, **asking(fake[1].url)) as room:
        number, channel = incident(room)
        _, block, _ = drafted(room, number, channel)
        with room.app.store.snapshots.snapshot() as reads:
            known = reads.inventory.newest(room.app.workspace_id)
        calls = room.app.store.egress.calls()
        content = list(room.slack.files.values())[-1]["content"].decode()

    in_draft = {name: version for name, version in block["versions"].items() if name in {one.value for one in known}}
    assert in_draft == {
        name: known[thing].version
        for thing in known
        if (name := thing.value) in {"model", "prompts", "schema", "verifier", "redactor"}
    }
    assert len(in_draft) == 5
    named = ", ".join(f"{name} {in_draft[name]}" for name in ("model", "prompts", "schema", "verifier", "redactor"))
    assert f"- **Made with:** {named}\n" in content
    assert (block["versions"]["reported"], block["versions"]["fingerprint"]) == ("pinned", "fp1")
    assert json.loads(calls[-1].policy).items() >= in_draft.items()
    assert {one.owner for one in known.values()} == {"model-risk@example.com"}
