"""Anchors: heads of chains written down outside the database, one JSON line each, in a file that only grows.

Whoever changes the database cannot take back what is in this file, provided it lies where they cannot write:
on another machine's mount, or on a file system that allows appending only.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import RowMapping, select

from analysis.chain import canonical_bytes, stamp
from analysis.errors import Unavailable
from analysis.verification import Anchor
from bot.store.database.engine import Database
from bot.store.database.upsert import upsert
from bot.store.record.tables import CHAIN_ANCHOR, INCIDENT
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorFile:
    """What an anchor file says; `unreadable` are the numbers of lines that say nothing, such as a torn one."""

    anchors: tuple[Anchor, ...]
    unreadable: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """How many heads were written down, and the incidents whose record is not what was written down before.

    `lost` is the file that had heads and is gone, or has fewer of them: empty where it is as it was left.
    """

    moved: int = 0
    contradicted: tuple[str, ...] = ()
    lost: str = ""


class Anchors:
    """Writes down the heads that moved since they were last written down."""

    def __init__(self, database: Database, writer: SqlWriter, path: Path | None) -> None:
        """Append to *path*; without one, nothing is anchored."""
        self._database = database
        self._writer = writer
        self._path = path
        self._anchored: dict[str, Anchor] | None = None
        self._left: os.stat_result | None = None

    def anchor(self) -> Anchored:
        """Append a line for every head that moved, and compare the others with what is written there.

        Raises
        ------
        Unavailable
            If the file or the database cannot be written.
        """
        if self._path is None:
            return Anchored()
        before, known, heads = self._anchored, self._known(self._path), self._heads()
        is_lost = _has_lost(before, known) if before else not known and was_written(self._database, self._path)
        contradicted = contradictions(heads, known)
        moved = [head for head in heads if head["sequence_head"] > _last(known, head)]
        if moved:
            self._write_down(self._path, moved)
            known.update({str(head["id"]): _as_anchor(head) for head in moved})
        self._anchored, self._left = known, _stat(self._path)
        return Anchored(moved=len(moved), contradicted=contradicted, lost=str(self._path) if is_lost else "")

    def _write_down(self, path: Path, moved: Sequence[RowMapping]) -> None:
        """Append to the file first: a line without its row is an anchor, a row without its line is none."""

        def note(transaction: Transaction) -> None:
            rows = [_anchor_values(head, transaction.reads.now, place=_place(path)) for head in moved]
            upsert(transaction.connection, CHAIN_ANCHOR, rows, keys=("incident_id", "seq", "place"))

        now = self._writer.call(lambda transaction: transaction.reads.now).result()
        _append(path, b"".join(_line(head, now) for head in moved))
        self._writer.call(note).result()

    def _known(self, path: Path) -> dict[str, Anchor]:
        """The last head that the file has of each incident: read anew where it is not the file that was left here."""
        if self._anchored is not None and _is_as_left(self._left, _stat(path)):
            return dict(self._anchored)
        return last_anchors(read_anchors(path)) if path.exists() else {}

    def _heads(self) -> Sequence[RowMapping]:
        return read_heads(self._database)


def was_written(database: Database, path: Path) -> bool:
    """Whether the database says that heads were written to a file of this name."""
    noted = select(CHAIN_ANCHOR.c.incident_id).where(CHAIN_ANCHOR.c.place == _place(path)).limit(1)
    with database.reading() as connection:
        return connection.execute(noted).first() is not None


def read_heads(database: Database) -> Sequence[RowMapping]:
    """The head of every chain: `id`, `number`, `sequence_head` and `head_hash` of its incident."""
    row = INCIDENT.c
    heads = select(row.id, row.number, row.sequence_head, row.head_hash).order_by(row.workspace_id, row.number)
    with database.reading() as connection:
        return connection.execute(heads).mappings().all()


def last_anchors(file: AnchorFile) -> dict[str, Anchor]:
    """The last head of each incident that *file* has, by the incident's id."""
    return {anchor.incident_id: anchor for anchor in sorted(file.anchors, key=lambda anchor: anchor.seq)}


