"""Whether the rows of drafts, approvals and publications say what the chain says happened to them.

What the chain does not say is passed over: that a target is waited for or fails, where the offer stands, and all that
earlier versions did not record.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from analysis.events import EventKind
from analysis.masking import masked
from analysis.timeline import message_of
from analysis.verification import StoredChain, StoredLink
from bot.ports.records import PublicationState
from bot.store.database.raw import as_found, id_text, instant, number, octets, select_raw, words
from bot.store.record.sealing import Sealer, Unopenable
from bot.store.record.tables import APPROVAL, PUBLICATION, REVISION

Rows = Sequence[Mapping[str, Any]]

#: The bookkeeping row of what was delivered to Slack, of which there is no event.
_OFFER = "offer"
#: How the natural key of a publication ends; earlier versions did not have the draft's number in it.
_PUBLISHED_KEY = re.compile(r"(?::(?P<number>[0-9]+))?:published:(?P<target>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocuments:
    """The rows of an incident's drafts, and of their approvals and publications, as they lie there."""

    drafts: Rows
    approvals: Rows
    publications: Rows


def stored_documents(connection: Connection, incident_id: object, drafts: Rows) -> StoredDocuments:
    """The rows that belong to *drafts*, which are all that the incident has."""
    own = select(REVISION.c.id).where(as_found(REVISION.c.incident_id) == incident_id)

    def rows(table: Table) -> Rows:
        found = select_raw(table).where(table.c.revision_id.in_(own)).order_by(table.c.id)
        return [dict(row) for row in connection.execute(found).mappings()] if drafts else []

    return StoredDocuments(drafts=drafts, approvals=rows(APPROVAL), publications=rows(PUBLICATION))


