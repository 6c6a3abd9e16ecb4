"""Whose trouble it is: of one document that git does not take, or of a repository that takes none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.ports.outside import NotTaken
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, write


def _link(tree: Path) -> None:
    (tree / "postmortems").mkdir()
    (tree / FILE).symlink_to("/etc/hostname")


def _change(tree: Path) -> None:
    write(tree, FILE, "Of somebody\n")
    (tree / FILE).write_text("Changed by somebody\n")


def _untracked(tree: Path) -> None:
    (tree / "postmortems").mkdir()
    (tree / FILE).write_text("Of somebody\n")


def _folder(tree: Path) -> None:
    write(tree, f"{FILE}/notes.md", "Of somebody\n")


def _linked_folder(tree: Path) -> None:
    (tree / "elsewhere").mkdir()
    (tree / "elsewhere" / f"{NAME}.md").write_bytes(CONTENT)
    (tree / "postmortems").symlink_to(tree.parent)
    (tree.parent / f"{NAME}.md").write_bytes(CONTENT)


def _file_for_folder(tree: Path) -> None:
    (tree / "postmortems").write_text("Of somebody\n")


def _committed_file_for_folder(tree: Path) -> None:
    write(tree, "postmortems", "Of somebody\n")


def _lock(tree: Path) -> None:
    (tree / ".git" / "index.lock").touch()


@pytest.mark.parametrize(
    ("hinder", "is_alone"),
    [
        (_link, True),
        (_change, True),
        (_untracked, True),
        (_folder, True),
        (_linked_folder, False),
        (_file_for_folder, False),
        (_committed_file_for_folder, False),
        (_lock, False),
    ],
)
def test_what_is_in_the_place_of_one_file_is_of_that_document_alone(
    tree: Path,
    hinder: Callable[[Path], None],
    is_alone: bool,  # noqa: FBT001
) -> None:
    """Others are published beside it, which nothing else that is in the way of git lets pass."""
    hinder(tree)

    with pytest.raises(Unavailable) as refused:
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert isinstance(refused.value, NotTaken) is is_alone
    assert "card-failures" not in refused.value.message
    if is_alone:
        assert publisher(tree).publish(name="0013-beside", content=CONTENT, note="Another")


@pytest.mark.parametrize(
    ("hook", "is_alone"),
    [("echo permission denied >&2; exit 1", True), ("touch refs/heads/main.lock; exit 0", False)],
)
def test_hook_that_refuses_may_mean_one_document_or_all(tree: Path, remote: Path, hook: str, is_alone: bool) -> None:  # noqa: FBT001
    """Nobody can tell from its answer; what it writes says nothing, and a remote that cannot write takes none."""
    file = remote / "hooks" / "pre-receive"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{hook}\n")
    file.chmod(0o755)

    with pytest.raises(Unavailable) as refused:
        publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert isinstance(refused.value, NotTaken) is is_alone
    assert getattr(refused.value, "may_be_all", False) is is_alone


def test_remote_that_nobody_may_push_to_takes_none(tree: Path, remote: Path) -> None:
    """The branch is checked out there, which is no trouble of a document."""
    other = tree.parent / "checked-out"
    git(tree, "clone", "--quiet", str(remote), str(other))
    git(tree, "remote", "set-url", "origin", str(other))

    with pytest.raises(Unavailable) as refused:
        publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert not isinstance(refused.value, NotTaken)
