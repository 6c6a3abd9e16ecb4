"""Whether an incident's own row says what its entries say: the chain alone would not notice an edited status."""

import json
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any
from uuid import UUID

from analysis.chain import CONTENT_FIELDS
from analysis.events import EventKind, NewEvent, Source
from analysis.fold import apply, begin
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident
from analysis.precision import Precision
from analysis.verification import StoredChain, StoredLink
from bot.store.database.raw import instant
from bot.store.record.mapping import CHANNEL_PHASE, incident_content
from bot.store.record.sealing import Sealer, Unopenable


def altered_fields(row: Mapping[str, Any], chain: StoredChain, sealer: Sealer) -> tuple[str, ...]:
    """The fields of an incident's *row*, as found, that differ from the fold of its *chain*.

    Answers nothing where that cannot be known: for a chain with erased content, which can no longer be folded, for
    one that is tampered itself or belongs to no incident, and for the workspace's own log, which has no life.
    """
    if chain.erasures or row["number"] in {None, WORKSPACE_LOG_NUMBER}:
        return ()
    try:
        events = [_event(link) for link in chain.links]
        opened = begin(events[0], incident_id=events[0].id, workspace_id=events[0].id, number=0)
        expected = dict(_fields(reduce(apply, events[1:], opened)))
    except (IndexError, KeyError, TypeError, ValueError):
        return ()
    found = _found(row, sealer)
    return tuple(name for name in sorted(expected) if found.get(name, _NOTHING) != expected[name])


_NOTHING = object()
#: What a row means that was written before these were kept, as `to_incident` reads it.
_UNSAID = {"is_channel_private": False, "channels_left": 0}


def _event(stored: StoredLink) -> NewEvent:
    link = stored.link
    contents = {field: json.loads((stored.contents[field] or (b"", b""))[1]) for field in CONTENT_FIELDS}
    return NewEvent(
        id=UUID(link.event_id),
        kind=EventKind(link.kind),
        occurred_at=link.occurred_at,
        recorded_at=link.recorded_at,
        source=Source(link.source),
        natural_key=link.natural_key,
        precision=Precision(link.precision),
        **contents,
    )


def _fields(incident: Incident) -> Iterator[tuple[str, Any]]:
    yield "severity", incident.severity.value
    yield "status", incident.status.value
    yield "visibility", incident.visibility.value
    yield "phase", incident.phase
    yield "declared_at", incident.declared_at
    yield "channel_id", incident.channel_id
    yield "card_ts", incident.card_ts
    yield "duplicate_of", incident.duplicate_of
    # The name of a lane says nothing that anybody reads, and rows of an earlier version have the name of their phase.
    yield from ((name, value) for name, value in incident_content(incident).items() if name != CHANNEL_PHASE)


def _found(row: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    plain = {name: row[name] for name in row if name != "declared_at"}
    try:
        content = json.loads(sealer.open_whole("incident", bytes(row["content"])))
        return {**plain, **_UNSAID, **content, "declared_at": instant(row["declared_at"])}
    except (Unopenable, TypeError, ValueError):
        return plain
