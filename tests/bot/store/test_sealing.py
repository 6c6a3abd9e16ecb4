"""Content can be opened with its own key, salt and name, and with nothing else."""

import stat
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.store.database.engine import Database
from bot.store.database.keys import find_sealer, open_sealer
from bot.store.record.sealing import KEY_BYTES, Sealer, Unopenable, create_key, read_key
from tests.bot.store.parts import START

MASTER = bytes(range(KEY_BYTES))


def test_sealed_content_opens_to_what_it_was() -> None:
    """What is sealed comes back, the empty content too."""
    sealer = Sealer(MASTER)

    sealed = [sealer.seal("text", content) for content in (b"", b"a", b"x" * 100_000)]

    assert [sealer.open("text", *each) for each in sealed] == [b"", b"a", b"x" * 100_000]


def test_equal_contents_are_sealed_differently() -> None:
    """Nobody sees that two entries say the same."""
    sealer = Sealer(MASTER)

    (first_salt, first), (second_salt, second) = sealer.seal("text", b"same"), sealer.seal("text", b"same")

    assert first_salt != second_salt
    assert first != second


def test_contents_sealed_together_are_each_on_their_own() -> None:
    """One of a batch can be destroyed without the others: each has its own salt, even where they are equal."""
    sealer = Sealer(MASTER)
    contents = [b"same", b"same", b"", b"x" * 1000]

    sealed = sealer.seal_all("text", contents)

    assert [sealer.open("text", *each) for each in sealed] == contents
    assert len({salt for salt, _ in sealed}) == len({each for _, each in sealed}) == len(contents)
    assert sealer.seal_all("text", []) == []


@pytest.mark.parametrize(
    ("master", "field", "change"),
    [
        pytest.param(MASTER[::-1], "text", None, id="another key"),
        pytest.param(MASTER, "actor", None, id="another field"),
        pytest.param(MASTER, "text", "salt", id="another salt"),
        pytest.param(MASTER, "text", "sealed", id="altered"),
        pytest.param(MASTER, "text", "short", id="cut"),
        pytest.param(MASTER, "text", "long salt", id="a salt too long"),
    ],
)
def test_sealed_content_opens_with_nothing_else(master: bytes, field: str, change: str | None) -> None:
    """Any difference is refused instead of giving wrong content."""
    salt, sealed = Sealer(MASTER).seal("text", b"content")
    changed = {
        None: (salt, sealed),
        "salt": (bytes(16), sealed),
        "sealed": (salt, bytes([sealed[0] ^ 1]) + sealed[1:]),
        "short": (salt, sealed[:3]),
        "long salt": (salt * 2, sealed),
    }[change]

    with pytest.raises(Unopenable):
        Sealer(master).open(field, *changed)


def test_key_of_wrong_length_is_refused() -> None:
    """A cut key is a sentence, not weak encryption."""
    with pytest.raises(Unavailable, match="32 bytes, not 5"):
        Sealer(b"short")


def test_new_key_file_is_its_owners_only(tmp_path: Path) -> None:
    """The key is random, readable by nobody else, and never written over."""
    path = tmp_path / "new" / "debrief.key"

    key = create_key(path)

    assert (read_key(path), stat.S_IMODE(path.stat().st_mode)) == (key, 0o600)
    with pytest.raises(Unavailable, match="cannot be written: File exists"):
        create_key(path)
    assert read_key(path) == key


def test_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """A key that lies open protects nothing, and the sentence says what to do."""
    path = tmp_path / "debrief.key"
    create_key(path)
    path.chmod(0o644)

    with pytest.raises(Unavailable, match="chmod 600"):
        read_key(path)


def test_damaged_key_file_is_refused(tmp_path: Path) -> None:
    """A key file that holds no key is said to be one."""
    path = tmp_path / "debrief.key"
    create_key(path)
    path.write_bytes(b"half a key")

    with pytest.raises(Unavailable, match="must hold 32 bytes"):
        read_key(path)


def test_first_start_makes_the_key_and_later_ones_find_it(database: Database, tmp_path: Path) -> None:
    """The same database is opened with the same key."""
    path = tmp_path / "debrief.key"

    first = open_sealer(database, now=START, key_file=path)
    second = open_sealer(database, now=START, key_file=path)

    assert first.fingerprint == second.fingerprint
    assert second.open("text", *first.seal("text", b"content")) == b"content"


def test_missing_key_of_a_sealed_database_is_not_replaced(database: Database, tmp_path: Path) -> None:
    """A new key could open nothing that was recorded, so none is made."""
    path = tmp_path / "debrief.key"
    open_sealer(database, now=START, key_file=path)
    path.unlink()

    with pytest.raises(Unavailable, match="is missing"):
        open_sealer(database, now=START, key_file=path)

    assert not path.exists()
    assert find_sealer(database, key_file=path) is None


def test_wrong_key_is_refused(database: Database, tmp_path: Path) -> None:
    """A database is never written to with two keys."""
    open_sealer(database, now=START, key_file=tmp_path / "right.key")

    with pytest.raises(Unavailable, match="another key"):
        open_sealer(database, now=START, key_file=tmp_path / "unused", key=MASTER)

    assert find_sealer(database, key_file=tmp_path / "unused", key=MASTER) is None


def test_configured_key_needs_no_file(database: Database, tmp_path: Path) -> None:
    """Where a key is configured no file is read or made."""
    path = tmp_path / "debrief.key"

    sealer = open_sealer(database, now=START, key_file=path, key=MASTER)

    assert sealer.fingerprint == Sealer(MASTER).fingerprint
    assert not path.exists()
