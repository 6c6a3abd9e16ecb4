from pathlib import Path

import pytest

from analysis.errors import Unavailable
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher


def test_document_is_found_by_its_note(tree: Path) -> None:
    """Whatever became of it: changed, withdrawn, reverted, or written once more by somebody."""
    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    git(tree, "revert", "--no-edit", "HEAD")
    git(tree, "cherry-pick", where.partition(":")[0])

    assert publisher(tree).find(note=NOTE) == where
    assert publisher(tree).find(note=f"{NOTE}1") == ""
    assert publisher(tree).find(note=NOTE[:-1]) == ""


def test_document_of_another_branch_is_not_found(tree: Path) -> None:
    """People read the branch that is published to, and where that is named it need not be the one checked out."""
    where = publisher(tree, branch="documents").publish(name=NAME, content=CONTENT, note=NOTE)

    assert publisher(tree).find(note=NOTE) == ""
    assert publisher(tree, branch="documents").find(note=NOTE) == where


def test_broken_branch_elsewhere_is_no_trouble(tree: Path) -> None:
    """It says nothing of the one that is published to; where that one is broken, nobody knows what it has."""
    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    heads = tree / ".git" / "refs" / "heads"
    (heads / "broken").write_text(f"{1:040}\n")

    branch = git(tree, "branch", "--show-current")

    found = publisher(tree).find(note=NOTE)
    (heads / branch).write_text("broken\n")

    assert found == where
    with pytest.raises(Unavailable, match=r"update-ref failed: .*reference broken"):
        publisher(tree, branch=branch).find(note=NOTE)


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
