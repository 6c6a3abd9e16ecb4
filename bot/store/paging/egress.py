"""The log of what left for other systems (`bot.ports.paging.EgressLog`)."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update

from analysis.chain import canonical_bytes
from analysis.errors import Conflict
from bot.ports.model import Usage
from bot.ports.paging import Egress, EgressPurpose
from bot.store.database.engine import Database
from bot.store.model.model_call_tables import MODEL_CALL
from bot.store.paging.paging_tables import EGRESS
from bot.store.record.sealing import Sealer
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter


class SqlEgress:
    """Written by the one writer, each step a commit; a call that never ended is one during which the process did."""

    def __init__(self, database: Database, sealer: Sealer, writer: SqlWriter) -> None:
        """Read from *database*, write through *writer*."""
        self._database = database
        self._sealer = sealer
        self._writer = writer

    def begin(self, egress: Egress) -> None:
        row = _values(egress, self._sealer)

        def insert_row(transaction: Transaction) -> None:
            _refuse_erased(transaction, egress)
            transaction.connection.execute(insert(EGRESS), [row])

        self._writer.call(insert_row).result()

    def end(self, egress: Egress) -> None:
        ended = {
            "ended_at": egress.ended_at,
            "status": egress.status,
            "outcome": egress.outcome,
            "answer_hash": egress.answer_hash,
        }
        this = update(EGRESS).where(EGRESS.c.id == egress.id).values(ended)
        self._writer.call(lambda transaction: transaction.connection.execute(this)).result()

    def calls(self, incident_id: UUID | None = None, *, limit: int = 200) -> tuple[Egress, ...]:
        """The newest calls, oldest first; with *incident_id* those about it alone."""
        costs = (MODEL_CALL.c.model, MODEL_CALL.c.tokens, MODEL_CALL.c.seconds, MODEL_CALL.c.money)
        both = EGRESS.outerjoin(MODEL_CALL, MODEL_CALL.c.id == EGRESS.c.id)
        newest = select(EGRESS, *costs).select_from(both).order_by(EGRESS.c.seq.desc()).limit(limit)
        if incident_id is not None:
            newest = newest.where(EGRESS.c.incident_id == incident_id)
        with self._database.reading() as connection:
            rows: Iterable[RowMapping] = connection.execute(newest).mappings().all()
        return tuple(_to_egress(row, self._sealer) for row in rows)[::-1]


def _refuse_erased(transaction: Transaction, egress: Egress) -> None:
    """A question to the model lost its content if something of the incident was erased since it was reserved."""
    if egress.purpose is not EgressPurpose.MODEL or egress.incident_id is None:
        return
    transaction.reads.incident(egress.incident_id)  # stays as it is until the transaction ends
    call = select(MODEL_CALL.c.content).where(MODEL_CALL.c.id == egress.id)
    reserved = transaction.connection.execute(call).first()
    if reserved and reserved.content is None:
        message = "This question was overtaken by an erasure; it was not sent. Ask again."
        raise Conflict(message)


def _values(egress: Egress, sealer: Sealer) -> Mapping[str, Any]:
    content = {"actor": egress.actor, **_written(egress.body)}
    return {
        "id": egress.id,
        "purpose": egress.purpose.value,
        "policy": egress.policy,
        "method": egress.method,
        "host": egress.host,
        "path": egress.path,
        "incident_id": egress.incident_id,
        "began_at": egress.began_at,
        "body_hash": egress.body_hash,
        "body_bytes": len(egress.body),
        "ended_at": egress.ended_at,
        "status": egress.status,
        "outcome": egress.outcome,
        "answer_hash": egress.answer_hash,
        "content": sealer.seal_whole("egress", canonical_bytes(content)),
    }


def _to_egress(row: RowMapping, sealer: Sealer) -> Egress:
    sealed = row["content"]
    content = json.loads(sealer.open_whole("egress", sealed)) if sealed else {"actor": "", "text": ""}
    return Egress(
        id=row["id"],
        purpose=EgressPurpose(row["purpose"]),
        method=row["method"],
        host=row["host"],
        path=row["path"],
        policy=row["policy"],
        actor=content["actor"],
        incident_id=row["incident_id"],
        began_at=row["began_at"],
        body=content["text"].encode() if "text" in content else base64.b64decode(content["base64"]),
        body_hash=row["body_hash"],
        ended_at=row["ended_at"],
        status=row["status"],
        outcome=row["outcome"],
        answer_hash=row["answer_hash"],
        model=row["model"] or "",
        usage=Usage(tokens=row["tokens"], seconds=row["seconds"], money=row["money"]) if row["model"] else None,
    )


def _written(body: bytes) -> dict[str, str]:
    """A body as JSON can hold it: what we send is text, and reads as such once it is opened."""
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
