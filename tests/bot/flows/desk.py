"""A desk where the real flow asks an endpoint of a test for accounts of one incident in a real database."""

import time
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import bot.llm.endpoint  # noqa: F401 - it loads for a second, which is not to count
from analysis.document import Document
from analysis.timeline import timeline
from bot.late import build_author
from bot.settings import Settings
from bot.usecases.postmortem.composing import Material, TemplatesAlone, Written, gather
from tests.slack_room import COMMANDER, RESPONDER, Room

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One incident of a room, and the settings with which its account is written."""

    room: Room
    number: int
    channel: str
    over: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The room's settings with a model."""
        return self.room.settings.model_copy(update=self.over)

    def material(self) -> Material:
        """The record as it is."""
        with self.room.app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.room.app.workspace_id, self.number)
            assert incident is not None
            return gather(reads, incident)

    def document(self, material: Material) -> Document:
        """What the templates alone make of it."""
        return TemplatesAlone(names=self.room.app.directory.name)(material.incident, material.events)

    def write(self, material: Material | None = None) -> tuple[Written, float]:
        """The document with what the model adds to the record as it is or was, and how many seconds that took."""
        material = material or self.material()
        author = build_author(self.settings, self.room.app.store, self.room.clock)
        began = time.monotonic()
        written = author(material, self.document(material), until=None)
        return written, time.monotonic() - began


def asking(url: str, **over: Any) -> dict[str, Any]:
    """Settings for a model at *url*, which is asked by nobody but the test, however long a room is open."""
    return {
        "llm_base_url": url,
        "llm_model": "pinned",
        "llm_networks": LOOPBACK,
        "llm_patience_seconds": 10.0,
        "canary_hours": 0,
        "inventory_owners": {"all": "model-risk@example.com"},
        **over,
    }


def resolved(room: Room) -> tuple[int, str]:
    """Return the number and channel of an incident with a fact that somebody vouched for."""
    number, channel = room.declare()
    room.join(COMMANDER, channel)
    room.ask(RESPONDER, "note The payment gateway was restarted by 3 engineers", channel)
    room.settle()
    room.ask(COMMANDER, f"promote {label_of(room, number, 'restarted')} as fact", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    return number, channel


def label_of(room: Room, number: int, words: str) -> str:
    """The label of the entry that says *words*."""
    return next(entry.label for entry in timeline(room.events(number)) if words in entry.text)
