"""Deciding commands inside one transaction: known arrivals get their first answer, refusals leave no trace."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analysis.errors import Conflict, Refused
from bot.ports.records import InboxKey, Reply
from bot.store.writing.jobs import Command
from bot.store.writing.transaction import Known, Transaction

KEY_REUSED = "This key was used before with other content; use a new key."

#: A reply, a refusal to be raised in the asker's face, or what a bookkeeping call returned.
Outcome = Any


def decide_all(transaction: Transaction, commands: Sequence[Command]) -> list[Outcome]:
    """Decide *commands* in their order, each seeing what those before it brought about."""
    keys = [command.key for command in commands if command.key]
    known = transaction.known_arrivals(keys) if keys else {}
    return [_decide(transaction, command, known) for command in commands]


def _decide(transaction: Transaction, command: Command, known: dict[tuple[str, str], Known]) -> Reply | Refused:
    if command.key is None:
        return _run(transaction, command)
    name = (command.key.source, command.key.external_id)
    if name in known:
        return _repeated(transaction, command.key, known[name])
    reply = _run(transaction, command)
    if isinstance(reply, Refused):
        # Waiting for a lock, it may have been decided elsewhere: then that was the first answer, not a refusal.
        meanwhile = transaction.known_arrivals([command.key]).get(name)
        return _repeated(transaction, command.key, meanwhile) if meanwhile else reply
    transaction.record_arrival(command.key, reply)
    known[name] = (command.key.body_hash, reply)
    return reply


def _run(transaction: Transaction, command: Command) -> Reply | Refused:
    try:
        changes = command.decide(transaction.reads)
    except Refused as refusal:
        return refusal
    transaction.stage(changes)
    return changes.reply


def _repeated(transaction: Transaction, key: InboxKey, known: Known) -> Reply | Refused:
    kept, reply = known
    # Earlier versions kept the hash as it is, and an erasure leaves nothing of those.
    is_same = not kept or kept in (key.body_hash, transaction.sealer.keyed(key.body_hash))
    return replace(reply, repeated=True) if is_same else Conflict(KEY_REUSED)