def altered_documents(chain: StoredChain, stored: StoredDocuments, sealer: Sealer) -> Iterator[str]:
    """What each row says otherwise than *chain*, a clause each; nothing where a chain cannot be read as it is."""
    try:
        record = _read(chain)
    except (KeyError, TypeError, ValueError):
        return  # of content that is gone or altered the chain itself tells
    yield from _altered_drafts(record, stored.drafts, sealer)
    for draft in stored.drafts:
        signed = record.approvals.get(number(draft["number"]), [])
        yield from _altered_approvals(f"draft {draft['number']}", signed, _of(draft, stored.approvals), sealer)
    yield from _altered_publications(record, stored, sealer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Approval:
    """What the chain says of one approval: `approver` is nobody where the name was erased."""

    hash: str
    at: datetime
    is_alone: object
    approver: str | None
    is_voided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Publication:
    """What the chain says of one publication: `where` is nothing where the place was erased."""

    at: datetime
    where: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What the chain says of an incident's documents, by the numbers of their drafts.

    `unnumbered` are targets to which something was published by a version that recorded only the first draft there.
    `ids` are those of the events by natural key, and `texts` those of a message's texts by the message's key.
    """

    targets: dict[int, object] = field(default_factory=dict)
    approvals: dict[int, list[_Approval]] = field(default_factory=dict)
    publications: dict[tuple[int, str], _Publication] = field(default_factory=dict)
    unnumbered: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)


def _read(chain: StoredChain) -> _Record:
    record = _Record()
    for stored in chain.links:
        link = stored.link
        record.ids[link.natural_key] = link.event_id
        if link.kind == EventKind.MESSAGE:
            record.texts.setdefault(message_of(link.natural_key), set()).add(link.event_id)
        elif link.kind == EventKind.PUBLISHED:
            _add_publication(record, stored)
        elif link.kind in {EventKind.DRAFTED, EventKind.APPROVED, EventKind.APPROVAL_VOIDED}:
            _add(record, stored, _opened(stored, "payload"))
    return record


def _add(record: _Record, stored: StoredLink, payload: Mapping[str, Any]) -> None:
    draft = int(payload["revision"])
    if stored.link.kind == EventKind.DRAFTED:
        record.targets[draft] = payload.get("targets")
        return
    signed = record.approvals.setdefault(draft, [])
    if stored.link.kind == EventKind.APPROVAL_VOIDED:
        signed[:] = [replace(one, is_voided=True) for one in signed]
        return
    signed.append(
        _Approval(
            hash=str(payload["hash"]),
            at=stored.link.recorded_at,
            is_alone=payload.get("alone"),
            approver=_opened(stored, "actor"),
        )
    )


def _add_publication(record: _Record, stored: StoredLink) -> None:
    payload = _opened(stored, "payload") or {}  # which goes with the title, of which the place is made
    named = _PUBLISHED_KEY.search(stored.link.natural_key)
    known = {**(named.groupdict() if named else {}), **payload}
    target, draft = str(known["target"]), payload.get("revision") or known.get("number")
    if named is None or named["number"] is None:
        record.unnumbered.add(target)
    if draft is not None:
        told = _Publication(at=stored.link.recorded_at, where=payload.get("where"))
        record.publications[int(draft), target] = told


def _opened(stored: StoredLink, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """The content of a field; nothing where it was erased."""
    content = stored.contents[name]
    return None if content is None else json.loads(content[1])


def _of(draft: Mapping[str, Any], rows: Rows) -> Rows:
    return [row for row in rows if id_text(row["revision_id"]) == id_text(draft["id"])]


def _altered_drafts(record: _Record, drafts: Rows, sealer: Sealer) -> Iterator[str]:
    there = {number(draft["number"]) for draft in drafts}
    yield from (f"draft {each} is on record, and gone" for each in sorted(record.targets.keys() - there))
    yield from (f"draft {each} was never recorded" for each in sorted(there - record.targets.keys()))
    for draft in drafts:
        this = number(draft["number"])
        if this not in record.targets:
            continue
        if bool(draft["is_superseded"]) is not (this < max(record.targets)):
            yield f"draft {this} does not say rightly whether another was made after it"
        elif record.targets[this] not in (None, _json(draft["targets"])):
            yield f"draft {this} has other targets than were recorded when it was made"
        elif not _rests_on_what_it_shows(record, draft, sealer):
            yield f"draft {this} does not rest on the entries that its document shows"


def _rests_on_what_it_shows(record: _Record, draft: Mapping[str, Any], sealer: Sealer) -> bool:
    """Whether a draft cites what is on its timeline: one event each, of a message one of its texts.

    Of a draft that lost content it cannot be told, nor of one whose form names its entries otherwise.
    """
    if draft["is_erased"]:
        return True
    try:
        document = json.loads(sealer.open_whole("revision", octets(draft["content"])))["document"]
        keys = {str(row["key"]) for row in document["timeline"]}
    except (Unopenable, KeyError, TypeError, ValueError):
        return True
    shown = [{record.ids[key]} if key in record.ids else record.texts.get(key, set()) for key in keys]
    if not all(shown):
        return True
    cited = _json(draft["cites"])
    found = {id_text(each) for each in cited} if isinstance(cited, list) else set()
    return len(found) == len(shown) and all(found & each for each in shown)


def _altered_approvals(draft: str, signed: Sequence[_Approval], rows: Rows, sealer: Sealer) -> Iterator[str]:
    if len(rows) != len(signed):
        gone = f"an approval of {draft} is on record, and gone"
        yield gone if len(rows) < len(signed) else f"{draft} has an approval that was never recorded"
        return
    # With the name of one approval, that of others that the same person gave of the draft was destroyed.
    may_be_nameless = any(one.approver is None for one in signed)
    left = list(rows)
    # Those of which less is known take what is left; two may have been given at one instant.
    for one in sorted(signed, key=lambda each: each.approver is None):
        apart = [(_apart(one, row, sealer, may_be_nameless=may_be_nameless), row) for row in left]
        what, row = min(apart, key=lambda found: (bool(found[0]), instant(found[1]["approved_at"]) != one.at))
        left.remove(row)
        if what:
            yield f"the approval of {draft} {what}"


def _apart(one: _Approval, row: Mapping[str, Any], sealer: Sealer, *, may_be_nameless: bool) -> str:
    """What the row of an approval says otherwise than the chain; empty where it does not."""
    try:
        content = json.loads(sealer.open_whole("approval", octets(row["content"])))
        approver, is_voided = content["approver"], content["voided_because"] is not None
    except (Unopenable, KeyError, TypeError, ValueError):
        return "has another content than it was given with"
    signed = octets(row["hash"]).hex()
    is_named = one.approver is not None
    known = {one.approver, ""} if may_be_nameless else {one.approver}
    apart = {
        "is of another hash than was recorded": one.hash not in {signed, masked(signed)},
        "is voided, and nothing recorded that": is_named and is_voided and not one.is_voided,
        "is not voided, though that is on record": is_named and one.is_voided and not is_voided,
        "does not say rightly whether it is voided": bool(row["is_voided"]) is not is_voided,
        "is by somebody else than was recorded": is_named and approver not in known,
        "has another time than was recorded": instant(row["approved_at"]) != one.at,
        "does not say rightly whether its author gave it alone": one.is_alone not in (None, bool(row["is_alone"])),
    }
    return next((what for what, is_so in apart.items() if is_so), "")


def _altered_publications(record: _Record, stored: StoredDocuments, sealer: Sealer) -> Iterator[str]:
    left = dict(record.publications)
    for draft in stored.drafts:
        for row in _of(draft, stored.publications):
            target = words(row["target"])
            told = left.pop((number(draft["number"]), target), None)
            if target == _OFFER or (told is None and target in record.unnumbered):
                continue
            what = _published_apart(told, row, sealer)
            if what:
                yield f"the publication of draft {draft['number']} to {target} {what}"
    yield from (
        f"the publication of draft {draft} to {target} is on record, and gone" for draft, target in sorted(left)
    )


def _published_apart(told: _Publication | None, row: Mapping[str, Any], sealer: Sealer) -> str:
    """What the row of a publication says otherwise than the chain; empty where it does not."""
    is_published = row["state"] == PublicationState.PUBLISHED
    if told is None:
        return "was never recorded" if is_published or row["published_at"] is not None else ""
    if not is_published:
        return "is on record, and its row does not say so"
    if instant(row["published_at"]) != told.at:
        return "has another time than was recorded"
    return "" if told.where is None or _is_there(told.where, row, sealer) else "has another place than was recorded"


def _is_there(where: str, row: Mapping[str, Any], sealer: Sealer) -> bool:
    """Whether the row has the place, which the ledger has with card numbers and secrets masked."""
    try:
        return masked(sealer.open_whole("location", octets(row["location"])).decode()) == masked(where)
    except (Unopenable, ValueError):
        return False


def _json(raw: object) -> Any:  # noqa: ANN401 - any JSON value
    """The value, or something that no column has."""
    try:
        return json.loads(words(raw))
    except ValueError:
        return raw
