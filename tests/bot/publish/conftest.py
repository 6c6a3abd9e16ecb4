"""A work tree, its remote, and a colleague's clone."""

from pathlib import Path

import pytest

from tests.git_repositories import git, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a work tree with one commit on `main`."""
    folder = tmp_path / "tree"
    folder.mkdir()
    git(folder, "init", "--quiet")
    write(folder, "README.md", "documents\n")
    return folder


@pytest.fixture
def remote(tree: Path, tmp_path: Path) -> Path:
    """Return a bare repository that is the work tree's `origin`."""
    folder = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(folder))
    git(tree, "remote", "add", "origin", str(folder))
    git(tree, "push", "--quiet", "origin", "main")
    return folder


@pytest.fixture
def colleague(remote: Path, tmp_path: Path) -> Path:
    """Return a colleague's clone of the remote."""
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(remote), "colleague")
    return tmp_path / "colleague"
