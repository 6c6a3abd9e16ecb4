"""The offline checker: what the clients were told, what Slack shows, and what the ledger holds must agree."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident, Severity
from analysis.timeline import timeline
from benchmarks.kill_clients import Asked, Told
from benchmarks.kill_slack import DeadlySlack
from bot.ports.records import DeliveryState
from bot.store.database.engine import open_database
from bot.store.database.keys import find_sealer
from bot.store.proof.anchors import read_anchors
from bot.store.proof.verification import verify_database
from bot.store.record.mapping import to_event, to_incident
from bot.store.record.tables import DELIVERY, INCIDENT, TIMELINE_EVENT
from tests.slack_room import OPERATIONS

TOKEN = re.compile(r"\bk\d+z\b")
#: What a settled delivery may be; everything else still waits for something.
SETTLED = frozenset({DeliveryState.SENT.value, DeliveryState.SUPERSEDED.value})
#: The workspace's own log, which the bot opens by itself.
LOG_KEY = "debrief:log"
_BY_TEXT = frozenset(
    {
        EventKind.DECLARED,
        EventKind.NOTE,
        EventKind.UPDATE_SENT,
        EventKind.SEVERITY_CHANGED,
        EventKind.DEPLOY,
        EventKind.EXTERNAL,
        EventKind.MESSAGE,
    }
)
_BY_INSTANT = frozenset({EventKind.MESSAGE_MARKED, EventKind.MESSAGE_UNMARKED})

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One incident of the ledger, with its entries in the order of the chain."""

    incident: Incident
    events: tuple[TimelineEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the database holds after the last life."""

    records: tuple[Recorded, ...]
    deliveries: Mapping[str, int]
    repeated_attempts: int
    tampered: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What the comparison found; *violations* is empty where every promise was kept."""

    asked: int = 0
    acknowledged: int = 0
    refusals: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    unacknowledged_but_recorded: int = 0
    posts: int = 0
    entries: int = 0

    @property
    def violations(self) -> list[str]:
        """Every broken promise in words."""
        return [*self.lost, *self.duplicated, *self.other]


def read_books(database_url: str, folder: Path) -> Books:
    """Read everything, and verify the chains against the anchors that were written while it was killed."""
    database = open_database(database_url, only_to_read=True)
    try:
        sealer = find_sealer(database, key_file=folder / "debrief.key")
        assert sealer is not None
        with database.reading() as connection:
            rows = connection.execute(select(INCIDENT).order_by(INCIDENT.c.number)).mappings().all()
            events: dict[Any, list[TimelineEvent]] = defaultdict(list)
            for row in connection.execute(select(TIMELINE_EVENT).order_by(TIMELINE_EVENT.c.seq)).mappings():
                events[row["incident_id"]].append(to_event(row, sealer))
            counted = select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)
            states: dict[str, int] = dict(connection.execute(counted).all())
            repeated = connection.execute(select(func.count()).where(DELIVERY.c.attempts > 1)).scalar_one()
        report = verify_database(database, sealer=sealer, anchors=read_anchors(folder / "anchors.jsonl"))
    finally:
        database.close()
    records = (Recorded(incident=to_incident(row, sealer).incident, events=tuple(events[row["id"]])) for row in rows)
    return Books(
        records=tuple(records),
        deliveries=states,
        repeated_attempts=repeated,
        tampered=tuple(finding.sentence for finding in report.findings),
    )


def judge(asked: Sequence[Asked], books: Books, slack: DeadlySlack) -> Verdict:
    """Compare all three."""
    events = [event for record in books.records for event in record.events]
    found = Counter(fact for event in events if (fact := _fact(event)))
    verdict = Verdict(asked=len(asked), acknowledged=sum(one.told is Told.RECORDED for one in asked))
    verdict.refusals = [one.said for one in asked if one.told is Told.REFUSED]
    verdict.entries = len(events)
    _compare(asked, found, verdict)
    for record in books.records:
        verdict.other += _strange_order(record)
        verdict.duplicated += _repeated_lines(record)
        if record.incident.number:
            _compare_posts(record, slack, verdict)
    _count_posts(slack, verdict)
    verdict.other += [f"the chain: {sentence}" for sentence in books.tampered]
    verdict.other += [
        f"{count} deliveries are left {state}" for state, count in books.deliveries.items() if state not in SETTLED
    ]
    return verdict


def _fact(event: TimelineEvent) -> Fact | None:
    """What a client would know this entry by; nothing for what follows from others' doing."""
    if event.natural_key == LOG_KEY:
        return None
    if event.kind in _BY_INSTANT:
        return event.kind.value, str(event.payload["at"])
    if event.kind in _BY_TEXT:
        token = TOKEN.search(event.text)
        # The text of an edit may reach the record by two doors; the timeline has it once, see `_repeated_lines`.
        door = ":edited" if event.payload.get("change") else ""
        return f"{event.kind.value}{door}", token[0] if token else event.text
    if event.kind is EventKind.STATUS_CHANGED:
        token = TOKEN.search(event.natural_key)
        return event.kind.value, token[0] if token else event.natural_key
    return None


