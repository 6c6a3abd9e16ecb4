"""What was written down outside the database convicts even a forger who makes the chain whole again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from analysis.errors import Unavailable
from analysis.incident import Incident
from analysis.verification import Fault
from bot.store.proof.anchors import Anchored, Anchors, read_anchors
from bot.store.record.tables import CHAIN_ANCHOR
from tests.bot.store.parts import Store, note
from tests.bot.store.tampering import (
    anchor,
    cut_tail_and_head,
    eight_entries,
    found,
    rewrite_chain,
    tamper,
    verify,
)


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        pytest.param(cut_tail_and_head, ("#2", 6, Fault.TRUNCATED), id="tail cut"),
        pytest.param(rewrite_chain, ("#2", 1, Fault.REWRITTEN), id="rewritten"),
    ],
)
def test_consistent_forgery_is_found_by_its_anchor(
    store: Store,
    tmp_path: Path,
    forge: Callable[[Store, Incident], None],
    expected: tuple[str, int, Fault],
) -> None:
    """Without anchors a whole chain passes; with them, the first place that may be forged is named."""
    incident = eight_entries(store)
    anchors = anchor(store, tmp_path / "anchors")

    forge(store, incident)

    assert found(store) == ()
    assert found(store, anchors) == (expected,)


def test_verification_without_anchors_says_what_it_cannot_exclude(store: Store) -> None:
    """Passing is not claimed to prove more than it does."""
    eight_entries(store)

    (caveat,) = verify(store).caveats

    assert "cannot exclude" in caveat


def test_forgery_lies_after_the_last_anchor_that_agrees(store: Store, tmp_path: Path) -> None:
    """Frequent anchors narrow down where a chain was rewritten."""
    incident = store.declare()
    store.append(incident, note(2), note(3))
    anchors = anchor(store, tmp_path / "anchors")
    store.append(incident, *(note(number) for number in range(4, 9)))
    anchor(store, anchors)

    rewrite_chain(store, incident)

    assert found(store, anchors) == (("#1", 4, Fault.REWRITTEN),)


def test_missing_incident_is_named_by_its_anchor(store: Store, tmp_path: Path) -> None:
    """A whole record that is gone is found, if it was anchored."""
    incident = eight_entries(store)
    anchors = anchor(store, tmp_path / "anchors")

    tamper(
        store,
        incident,
        "DELETE FROM chain_anchor WHERE incident_id = :incident",
        "DELETE FROM timeline_event WHERE incident_id = :incident",
        "DELETE FROM incident WHERE id = :incident",
    )

    assert found(store) == ()
    assert found(store, anchors) == (("#2", 1, Fault.MISSING_INCIDENT),)


def test_anchoring_writes_only_heads_that_moved(store: Store, tmp_path: Path) -> None:
    """Each line is one head, in words that people can compare, and nothing is written twice."""
    first, second = store.declare("First"), store.declare("Second")
    anchors = Anchors(store.database, store.writer, tmp_path / "sub" / "anchors")

    counts = [anchors.anchor().moved, anchors.anchor().moved]
    store.append(second, note(1))
    anew = Anchors(store.database, store.writer, tmp_path / "sub" / "anchors")
    counts += [anchors.anchor().moved, anew.anchor().moved]

    lines = [json.loads(line) for line in (tmp_path / "sub" / "anchors").read_text().splitlines()]
    head = store.events(second)[-1]
    assert counts == [2, 0, 1, 0]
    assert [(line["name"], line["seq"]) for line in lines] == [("#1", 1), ("#2", 1), ("#2", 2)]
    assert lines[2] == {
        "at": "2026-03-01T09:00:00.000000Z",
        "hash": head.hash.hex(),
        "incident": str(second.id),
        "name": "#2",
        "seq": 2,
    }
    assert lines[0]["incident"] == str(first.id)


@pytest.mark.parametrize("forge", [cut_tail_and_head, rewrite_chain])
def test_head_that_is_not_what_was_written_down_is_seen(
    store: Store, tmp_path: Path, forge: Callable[[Store, Incident], None]
) -> None:
    """A database brought back from an older copy, or rewritten, is told at the next anchor, not when somebody asks."""
    incident = eight_entries(store)
    path = anchor(store, tmp_path / "anchors")
    forge(store, incident)

    anchored = Anchors(store.database, store.writer, path).anchor()

    assert anchored == Anchored(moved=0, contradicted=("#2",))


def test_file_that_is_gone_is_told_once_and_written_anew(store: Store, tmp_path: Path) -> None:
    """Taken away while the server runs or while it does not: what it had is not replaced without a word."""
    store.declare("First")
    path = tmp_path / "anchors"
    anchors = Anchors(store.database, store.writer, path)
    anchors.anchor()

    path.unlink()
    running = [anchors.anchor(), anchors.anchor()]
    path.unlink()
    started = [Anchors(store.database, store.writer, path).anchor() for _ in range(2)]

    told = [Anchored(moved=1, lost=str(path)), Anchored()]
    assert (running, started) == (told, told)
    assert [each.seq for each in read_anchors(path).anchors] == [1]


def test_file_that_lost_heads_is_told(store: Store, tmp_path: Path) -> None:
    """Cut, or another one in its place such as below a mount that is not there: what it does not have is written."""
    incident = store.declare("First")
    path = tmp_path / "anchors"
    anchors = Anchors(store.database, store.writer, path)
    anchors.anchor()
    aside = path.rename(tmp_path / "aside")
    store.append(incident, note(1))
    path.write_text("")

    cut = anchors.anchor()
    aside.replace(path)
    back = anchors.anchor()

    assert (cut, back) == (Anchored(moved=1, lost=str(path)), Anchored(moved=1, lost=str(path)))
    assert [each.seq for each in read_anchors(path).anchors] == [1, 2]


def test_first_file_is_no_loss(store: Store, tmp_path: Path) -> None:
    """Neither a new installation nor a file of another name had anything that could be gone."""
    store.declare("First")

    found = [Anchors(store.database, store.writer, tmp_path / name).anchor() for name in ("anchors", "anchors-2027")]

    assert found == [Anchored(moved=1), Anchored(moved=1)]


def test_anchors_are_noted_in_the_database_with_their_place(store: Store, tmp_path: Path) -> None:
    """The database says which of its heads were written down, and where."""
    incident = store.declare()

    anchor(store, tmp_path / "anchors")

    with store.database.reading() as connection:
        (row,) = connection.execute(select(CHAIN_ANCHOR)).mappings()
    assert (row["incident_id"], row["seq"], row["place"]) == (incident.id, 1, "file:anchors")


def test_torn_line_costs_only_itself(store: Store, tmp_path: Path) -> None:
    """A line that a crash cut short is reported, and what is appended after it is readable."""
    incident = store.declare()
    path = anchor(store, tmp_path / "anchors")
    with path.open("ab") as file:
        file.write(b'{"at":"2026-03-01T09:00:00.0')
    store.append(incident, note(1))

    anchor(store, path)

    read = read_anchors(path)
    assert ([each.seq for each in read.anchors], read.unreadable) == ([1, 2], (2,))
    assert "could not be read: 2." in verify(store, path).caveats[-1]


def test_without_a_file_nothing_is_anchored(file_store: Store) -> None:
    """Anchoring is off until somebody says where."""
    file_store.declare()

    assert Anchors(file_store.database, file_store.writer, None).anchor() == Anchored()


def test_missing_anchor_file_is_said(tmp_path: Path) -> None:
    """Verifying against a file that is not there is refused, not passed."""
    with pytest.raises(Unavailable, match="no anchor file"):
        read_anchors(tmp_path / "nowhere")


def test_unusable_anchor_file_is_said(file_store: Store, tmp_path: Path) -> None:
    """A path that cannot be written or read is one clear sentence."""
    file_store.declare()
    (tmp_path / "folder").mkdir()

    with pytest.raises(Unavailable, match="cannot be"):
        Anchors(file_store.database, file_store.writer, tmp_path / "folder").anchor()
