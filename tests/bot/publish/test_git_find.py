from pathlib import Path

import pytest

from analysis.errors import Unavailable
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, write


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
