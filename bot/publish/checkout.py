"""Moves a branch to a new commit, together with the work tree and index where the branch is checked out."""

import time
from collections.abc import Callable
from pathlib import Path

from analysis.errors import Unavailable
from bot.ports.outside import NotTaken
from bot.publish.git_program import Git, GitFailed
from bot.publish.turns import Turn

_TRIES = 6
_PAUSE_SECONDS = 0.2
#: A lock of git's that is older than any of our calls may last is of one that was killed.
_STALE_SECONDS = 120.0


class Checkout:
    """A branch and, where it is checked out, its work tree."""

    def __init__(self, git: Git, *, branch: str, turn: Turn, pause: Callable[[float], None]) -> None:
        """Change nothing yet."""
        self._git = git
        self._branch = branch
        self._turn = turn
        self._pause = pause

    def move(self, old: str, new: str, path: str, content: bytes) -> bool:
        """Move the branch from *old* (nothing if it does not exist) to *new*, or say that somebody moved it first.

        The files go first: a process killed in between leaves them staged, and the next try finds them as it wants
        them. Changes that people have not committed stay; where they are in the way, nothing is moved.

        Raises
        ------
        bot.ports.outside.NotTaken
            If something in the work tree is in the way of this file.
        analysis.errors.Unavailable
            If the work tree cannot take the commit for another reason.
        """
        if self._is_checked_out():
            self._update_files(old, new, path, content)
        try:
            self._git.run(
                "update-ref", "-m", "debrief: publish", f"refs/heads/{self._branch}", new, old or "0" * len(new)
            )
        except GitFailed:
            now = self._git.ask("rev-parse", "--verify", "--quiet", f"refs/heads/{self._branch}")
            if now == old:
                raise
            return False
        return True

    def _is_checked_out(self) -> bool:
        is_bare = self._git.run("rev-parse", "--is-bare-repository") == "true"
        return not is_bare and self._git.ask("symbolic-ref", "--quiet", "HEAD") == f"refs/heads/{self._branch}"

    def _update_files(self, old: str, new: str, path: str, content: bytes) -> None:
        top = Path(self._git.run("rev-parse", "--show-toplevel"))
        self._clear_leftover(top, path, content)
        self._turn.begin()
        is_whole = False
        try:
            self._merge(old or self._git.run("mktree"), new)
            is_whole = True
        except GitFailed as error:
            if error.was_killed:
                self._turn.was_interrupted = True
            if error.is_in_the_way and _has_folder(top, path):
                raise NotTaken(error.message) from error
            raise
        finally:
            self._turn.end(is_whole=is_whole)

    def _merge(self, old: str, new: str) -> None:
        """Carry the difference into index and files, waiting for other programs that hold the index."""
        lock = Path(self._git.run("rev-parse", "--path-format=absolute", "--git-path", "index.lock"))
        for attempt in range(_TRIES):
            if attempt:
                self._pause(_PAUSE_SECONDS * attempt)
            self._remove_stale(lock)
            if lock.exists():
                continue
            self._git.ask("update-index", "-q", "--refresh")
            try:
                self._git.run("read-tree", "-m", "-u", old, new)
            except GitFailed:
                if not lock.exists():
                    raise
            else:
                return
        message = f"Another program holds {lock.name} of the repository; remove it if none runs. It is tried again."
        raise GitFailed(message)

    def _remove_stale(self, lock: Path) -> None:
        """Remove a lock whose holder was one of ours and died; nobody else's."""
        if self._turn.was_interrupted and lock.exists() and time.time() - lock.stat().st_mtime > _STALE_SECONDS:
            lock.unlink(missing_ok=True)

    def _clear_leftover(self, top: Path, path: str, content: bytes) -> None:
        """Remove the very file that we are about to write, where a killed process left it unknown to git."""
        file = top / path
        if not file.is_file() or self._git.ask("ls-files", "--", path):
            return
        if file.is_symlink() or not file.resolve().is_relative_to(top.resolve()):
            # Without the file's name, which has the incident's title in it.
            message = "The document's file is a link to another place in the work tree; nothing was published."
            raise NotTaken(message) if _has_folder(top, path) else Unavailable(message)
        if file.read_bytes() == content:
            file.unlink()


def _has_folder(top: Path, path: str) -> bool:
    """Whether files can be written beside *path*: what is in the way there is of this file alone."""
    folders = [top / parent for parent in Path(path).parents]
    return all(
        folder.is_dir() and not folder.is_symlink() for folder in folders if folder.is_symlink() or folder.exists()
    )
