"""The git work tree that the bot of the demo publishes into."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A document in the last commit: its path in the tree, and what was committed."""

    path: str
    text: str
    commit: str


def prepare(tree: Path) -> None:
    """Make *tree* a git work tree with one commit, so that what the bot adds stands out."""
    tree.mkdir(parents=True)
    _git(tree, "init", "--quiet", "--initial-branch", "main")
    (tree / "README.md").write_text("# Postmortems\n\nPublished by Debrief after approval.\n")
    _git(tree, "add", "README.md")
    name = ["-c", "user.name=Demo", "-c", "user.email=demo@localhost"]
    _git(tree, *name, "commit", "--quiet", "--message", "Begin")


def published(tree: Path) -> list[Published]:
    """What the commits after the first have added or changed, oldest first."""
    return [
        Published(path=path, text=_git(tree, "show", f"{commit}:{path}"), commit=commit)
        for commit in _git(tree, "rev-list", "--reverse", "HEAD").split()[1:]
        for path in _git(tree, "diff-tree", "--no-commit-id", "--name-only", "-r", commit).splitlines()
    ]


def _git(tree: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(tree), *arguments], check=True, capture_output=True, text=True)
    return done.stdout
