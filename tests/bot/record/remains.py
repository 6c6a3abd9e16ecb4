"""Everything that a database still holds, opened with its key as its owner could."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from analysis.chain import CONTENT_FIELDS
from bot.store.opening import Store
from bot.store.record.sealing import Unopenable
from bot.store.record.tables import METADATA

#: The names under which whole values are sealed.
SEALED = (
    *("incident", "arguments", "held", "reply", "revision", "approval", "location", "person"),
    *("page", "egress", "vault", "model_call"),
)


def remains(store: Store) -> Iterator[tuple[str, str, bytes]]:
    """Every value of every table: where it is, what it says once opened, and its bytes as they are stored."""
    with store.database.reading() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                yield from _of_row(store, table.name, dict(row))


def quoting(store: Store, word: str) -> dict[str, int]:
    """In how many values of each column *word* still stands."""
    found: dict[str, int] = {}
    for where, said, _ in remains(store):
        if word in said.casefold():
            found[where] = found.get(where, 0) + 1
    return found


def sealed_with(store: Store, word: str) -> list[bytes]:
    """The stored bytes of every sealed value that says *word*."""
    return [raw for _, said, raw in remains(store) if raw and word in said.casefold()]


def raw_files(path: Path) -> bytes:
    """A SQLite database as it lies on disk: its file and its log."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def _of_row(store: Store, table: str, row: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    for name, value in row.items():
        field = name.removesuffix("_sealed")
        if field in CONTENT_FIELDS and name != field and value is not None:
            yield f"{table}.{name}", store.sealer.open(field, row[f"{field}_salt"], value).decode(), bytes(value)
        elif isinstance(value, bytes):
            yield f"{table}.{name}", _opened(store, value), bytes(value)
        else:
            yield f"{table}.{name}", json.dumps(value, default=str, ensure_ascii=False), b""


def _opened(store: Store, value: bytes) -> str:
    for name in SEALED:
        try:
            return store.sealer.open_whole(name, value).decode()
        except Unopenable:
            continue
    return value.hex()
