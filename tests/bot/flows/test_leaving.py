"""A question that took too long has either left, and counts, or never will."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from analysis.errors import Unavailable
from bot.flows.model.leaving import Leaving, Place
from bot.flows.writing import ModelWriting
from bot.late import build_author
from bot.ports.model import Answer, Gate, LanguageModel, ModelCall, Question, Usage
from bot.ports.paging import Egress
from bot.store.model.model_call_tables import MODEL_CALL
from tests.bot.flows.desk import Desk, asking, resolved
from tests.slack_room import Room

PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class LateModel:
    """Asks the gate only after nobody waits any more, as where a name is looked up for long."""

    gate: Gate
    go_on: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    def ask(self, question: Question, *, seconds: float) -> Answer:
        """Send the question when it may."""
        self.go_on.wait(PATIENCE_SECONDS)
        try:
            self.gate(question.material.encode())
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.is_over.set()
        return Answer(text="{}", model="m", fingerprint="", question_tokens=1, answer_tokens=1, is_whole=True)


@dataclass(slots=True)
class SlowLog:
    """Takes its time to write down that something leaves."""

    has_begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    ended: list[Egress] = field(default_factory=list)

    def begin(self, egress: Egress) -> None:
        """Wait until it may."""
        self.has_begun.set()
        self.go_on.wait(PATIENCE_SECONDS)

    def end(self, egress: Egress) -> None:
        """Keep it."""
        self.ended.append(egress)


def test_question_never_leaves_after_its_timeout(sqlite_room: Room) -> None:
    """Its cost was booked as nothing, so nothing of it may leave, and the log says that nothing did."""
    number, channel = resolved(sqlite_room)
    desk = Desk(room=sqlite_room, number=number, channel=channel)
    settings = sqlite_room.settings.model_copy(update=asking("http://127.0.0.1:9/v1", llm_patience_seconds=1.3))
    author = build_author(settings, sqlite_room.app.store, sqlite_room.clock)
    assert isinstance(author, ModelWriting)
    opened: list[LateModel] = []

    @contextmanager
    def open_late(gate: Gate) -> Iterator[LanguageModel]:
        opened.append(LateModel(gate))
        yield opened[-1]

    material = desk.material()

    written = replace(author, open_model=open_late)(material, desk.document(material), until=None)
    opened[0].go_on.set()
    opened[0].is_over.wait(PATIENCE_SECONDS)

    (call,) = _calls(sqlite_room, material.incident.id)
    assert "did not answer in time" in written.block["because"]
    assert (call["tokens"], call["ended_at"] is not None) == (0, True)
    assert isinstance(opened[0].error, Unavailable)
    assert [one for one in sqlite_room.app.store.egress.calls() if one.id == call["id"]] == []


def test_question_that_is_leaving_counts_as_left(sqlite_room: Room) -> None:
    """Whoever stops waiting while it is written down waits for that, and is told that it left."""
    log = SlowLog()
    leaving = Leaving(log=log, clock=sqlite_room.clock, place=Place(host="h", path="/"), check=lambda _: None)
    leaving.expect(_call(sqlite_room))
    sending = threading.Thread(target=leaving.gate, args=(b"{}",))
    sending.start()
    log.has_begun.wait(PATIENCE_SECONDS)
    threading.Timer(0.05, log.go_on.set).start()

    has_left = leaving.close()
    leaving.ended("The model's endpoint did not answer in time.", None)

    sending.join()
    assert has_left
    assert len(log.ended) == 1
    with pytest.raises(Unavailable, match="not sent"):
        leaving.gate(b"{}")


def _call(room: Room) -> ModelCall:
    return ModelCall(
        id=uuid4(),
        key="k",
        incident_id=uuid4(),
        ledger_seq=1,
        model="m",
        policy="p",
        began_at=room.clock.now(),
        most=Usage(tokens=100),
        content="{}",
    )


def _calls(room: Room, incident_id: Any) -> list[Any]:
    of_incident = select(MODEL_CALL).where(MODEL_CALL.c.incident_id == incident_id)
    with room.app.store.database.reading() as connection:
        return list(connection.execute(of_incident).mappings())
