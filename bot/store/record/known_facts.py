"""Which facts and arrivals the database has already, asked for a whole batch at once and cheaply: mostly none."""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect

from bot.store.database.chunking import chunks
from bot.store.database.insert import Convert, converters_of
from bot.store.record.tables import TIMELINE_EVENT

Fact = tuple[UUID, str]

#: What both databases ask of a table `told` with the facts in their places.
_FOUND = 'SELECT told.place FROM {told} JOIN "timeline_event" AS event ON {same}'
_SAME = "event.incident_id = told.incident_id AND event.natural_key = told.natural_key"
_LISTS = "unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS told (incident_id, natural_key, place)"
_ON_SERVER = _FOUND.format(told=_LISTS, same=_SAME)

_ARRIVALS = 'SELECT external_id FROM "inbox" WHERE source = {mark} AND external_id'
_ARRIVALS_ON_SERVER = f"{_ARRIVALS.format(mark='%s')} = ANY(%s::text[])"


def known_facts(connection: Connection, facts: Iterable[Fact]) -> set[Fact]:
    """Those of *facts* (incident, natural key) that the ledger has.

    They are joined as a table: SQLite searches no index for a list of pairs, and a statement for each incident would
    cost a batch more than all its rows.
    """
    known: set[Fact] = set()
    is_file = connection.dialect.name == "sqlite"
    for part in chunks(facts):
        if is_file:
            convert = _id_converter(connection.dialect)
            values = tuple(
                value for incident_id, key in part for value in (convert(incident_id) if convert else incident_id, key)
            )
            found = connection.exec_driver_sql(_in_file(len(part)), values)
        else:
            incident_ids, keys = zip(*part, strict=True)
            found = connection.exec_driver_sql(_ON_SERVER, (list(incident_ids), list(keys)))
        known.update(part[place - 1] for place in found.scalars())
    return known


def known_arrivals(connection: Connection, source: str, names: Sequence[str]) -> list[str]:
    """Those of *names* (at most a chunk) under which something came from *source* before.

    SQLAlchemy's own IN list costs a batch five times as much as the search does.
    """
    is_file = connection.dialect.name == "sqlite"
    statement = _arrivals_in_file(len(names)) if is_file else _ARRIVALS_ON_SERVER
    found = connection.exec_driver_sql(statement, (source, *names) if is_file else (source, list(names)))
    return list(found.scalars())


@cache
def _arrivals_in_file(count: int) -> str:
    return f"{_ARRIVALS.format(mark='?')} IN ({', '.join('?' * count)})"


@cache
def _in_file(count: int) -> str:
    """The statement for *count* facts; a cross join makes SQLite begin with them."""
    rows = ", ".join(f"({place}, ?, ?)" for place in range(1, count + 1))
    found = _FOUND.format(told="told CROSS", same=_SAME)
    return f"WITH told (place, incident_id, natural_key) AS (VALUES {rows}) {found}"


@cache
def _id_converter(dialect: Dialect) -> Convert:
    ((_, convert),) = converters_of(TIMELINE_EVENT, ("incident_id",), dialect)
    return convert
