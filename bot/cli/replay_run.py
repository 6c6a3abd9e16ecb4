"""One replay: a record lived through in a database of its own, with the record's clock and ids made from it."""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from analysis.approval import without_head
from analysis.document_tree import from_tree
from analysis.errors import InvalidInput, Refused
from analysis.incident import Incident
from analysis.incident_record import IncidentRecord
from analysis.styles import Style
from bot.late import build_signing
from bot.ports.outside import Styling
from bot.ports.records import Revision
from bot.render.files import claims_jsonl, findings_jsonl, incident_json, timeline_csv
from bot.render.styling import Styles
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.proof.verification import Report, verify_database
from bot.usecases.postmortem.composing import Composing, TemplatesAlone, gather
from bot.usecases.postmortem.signing import Signing
from bot.usecases.replaying import NARRATOR, NUMBER, Step, ending, opening, review, steps

DATABASE = "debrief.db"
KEY = "debrief.key"
WORKSPACE = "replay"
#: What a replay leaves: the files that repeat byte for byte, and the record behind them with its random salts.
REPEATING = ("timeline.csv", "draft.md", "draft.html", "claims.jsonl", "findings.jsonl", "incident.json")
FILES = (*REPEATING, DATABASE, KEY)


@dataclass(slots=True, kw_only=True)
class RecordClock:
    """Shows the instant of the entry that is being lived through."""

    instant: datetime

    def now(self) -> datetime:
        """The record's present."""
        return self.instant


@dataclass(slots=True, kw_only=True)
class RecordIds:
    """Ids that count up and follow from the record alone, in the form of a version 7 UUID."""

    seed: bytes
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self) -> UUID:
        """Mint the next id."""
        number = next(self.numbers)
        digest = hashlib.blake2b(number.to_bytes(8, "big"), key=self.seed, digest_size=10).digest()
        tail = int.from_bytes(digest, "big")
        value = (number << 80) | tail
        value = value & ~(0xF << 76) | (0x7 << 76)
        return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay made: the draft's line, how many rows the ledger has, and whether they verify."""

    summary: str
    entries: int
    report: Report


def live_through(
    record: IncidentRecord,
    folder: Path,
    *,
    speed: float | None,
    on_step: Callable[[], None],
    style: Style = Style.SRE,
) -> Replayed:
    """Write the replay of *record* into *folder*, which exists and is empty; wait between entries if *speed* is set.

    Its draft is in *style*.

    Raises
    ------
    Refused
        If a use case refuses an entry; the sentence names it.
    """
    settings = Settings(database_url=f"sqlite:///{folder / DATABASE}", key_file=folder / KEY, anchors_file=None)
    signing = build_signing(settings)
    seed = hashlib.blake2b(repr(record).encode(errors="surrogatepass"), digest_size=32).digest()
    first = opening(record, UUID(int=0))
    clock = RecordClock(instant=first.at)
    store = open_store(settings, clock, prepare=upgrade, new_id=RecordIds(seed=seed))
    try:
        run = _Run(
            store=store,
            clock=clock,
            record=record,
            signing=signing,
            workspace=store.workspace(WORKSPACE, ""),
            styling=Styles(settings.document_template),
            style=style,
        )
        summary = run.play(speed=speed, on_step=on_step)
        run.write(folder)
        report = verify_database(store.database, sealer=store.sealer, anchors=None)
        return Replayed(summary=summary, entries=report.entries, report=report)
    finally:
        store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The parts of one replay."""

    store: Store
    clock: RecordClock
    record: IncidentRecord
    signing: Signing
    workspace: UUID
    styling: Styling
    style: Style

    def play(self, *, speed: float | None, on_step: Callable[[], None]) -> str:
        """Take every step and draft; returns the draft's line."""
        workspace = self.workspace
        self._take(opening(self.record, workspace))
        for step in steps(self.record, workspace):
            if speed:
                time.sleep((step.at - self.clock.instant).total_seconds() / speed)
            self._take(step)
            on_step()
        if self._incident().status.is_active:
            self._take(ending(self.record, workspace))
        composing = Composing(
            signing=self.signing, composer=TemplatesAlone(names=_name), names=_name, styling=self.styling
        )
        with self.store.snapshots.snapshot() as reads:
            material = gather(reads, self._incident())
        return self._take(review(self.record, workspace, composing(material, NARRATOR.id, style=self.style)))

    def write(self, folder: Path) -> None:
        """Write the files made from the draft."""
        revision = self._revision()
        document, tree = from_tree(revision.document), without_head(revision.document)
        made = {
            "timeline.csv": timeline_csv(document),
            "draft.md": self.signing.renderer.render(tree, form="markdown"),
            "draft.html": self.signing.renderer.render(tree, form="html"),
            "claims.jsonl": claims_jsonl(document),
            "findings.jsonl": findings_jsonl(document),
            "incident.json": incident_json(document),
        }
        for name in REPEATING:
            (folder / name).write_bytes(made[name])

    def _take(self, step: Step) -> str:
        self.clock.instant = step.at
        try:
            return self.store.writer.submit(step.request.use_case, step.request.command).result().text
        except Refused as refusal:
            message = f"{step.name} ({step.at:%Y-%m-%d %H:%M} UTC) cannot be replayed: {refusal.message}"
            raise InvalidInput(message) from refusal

    def _incident(self) -> Incident:
        with self.store.snapshots.snapshot() as reads:
            found = reads.incident_by_number(self.workspace, NUMBER)
        if found is None:
            raise LookupError(NUMBER)
        return found

    def _revision(self) -> Revision:
        incident = self._incident()
        with self.store.snapshots.snapshot() as reads:
            return reads.revisions(incident.id)[-1]


def _name(actor: str) -> str:
    """The name of an actor: people of a record are words of its texts, so only the record itself has one."""
    return "the imported record" if actor == NARRATOR.id else ""
