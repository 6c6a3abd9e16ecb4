"""Which key a database is sealed with: the right one is found or made, and a wrong one refused."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from analysis.errors import Unavailable
from bot.store.database.engine import Database
from bot.store.database.failures import unavailable
from bot.store.record.sealing import Sealer, create_key, read_key
from bot.store.record.tables import SEALING_KEY


def open_sealer(database: Database, *, now: datetime, key_file: Path, key: bytes | None = None) -> Sealer:
    """The sealer for *database*, from *key* where one is configured, else from *key_file*, made on first start.

    Raises
    ------
    Unavailable
        If the key is missing or is not the one that the database is sealed with.
    """
    known = _known_fingerprint(database)
    found = key or read_key(key_file)
    if found is None and known is not None:
        message = f"The key file {key_file} is missing, and what is recorded cannot be read without it. Restore it."
        raise Unavailable(message)
    sealer = Sealer(found or create_key(key_file))
    if known is None:
        _register(database, sealer, now)
    elif known != sealer.fingerprint:
        message = f"This database was sealed with another key than the one in {key_file}. Restore the right key."
        raise Unavailable(message)
    return sealer


def find_sealer(database: Database, *, key_file: Path, key: bytes | None = None) -> Sealer | None:
    """The sealer for *database* if the right key is at hand, else `None`; makes and changes nothing."""
    found = key or read_key(key_file)
    if found is None:
        return None
    sealer = Sealer(found)
    return sealer if sealer.fingerprint == _known_fingerprint(database) else None


def is_sealed(database: Database) -> bool:
    """Whether anything in *database* is sealed already, so that only one key will do."""
    return _known_fingerprint(database) is not None


def _known_fingerprint(database: Database) -> bytes | None:
    with database.reading() as connection:
        return connection.execute(select(SEALING_KEY.c.fingerprint)).scalar()


def _register(database: Database, sealer: Sealer, now: datetime) -> None:
    try:
        with database.write_engine.begin() as connection:
            row = {"fingerprint": sealer.fingerprint, "created_at": now}
            connection.execute(insert(SEALING_KEY), [row])
    except DBAPIError as error:
        raise unavailable(error) from error
