"""Placeholders of an incident survive restarts, are never overwritten, and go when anything is erased."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from analysis.errors import Conflict
from analysis.outgoing.vault import Kind, Register, Vault
from bot.store.model.vault_tables import VAULT
from bot.store.model.vaults import SqlVaults
from bot.store.writing.writer import SqlWriter
from tests.bot.store.parts import Store, note
from tests.bot.store.test_erasing import erase
from tests.dialects import on_sqlite_first

#: Behind every row of a ledger of these tests: nothing is erased after it.
AT_LAST = 1_000

KEEPS_UNTIL_KILLED = """
import sys
from pathlib import Path
from uuid import UUID
from analysis.outgoing.vault import Kind, Register
from bot.store.database.engine import open_database
from tests.bot.store.parts import open_store

with open_store(open_database(sys.argv[1]), Path(sys.argv[2])) as store:
    number = 0
    while True:
        vault = store.vaults.open(UUID(sys.argv[3]), 1)
        register = Register(vault)
        register.placeholder(Kind.NAME, f"Name{number}")
        store.vaults.keep(UUID(sys.argv[3]), register.vault(), 1)
        print(len(register.vault().held), flush=True)
        number += 1
"""


def grown(vault: Vault, *names: str) -> Vault:
    """Return *vault* with these names in it, too."""
    register = Register(vault)
    for name in names:
        register.placeholder(Kind.NAME, name)
    return register.vault()


def test_vault_is_the_same_after_a_restart(store: Store) -> None:
    """What was kept is read back as it was, by a reader that never saw it."""
    incident = store.declare()
    vault = grown(store.vaults.open(incident.id, AT_LAST), "Kowalski", "Søren 山田")

    store.vaults.keep(incident.id, vault, AT_LAST)

    again = SqlVaults(store.database, store.sealer, store.writer).open(incident.id, AT_LAST)
    assert (again, len(again.salt) > 0) == (vault, True)


@on_sqlite_first("database")
def test_vaults_of_two_incidents_share_nothing(store: Store) -> None:
    """Each incident has a salt and placeholders of its own."""
    first, second = store.declare(), store.declare("Payouts late")
    store.vaults.keep(first.id, grown(store.vaults.open(first.id, AT_LAST), "Kowalski"), AT_LAST)

    vault = store.vaults.open(second.id, AT_LAST)

    assert vault.held == ()
    assert vault.salt != store.vaults.open(first.id, AT_LAST).salt


def test_vault_holds_no_name_in_clear(store: Store) -> None:
    """The database has ciphertext only."""
    incident = store.declare()
    store.vaults.keep(incident.id, grown(store.vaults.open(incident.id, AT_LAST), "Kowalski"), AT_LAST)

    with store.database.reading() as connection:
        sealed = connection.scalar(select(VAULT.c.content))

    assert b"Kowalski" not in bytes(sealed)
    assert b"NAME_1" not in bytes(sealed)


def test_keeping_again_changes_nothing(store: Store) -> None:
    """A repeated step after a crash is no conflict."""
    incident = store.declare()
    vault = grown(store.vaults.open(incident.id, AT_LAST), "Kowalski")
    store.vaults.keep(incident.id, vault, AT_LAST)

    store.vaults.keep(incident.id, vault, AT_LAST)

    assert store.vaults.open(incident.id, AT_LAST) == vault


def test_overtaken_vault_is_refused(store: Store) -> None:
    """Of two drafts that gave one placeholder to two names, the second learns it before anything is sent."""
    incident = store.declare()
    empty = store.vaults.open(incident.id, AT_LAST)
    store.vaults.keep(incident.id, grown(empty, "Kowalski"), AT_LAST)

    with pytest.raises(Conflict, match="nothing was sent"):
        store.vaults.keep(incident.id, grown(empty, "Iversen"), AT_LAST)
    with pytest.raises(Conflict, match="nothing was sent"):
        store.vaults.keep(incident.id, grown(Vault(salt=bytes(16)), "Kowalski", "Iversen"), AT_LAST)

    assert [one.value for one in store.vaults.open(incident.id, AT_LAST).held] == ["Kowalski"]


def test_two_drafts_that_begin_at_once_share_one_vault(store: Store) -> None:
    """The one that finds none gets what another process made before it could."""
    incident, first = store.declare(), []

    class Later:
        """Writes after another draft has."""

        def call(self, step: Any) -> Any:
            first.append(store.vaults.open(incident.id, AT_LAST))
            return store.writer.call(step)

    second = SqlVaults(store.database, store.sealer, cast("SqlWriter", Later())).open(incident.id, AT_LAST)

    assert first == [second]
    assert store.vaults.open(incident.id, AT_LAST) == second


@pytest.mark.parametrize("field", ["text", "actor"])
def test_erasing_destroys_the_vault(store: Store, field: str) -> None:
    """No placeholder leads back to what was erased, and a draft that was on its way cannot bring it back."""
    incident, other = store.declare(), store.declare("Payouts late")
    store.append(incident, note(1))
    vault, untouched = (grown(store.vaults.open(one.id, AT_LAST), "Kowalski") for one in (incident, other))
    store.vaults.keep(incident.id, vault, AT_LAST)
    store.vaults.keep(other.id, untouched, AT_LAST)

    erase(store, store.incident(incident.id), 2, field)

    with pytest.raises(Conflict, match="erasure"):
        store.vaults.keep(incident.id, grown(vault, "Iversen"), AT_LAST)
    assert store.vaults.open(incident.id, AT_LAST).held == ()
    assert store.vaults.open(other.id, AT_LAST) == untouched


@pytest.mark.parametrize("is_there", [True, False])
def test_draft_from_before_an_erasure_brings_nothing_back(store: Store, *, is_there: bool) -> None:
    """Also where the vault is that of a later draft, or of none: what was read before it was erased is not kept."""
    incident = store.declare()
    store.append(incident, note(1))
    erase(store, store.incident(incident.id), 2, "text")
    vault = store.vaults.open(incident.id, 3) if is_there else None

    with pytest.raises(Conflict, match="erasure"):
        store.vaults.keep(incident.id, grown(vault or store.vaults.open(incident.id, 2), "Kowalski"), 2)

    with store.database.reading() as connection:
        kept = list(connection.scalars(select(VAULT.c.content)))
    assert len(kept) == is_there
    assert store.vaults.open(incident.id, 3).held == ()


@on_sqlite_first("database")
def test_kill_leaves_the_last_kept_vault(store: Store, tmp_path: Path) -> None:
    """What was kept before a kill is there whole, whatever was being written then."""
    incident = store.declare()
    key, url = tmp_path / "debrief.key", store.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KEEPS_UNTIL_KILLED, url, str(key), str(incident.id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as keeper:
        assert keeper.stdout is not None
        acknowledged = [int(keeper.stdout.readline()) for _ in range(5)]
        os.kill(keeper.pid, signal.SIGKILL)
        rest = keeper.stdout.read().splitlines()

    held = SqlVaults(store.database, store.sealer, store.writer).open(incident.id, AT_LAST).held

    last = int(rest[-1]) if rest else acknowledged[-1]
    assert last <= len(held) <= last + 1
    assert [one.placeholder for one in held] == [f"[[NAME_{number + 1}]]" for number in range(len(held))]
