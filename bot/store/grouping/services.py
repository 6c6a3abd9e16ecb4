"""What calls what: looking at it (`bot.ports.services.Services`) and writing what was seen or confirmed."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from bot.ports.services import Call, EdgeSource, ServiceEdge
from bot.store.database.upsert import upsert
from bot.store.grouping.signal_tables import SERVICE_EDGE
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer


class SqlServices:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def edges(self, workspace_id: UUID) -> Mapping[tuple[EdgeSource, Call], ServiceEdge]:
        self._before_query()
        wanted = select(SERVICE_EDGE).where(SERVICE_EDGE.c.workspace_id == workspace_id)
        found = [_to_edge(row, self._sealer) for row in self._connection.execute(wanted).mappings()]
        return {(edge.source, edge.call): edge for edge in sorted(found, key=lambda edge: (edge.call, edge.source))}


def write_edges(connection: Connection, sealer: Sealer, edges: Sequence[ServiceEdge]) -> None:
    """Write *edges*, each in place of the one that is known."""
    rows = [_values(edge, sealer) for edge in edges]
    upsert(connection, SERVICE_EDGE, rows, keys=("workspace_id", "source", "pair"))


def _values(edge: ServiceEdge, sealer: Sealer) -> dict[str, Any]:
    call = json.dumps(edge.call).encode()
    content = {"call": edge.call, "evidence": edge.evidence, "withdrawn_by": edge.withdrawn_by}
    return {
        "workspace_id": edge.workspace_id,
        "source": edge.source.value,
        "pair": sealer.mark("call", call),
        "first_at": edge.first_at,
        "last_at": edge.last_at,
        "withdrawn_at": edge.withdrawn_at,
        "content": sealer.seal_whole("edge", json.dumps(content).encode()),
    }


def _to_edge(row: Row, sealer: Sealer) -> ServiceEdge:
    content = json.loads(sealer.open_whole("edge", row["content"]))
    caller, callee = content["call"]
    return ServiceEdge(
        workspace_id=row["workspace_id"],
        caller=caller,
        callee=callee,
        source=EdgeSource(row["source"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
        withdrawn_at=row["withdrawn_at"],
        evidence=tuple(content["evidence"]),
        withdrawn_by=content["withdrawn_by"],
    )
