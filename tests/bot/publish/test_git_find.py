from pathlib import Path

import pytest

from analysis.errors import Unavailable
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, shown, write


def test_document_is_found_by_its_note(tree: Path) -> None:
    """Whatever became of it: changed, withdrawn, reverted, or copied to another branch."""
    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    git(tree, "branch", "copies", "HEAD~1")
    git(tree, "revert", "--no-edit", "HEAD")
    git(tree, "checkout", "--quiet", "copies")
    write(tree, "other.md", "other\n")
    git(tree, "cherry-pick", where.partition(":")[0])

    assert publisher(tree).find(note=NOTE) == where
    assert publisher(tree).find(note=f"{NOTE}1") == ""
    assert publisher(tree).find(note=NOTE[:-1]) == ""


def test_nothing_is_found_in_an_empty_repository(tmp_path: Path) -> None:
    """A first publication that was cut off has left nothing."""
    git(tmp_path, "init", "--quiet")

    assert publisher(tmp_path).find(note=NOTE) == ""


def test_document_that_the_remote_alone_has_is_found(tree: Path, remote: Path, colleague: Path) -> None:
    """Pushed by an attempt that died before the local branch followed."""
    where = publisher(colleague, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert publisher(tree, push=True).find(note=NOTE) == where
    assert not (tree / FILE).exists()
    assert remote.exists()


def test_remote_that_is_away_is_no_answer(tree: Path, remote: Path) -> None:
    """Nobody knows what it has, so nobody says that it has nothing."""
    remote.rename(remote.with_name("away"))

    with pytest.raises(Unavailable):
        publisher(tree, push=True).find(note=NOTE)


def test_document_under_another_name_takes_the_place_of_the_one_before(tree: Path, remote: Path) -> None:
    """In the same commit, so that nobody reads both; in the history the earlier one stays."""
    first = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)
    write(tree, "postmortems/0012-by-hand.md", "not ours\n")
    git(tree, "push", "--quiet", "origin", "main")

    again = [
        publisher(tree, push=True).publish(name="0012-incident", content=b"next\n", note="next", replaces=[NOTE])
        for _ in range(2)
    ]

    commit = again[0].partition(":")[0]
    assert again == [f"{commit}:postmortems/0012-incident.md"] * 2
    assert publisher(tree, push=True).find(note="next") == again[0]
    assert git(remote, "ls-tree", "-r", "--name-only", "main").splitlines() == [
        "README.md",
        "postmortems/0012-by-hand.md",
        "postmortems/0012-incident.md",
    ]
    assert sorted(path.name for path in (tree / "postmortems").iterdir()) == ["0012-by-hand.md", "0012-incident.md"]
    assert git(tree, "status", "--porcelain") == ""
    assert shown(tree, first) == CONTENT


def test_document_that_people_have_changed_is_theirs(tree: Path) -> None:
    """What somebody wrote into it is not taken away with it."""
    publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    write(tree, FILE, "with a remark\n")

    publisher(tree).publish(name="0012-incident", content=b"next\n", note="next", replaces=[NOTE])

    assert (tree / FILE).read_text() == "with a remark\n"
    assert (tree / "postmortems/0012-incident.md").read_bytes() == b"next\n"
