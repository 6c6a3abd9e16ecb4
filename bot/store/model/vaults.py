"""Keeping the placeholders of incidents, sealed (`bot.ports.vaults.Vaults`)."""

import os
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from analysis.chain import SALT_BYTES
from analysis.errors import Conflict
from analysis.outgoing.vault import Vault, from_bytes, to_bytes
from bot.store.database.engine import Database
from bot.store.model.vault_tables import VAULT
from bot.store.record.erasing import refuse_erased
from bot.store.record.sealing import Sealer
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter

_FIELD = "vault"
_OVERTAKEN = "What this draft would send was overtaken by another draft or an erasure; nothing was sent. Ask again."


class SqlVaults:
    """One row for an incident; a draft that was overtaken finds out before anything is sent."""

    def __init__(self, database: Database, sealer: Sealer, writer: SqlWriter) -> None:
        """Read from *database*, write through *writer*."""
        self._database = database
        self._sealer = sealer
        self._writer = writer

    def open(self, incident_id: UUID, ledger_seq: int) -> Vault:
        with self._database.reading() as connection:
            found = _load(connection, self._sealer, incident_id)
        return found or self._writer.call(lambda transaction: _made(transaction, incident_id, ledger_seq)).result()

    def keep(self, incident_id: UUID, vault: Vault, ledger_seq: int) -> None:
        self._writer.call(lambda transaction: _keep(transaction, incident_id, vault, ledger_seq)).result()


def _load(connection: Connection, sealer: Sealer, incident_id: UUID) -> Vault | None:
    sealed = _sealed(connection, incident_id)
    return None if sealed is None else from_bytes(sealer.open_whole(_FIELD, sealed))


def _sealed(connection: Connection, incident_id: UUID) -> bytes | None:
    found: bytes | None = connection.scalar(select(VAULT.c.content).where(VAULT.c.incident_id == incident_id))
    return found


def _made(transaction: Transaction, incident_id: UUID, ledger_seq: int) -> Vault:
    refuse_erased(transaction.reads, incident_id, ledger_seq)
    known = _load(transaction.connection, transaction.sealer, incident_id)
    if known:
        return known
    vault = Vault(salt=os.urandom(SALT_BYTES))
    content = transaction.sealer.seal_whole(_FIELD, to_bytes(vault))
    transaction.connection.execute(insert(VAULT), [{"incident_id": incident_id, "content": content}])
    return vault


def _keep(transaction: Transaction, incident_id: UUID, vault: Vault, ledger_seq: int) -> None:
    refuse_erased(transaction.reads, incident_id, ledger_seq)
    before = _sealed(transaction.connection, incident_id)
    kept = from_bytes(transaction.sealer.open_whole(_FIELD, before)) if before is not None else None
    if kept == vault:
        return
    if kept is None or kept.salt != vault.salt or kept.held != vault.held[: len(kept.held)]:
        raise Conflict(_OVERTAKEN)
    content = transaction.sealer.seal_whole(_FIELD, to_bytes(vault))
    # Another process may have stored its own between the look and now.
    this = update(VAULT).where(VAULT.c.incident_id == incident_id, VAULT.c.content == before)
    if transaction.connection.execute(this.values(content=content)).rowcount != 1:
        raise Conflict(_OVERTAKEN)