def _compare(asked: Sequence[Asked], found: Counter[Fact], verdict: Verdict) -> None:
    """Hold what each sender was told against the ledger, and the ledger against what was asked."""
    verdict.duplicated += [f"{count} × {fact} in the ledger" for fact, count in found.items() if count > 1]
    known = set()
    for one in asked:
        doors = {(one.kind, one.token), (f"{one.kind}:edited", one.token)}
        known |= doors
        is_there = any(fact in found for fact in doors)
        if one.told is Told.RECORDED and not is_there:
            verdict.lost.append(f"acknowledged and lost: {one}")
        elif one.told is Told.REFUSED and is_there:
            verdict.other.append(f"refused and recorded: {one}")
        elif one.told is Told.UNKNOWN and is_there:
            verdict.unacknowledged_but_recorded += 1
    verdict.other += [f"nobody asked for {fact}" for fact in found if fact not in known]


def _strange_order(record: Recorded) -> Iterator[str]:
    """Say where the chain's numbers have a gap, or one state does not begin where the one before ended."""
    name = record.incident.reference
    numbers = [event.seq for event in record.events]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{name}: the entries are not numbered without a gap"
    for kind in (EventKind.STATUS_CHANGED, EventKind.SEVERITY_CHANGED):
        moves = [event.payload for event in record.events if event.kind is kind]
        if any(before["to"] != after["from"] for before, after in pairwise(moves)):
            yield f"{name}: {kind} does not follow from the one before"


def _repeated_lines(record: Recorded) -> Iterator[str]:
    """Say which text stands on the timeline more than once."""
    entries = timeline(record.events)
    texts = Counter(
        text
        for entry in entries
        if entry.event.kind in _BY_TEXT
        for text in ([version.text for version in entry.versions] or [entry.text])
    )
    for text, count in texts.items():
        if count > 1:
            yield f"{record.incident.reference}: {count} × {text!r} on the timeline"


def _compare_posts(record: Recorded, slack: DeadlySlack, verdict: Verdict) -> None:
    """Hold a channel against the entries that must be noticed: each once, in their order, after the card."""
    name = record.incident.reference
    channels = [one for one in slack.channels.values() if one.name.startswith(f"inc-{record.incident.number}-")]
    if len(channels) != 1:
        where = verdict.duplicated if channels else verdict.lost
        where.append(f"{name}: {len(channels)} channels")
        return
    wanted = [found[0] for event in record.events if _is_announced(event) and (found := TOKEN.search(event.text))]
    said = [TOKEN.findall(str(post["text"])) for post in slack.posts(channels[0].id)]
    announced = [token for tokens in said for token in tokens if token in wanted]
    cards = [tokens for tokens in said if not any(token in wanted for token in tokens)]
    posted = Counter(announced)
    verdict.duplicated += [f"{name}: {count} × {token} posted" for token, count in posted.items() if count > 1]
    replaced = _replaced_rises(record)
    verdict.lost += [f"{name}: {token} was never posted" for token in wanted if token not in {*announced, *replaced}]
    if len(cards) != 1 or len(channels[0].pins) != 1:
        verdict.duplicated.append(f"{name}: {len(cards)} cards, {len(channels[0].pins)} pins")
    if list(dict.fromkeys(announced)) != [token for token in wanted if token in announced] or said[:1] != cards[:1]:
        verdict.other.append(f"{name}: the channel says {said}, the ledger {wanted}")


def _replaced_rises(record: Recorded) -> set[str]:
    """Rises that nobody need be told of any more, because the severity changed again: the newest that waits is told."""
    changes = [event for event in record.events if event.kind is EventKind.SEVERITY_CHANGED]
    return {found[0] for event in changes[:-1] if (found := TOKEN.search(event.text))}


def _is_announced(event: TimelineEvent) -> bool:
    if event.kind is EventKind.SEVERITY_CHANGED:
        return Severity(event.payload["to"]).rank < Severity(event.payload["from"]).rank
    return event.kind is EventKind.UPDATE_SENT


def _count_posts(slack: DeadlySlack, verdict: Verdict) -> None:
    """Count each post by the delivery that it carries, in its metadata and in its first block alike."""
    ids: Counter[str] = Counter()
    for channel in slack.channels.values():
        for post in slack.posts(channel.id):
            delivery = str(((post.get("metadata") or {}).get("event_payload") or {}).get("delivery"))
            ids[delivery] += 1
            in_block = str(post["blocks"][0].get("block_id")) if post.get("blocks") else ""
            # An edited card has lost the id in its block; the metadata stays.
            if "edited" not in post and in_block != f"delivery:{delivery}":
                verdict.other.append(f"a post in {channel.id} carries {in_block!r}, not delivery {delivery}")
    verdict.posts = ids.total()
    verdict.duplicated += [f"delivery {delivery} posted {count} ×" for delivery, count in ids.items() if count > 1]


def operator_notes(slack: DeadlySlack) -> list[str]:
    """What the operator was told."""
    return [str(post["text"]) for post in slack.posts(OPERATIONS)]