def contradictions(heads: Sequence[RowMapping], known: Mapping[str, Anchor]) -> tuple[str, ...]:
    """The incidents of which *known* has a head that is ahead of the database, or another one in the same place.

    Such a database was brought back from an older copy, cut, or rewritten. What lies further back is for `verify`.
    """
    found = {str(head["id"]): head for head in heads}
    return tuple(anchor.name for anchor in known.values() if _contradicts(found.get(anchor.incident_id), anchor))


def _contradicts(head: RowMapping | None, anchor: Anchor) -> bool:
    if head is None or head["sequence_head"] < anchor.seq:
        return True
    return bool(head["sequence_head"] == anchor.seq and head["head_hash"] != anchor.hash)


def _has_lost(before: Mapping[str, Anchor], known: Mapping[str, Anchor]) -> bool:
    """Whether a head that was in the file is not there any more, nor a later one of the same incident."""
    return any(each not in known or known[each].seq < anchor.seq for each, anchor in before.items())


def _stat(path: Path) -> os.stat_result | None:
    """What the system says of the file; `None` where there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_as_left(left: os.stat_result | None, found: os.stat_result | None) -> bool:
    """Whether the file is still the one that was left, which only grows."""
    if left is None or found is None:
        return left is found
    return (left.st_dev, left.st_ino) == (found.st_dev, found.st_ino) and found.st_size >= left.st_size


def _place(path: Path) -> str:
    """How the database calls the file that a head was written to."""
    return f"file:{path.name}"


def _last(known: Mapping[str, Anchor], head: RowMapping) -> int:
    anchor = known.get(str(head["id"]))
    return anchor.seq if anchor else 0


def read_anchors(path: Path) -> AnchorFile:
    """Read the anchors in *path*, whatever is wrong with some of its lines.

    Raises
    ------
    Unavailable
        If there is no such file, or it cannot be read: that says nothing of the record.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError as error:
        message = f"There is no anchor file {path}. Name the one to which DEBRIEF_ANCHORS_FILE has the heads written."
        raise Unavailable(message) from error
    except OSError as error:
        message = f"The anchor file {path} cannot be read: {error.strerror}."
        raise Unavailable(message) from error
    found = {number: _anchor_of(line) for number, line in enumerate(lines, start=1) if line.strip()}
    return AnchorFile(
        anchors=tuple(anchor for anchor in found.values() if anchor),
        unreadable=tuple(number for number, anchor in found.items() if anchor is None),
    )


def _append(path: Path, lines: bytes) -> None:
    """Append *lines* and see them on the disk; a torn line that is there already stays a line of its own."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read(1) == b"\n" else b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"The anchor file {path} cannot be written: {error.strerror}."
        raise Unavailable(message) from error


def _line(head: RowMapping, now: datetime) -> bytes:
    value = {
        "incident": str(head["id"]),
        "name": f"#{head['number']}",
        "seq": head["sequence_head"],
        "hash": head["head_hash"].hex(),
        "at": stamp(now),
    }
    return canonical_bytes(value) + b"\n"


def _anchor_of(line: bytes) -> Anchor | None:
    try:
        value = json.loads(line)
        return Anchor(
            incident_id=str(UUID(value["incident"])),
            seq=int(value["seq"]),
            hash=bytes.fromhex(value["hash"]),
            name=str(value["name"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _as_anchor(head: RowMapping) -> Anchor:
    return Anchor(
        incident_id=str(head["id"]), seq=head["sequence_head"], hash=head["head_hash"], name=f"#{head['number']}"
    )


def _anchor_values(head: RowMapping, now: datetime, *, place: str) -> Mapping[str, object]:
    return {
        "incident_id": head["id"],
        "seq": head["sequence_head"],
        "hash": head["head_hash"],
        "anchored_at": now,
        "place": place,
    }
