"""One write transaction: what use cases want is gathered here and written with few statements.

Changes are staged and written together, one statement a table. What a later decision of the same transaction could
see is written before it looks (`SqlReads` asks for it), so a batch decides exactly as single commands would.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from analysis.chain import GENESIS
from analysis.events import NewEvent
from analysis.fold import apply
from bot.ports.grouping import GroupChanges
from bot.ports.records import Changes, InboxKey, Reply
from bot.store.database.chunking import chunks
from bot.store.database.insert import insert_rows
from bot.store.database.upsert import upsert
from bot.store.delivery.delivery_rows import NOTHING, held_values, inbox_rows, to_reply
from bot.store.delivery.lane_rows import resume_parked
from bot.store.delivery.queueing import enqueue
from bot.store.grouping.alerts import write_alerts
from bot.store.grouping.group_writes import Behind, write_groups
from bot.store.grouping.signals import write_signals
from bot.store.holding.hold_writes import write_holds
from bot.store.learning.model_writes import write_models
from bot.store.model.inventory_rows import write_inventory
from bot.store.paging.paging_rows import write_forwards, write_pages
from bot.store.record.documents import write_documents
from bot.store.record.erasing import check_erasures, erase, forget_copies
from bot.store.record.known_facts import known_arrivals
from bot.store.record.mapping import StoredIncident, content_values, event_values, incident_values
from bot.store.record.reads import SqlReads
from bot.store.record.sealing import Sealer
from bot.store.record.tables import HELD_MESSAGE, INBOX, INCIDENT, MEMBERSHIP, TIMELINE_EVENT

#: How long an edit waits for a mark that Slack delivers late.
HELD_FOR = timedelta(minutes=10)

_ARRIVALS = select(INBOX).where(
    INBOX.c.source == bindparam("source"), INBOX.c.external_id.in_(bindparam("names", expanding=True))
)

_MOVE_HEAD = (
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("incident"), INCIDENT.c.sequence_head == bindparam("before"))
    .values(sequence_head=bindparam("after"), head_hash=bindparam("after_hash"))
)

Known = tuple[bytes, Reply]


class Overtaken(Exception):
    """Another process wrote to the same incident in between; deciding again helps."""


class Transaction:
    """What happens between one BEGIN and its COMMIT; the writer owns both."""

    def __init__(
        self,
        connection: Connection,
        sealer: Sealer,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        locks: bool = True,
    ) -> None:
        """Work on *connection*, whose transaction has begun.

        Without *locks*, incidents are locked only when they are written, in order of their ids: a batch looks at many
        in any order and would wait for another process's batch that waits for it.
        """
        self.connection = connection
        self.sealer = sealer
        self.reads = SqlReads(connection, sealer, now=now, new_id=new_id, before_query=self.flush, locks=locks)
        self.written: list[Changes] = []
        self._staged: list[Changes] = []
        self._arrivals: list[tuple[InboxKey, Reply]] = []
        self._forgets_answers = False

    def known_arrivals(self, keys: Iterable[InboxKey]) -> dict[tuple[str, str], Known]:
        """The arrivals among *keys* that were recorded before: the hash of their body, and their answer."""
        known: dict[tuple[str, str], Known] = {}
        # One source at a time: SQLite searches no index for a list of pairs.
        by_source = groupby(sorted({(key.source, key.external_id) for key in keys}), key=itemgetter(0))
        for source, names in by_source:
            for part in chunks(name for _, name in names):
                there = known_arrivals(self.connection, source, part)
                if not there:
                    continue
                found = self.connection.execute(_ARRIVALS, {"source": source, "names": there})
                for row in found.mappings():
                    answer = to_reply(row, self.sealer)
                    known[row["source"], row["external_id"]] = (row["body_hash"], answer)
        return known

    def record_arrival(self, key: InboxKey, reply: Reply) -> None:
        """Remember *key* and its answer, together with what it brought about."""
        self._arrivals.append((key, reply))

    def stage(self, changes: Changes) -> None:
        """Take *changes* to be written; what others may decide on is written at once."""
        whole = (changes, *changes.also)
        for one in whole:
            if one.events and one.incident is None:
                message = "events need the incident that they belong to"
                raise ValueError(message)
            check_erasures(one)
        self._staged += whole
        if not all(map(_is_plain, whole)):
            self.flush()

    def flush(self) -> None:
        """Write what is staged."""
        staged, self._staged = self._staged, []
        if not staged:
            return
        self._write_events(staged)
        enqueue(self.connection, self.reads, self.sealer, [each for one in staged for each in one.deliveries])
        reopened = {lane for one in staged for lane in one.reopened_lanes}
        resume_parked(self.connection, reopened, now=self.reads.now)
        for changes in staged:
            write_documents(self.connection, self.sealer, changes)
        self._write_held(staged)
        self._write_memberships(staged)
        write_alerts(self.connection, self.sealer, self.reads, [alert for one in staged for alert in one.alerts])
        write_pages(self.connection, self.sealer, [page for one in staged for page in one.pages])
        write_forwards(self.connection, [forward for one in staged for forward in one.forwards])
        self._write_groups([one.groups for one in staged if one.groups])
        write_signals(self.connection, self.sealer, [one.signals for one in staged if one.signals])
        write_models(self.connection, self.sealer, [one.models for one in staged if one.models])
        write_holds(self.connection, self.sealer, [one.holds for one in staged if one.holds])
        write_inventory(self.connection, self.sealer, [one.inventory for one in staged if one.inventory])
        self.written += staged

    def finish(self) -> None:
        """Write everything that is left, so that only the commit remains."""
        self.flush()
        if self._forgets_answers:
            # The answer to an erasure says where copies remain, and a path may repeat what was erased.
            self._arrivals = [(key, NOTHING) for key, _ in self._arrivals]
        insert_rows(self.connection, INBOX, inbox_rows(self._arrivals, self.sealer, self.reads.now))
        self._arrivals = []

    def _write_events(self, staged: Sequence[Changes]) -> None:
        heads = self._heads(staged)
        before = dict(heads)
        rows = self._place(staged, heads)
        new = [heads[each.incident.id] for each in staged if each.incident and each.is_new_incident]
        insert_rows(self.connection, INCIDENT, [incident_values(one, self.sealer) for one in new])
        insert_rows(self.connection, TIMELINE_EVENT, rows)
        self._erase(staged, heads)
        created = {one.incident.id for one in new}
        self._move_heads([(before[each], heads[each]) for each in sorted(heads.keys() - created)])
        for head in heads.values():
            self.reads.remember(head)

    def _erase(self, staged: Sequence[Changes], heads: dict[UUID, StoredIncident]) -> None:
        """Destroy fields and their copies, also in the answers of this very transaction; moves *heads* along."""
        erased = []
        for changes in staged:
            for incident_id, seq, field in changes.erasures:
                heads[incident_id], event = erase(self.connection, self.sealer, heads[incident_id], seq, field)
                erased.append((event, field))
        if erased:
            forget_copies(self.connection, self.sealer, erased)
            self._forgets_answers = True

    def _heads(self, staged: Sequence[Changes]) -> dict[UUID, StoredIncident]:
        """The incidents that *staged* adds to, as they are in the database, locked in order of their ids."""
        touched = {one.incident.id: one for one in staged if one.incident and (one.events or one.is_new_incident)}
        new = {key: _opened(one) for key, one in touched.items() if one.is_new_incident}
        self.reads.load(touched.keys() - new.keys())
        heads = {}
        for incident_id in touched:
            stored = new.get(incident_id) or self.reads.stored(incident_id)
            if stored is None:
                message = f"there is no incident {incident_id} to add events to"
                raise LookupError(message)
            heads[incident_id] = stored
        return heads

    def _place(self, staged: Sequence[Changes], heads: dict[UUID, StoredIncident]) -> list[dict[str, Any]]:
        """Give the events that the ledger does not have yet their places; moves *heads* along."""
        facts: dict[tuple[UUID, str], NewEvent] = {}
        for changes in staged:
            for event in changes.events:
                if changes.incident:
                    facts.setdefault((changes.incident.id, event.natural_key), event)
        for known in self.reads.known_keys(facts):
            del facts[known]
        contents = content_values(facts.values(), self.sealer)
        rows = []
        for ((incident_id, _), event), content in zip(facts.items(), contents, strict=True):
            head = heads[incident_id]
            row = event_values(event, incident_id, head.seq + 1, head.hash, content)
            rows.append(row)
            heads[incident_id] = StoredIncident(incident=apply(head.incident, event), seq=row["seq"], hash=row["hash"])
        return rows

    def _move_heads(self, moves: Sequence[tuple[StoredIncident, StoredIncident]]) -> None:
        """Write new heads and states in the order given, if nobody else moved one of the heads meanwhile."""
        moves = [(before, after) for before, after in moves if after != before]
        if all(after.incident is before.incident for before, after in moves):
            rows = [_plain_move(before, after) for before, after in moves]
            found = self.connection.execute(_MOVE_HEAD, rows).rowcount if rows else 0
        else:
            found = sum(self._move_head(before, after) for before, after in moves)
        if found != len(moves):
            raise Overtaken

    def _move_head(self, before: StoredIncident, after: StoredIncident) -> int:
        this = (INCIDENT.c.id == before.incident.id) & (INCIDENT.c.sequence_head == before.seq)
        values = incident_values(after, self.sealer)
        return self.connection.execute(update(INCIDENT).where(this).values(values)).rowcount

    def _write_groups(self, staged: Sequence[GroupChanges]) -> None:
        try:
            write_groups(self.connection, self.sealer, staged)
        except Behind as error:
            raise Overtaken from error

    def _write_held(self, staged: Sequence[Changes]) -> None:
        held = [each for one in staged for each in one.held]
        if not held:
            return
        now = self.reads.now
        self.connection.execute(delete(HELD_MESSAGE).where(HELD_MESSAGE.c.expires_at <= now))
        rows = [held_values(each, self.sealer, now + HELD_FOR) for each in held]
        insert_rows(self.connection, HELD_MESSAGE, rows)

    def _write_memberships(self, staged: Sequence[Changes]) -> None:
        """Keep the latest by Slack's own instants, whatever order they came in; who left is kept, too."""
        moves = sorted((each for one in staged for each in one.memberships), key=lambda move: move.at)
        rows = [
            {"channel": each.channel, "person": each.actor, "has_left": not each.is_member, "moved_at": each.at}
            for each in {(each.channel, each.actor): each for each in moves}.values()
        ]
        upsert(self.connection, MEMBERSHIP, rows, keys=("channel", "person"), only_newer="moved_at")


def _is_plain(changes: Changes) -> bool:
    """Whether no later decision could turn out otherwise for not seeing *changes* in the tables yet.

    Facts that leave the incident's state as it is may wait: whoever looks at events makes them be written first.
    """
    incident = changes.incident
    if changes.is_new_incident or changes.erasures or changes.redactions:
        return False
    return incident is None or all(apply(incident, event) is incident for event in changes.events)


def _plain_move(before: StoredIncident, after: StoredIncident) -> dict[str, Any]:
    return {"incident": before.incident.id, "before": before.seq, "after": after.seq, "after_hash": after.hash}


def _opened(changes: Changes) -> StoredIncident:
    if changes.incident is None:
        message = "a new incident is missing from its changes"
        raise ValueError(message)
    return StoredIncident(incident=changes.incident, seq=0, hash=GENESIS)
