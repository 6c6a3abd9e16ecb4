"""Publishes a document as one commit on a branch of a git repository.

The commit is built beside the work tree, from the branch's head and the document's exact bytes: no hook, filter or
line-ending rule touches what was signed, and a process killed half-way leaves nothing but an unused object. A remote
is written first and only ever fast-forwarded: where somebody was quicker, the commit is built again on top of theirs.
"""

import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InvalidInput, Unavailable
from bot.ports.outside import NotTaken
from bot.publish.checkout import Checkout
from bot.publish.git_program import Git, GitFailed
from bot.publish.turns import Turn

log = logging.getLogger(__name__)

TARGET = "git"
_REMOTE = "origin"
_TRIES = 6
_TIMEOUT_SECONDS = 60.0
_PAUSE_SECONDS = 0.2
_AUTHOR = re.compile(r"([^<>\n]*[^<>\s])\s*<([^<>\s]+)>")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")
_FOLDER = re.compile(r"(?!(?i:\.git)(?:/|$))[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class GitPublisher:
    """Implements `bot.ports.outside.Publisher`."""

    def __init__(
        self,
        folder: Path,
        *,
        path: str = "postmortems",
        branch: str = "",
        author: str = "Debrief <debrief@localhost>",
        push: bool = False,
        environ: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Publish below *path* of the repository in *folder*; nothing is read or written yet.

        Without *branch*, to the one that is checked out. *author* is `Name <address>`. With *push*, to the remote
        `origin` as well, and there first. *environ* is the process's own where none is given.
        """
        self._to = _Target(path=path, branch=branch, author=author, push=push)
        environ = os.environ if environ is None else environ
        self._git = Git(folder, identity=self._to.identity, environ=environ, timeout=_TIMEOUT_SECONDS)
        self._pause = pause

    @property
    def target(self) -> str:
        """`git`."""
        return TARGET

    def publish(self, *, name: str, content: bytes, note: str) -> str:
        """Commit *content* as `<path>/<name>.md`; give `<commit>:<file>`, as `git show` reads it.

        Bytes that a commit of the branch has put there before are published already: that commit is the answer,
        also where somebody has since changed or withdrawn the file.

        Raises
        ------
        analysis.errors.InvalidInput
            If *name* is not of lower-case letters, digits and hyphens.
        bot.ports.outside.NotTaken
            If it is this document that git, or a hook, does not take; trying again may work.
        analysis.errors.Unavailable
            If git takes nothing; trying again may work.
        """
        _check(name, _NAME, "A document's name is of lower-case letters, digits and hyphens.")
        path = f"{self._to.path}/{name}.md"
        with self._turn() as turn:
            blob = self._git.run("hash-object", "-w", "--stdin", given=content)
            document = _Document(path=path, blob=blob, content=content, note=note)
            for attempt in range(_TRIES):
                if attempt:
                    self._pause(_PAUSE_SECONDS * 2**attempt)
                commit = self._try(document, turn)
                if commit:
                    # The file's name has the incident's title in it, which logs are not to keep.
                    log.info("document published", extra={"target": TARGET, "commit": commit})
                    return f"{commit}:{path}"
        message = "Others kept writing to the branch, so the document could not be put on top; it is tried again."
        raise Unavailable(message)

    def find(self, *, note: str) -> str:
        """Where a commit of the branch with exactly this message is: `<commit>:<file>`, or nothing.

        A document that was published can be read there even where its bytes cannot be made any more. Other branches are
        not what people read, and one of them that is broken says nothing of this one.

        Raises
        ------
        analysis.errors.Unavailable
            If the repository, or the remote that is pushed to, cannot be looked at; trying again may work.
        """
        message = _message(note)
        with self._turn():
            heads = self._heads()
            if not heads:
                return ""
            found = self._git.run("log", "--format=%H %s", "--fixed-strings", f"--grep={message}", *heads, "--")
            named = [line.partition(" ") for line in found.splitlines()]
            commits = [commit for commit, _, subject in named if subject == message]
            if not commits:
                return ""
            # The first: a copy of it that somebody made is younger.
            changed = self._git.run("diff-tree", "--root", "--no-commit-id", "--name-only", "-r", commits[-1])
            files = changed.splitlines()
        return f"{commits[-1]}:{files[0]}" if len(files) == 1 else commits[-1]

    def _heads(self) -> list[str]:
        """The heads of the branch, here and at the remote that is pushed to, as far as it is there."""
        branch = self._to.branch or self._checked_out()
        name = f"refs/heads/{branch}"
        local = self._git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if not local:  # a branch that is there and cannot be read may have it: this fails, unless there is none
            self._git.run("update-ref", "--stdin", given=f"verify {name}\n".encode())
        remote = self._fetch(branch) if self._to.push else ""
        return [head for head in (local, remote) if head]

    @contextmanager
    def _turn(self) -> Iterator[Turn]:
        """Be the one publisher at work, at the top of the repository; what the system refuses is trouble like git's."""
        try:
            self._git = self._git.at_top()
            with Turn(self._git, pause=self._pause) as turn:
                yield turn
        except OSError as error:
            # Without the file's name, which has the incident's title in it.
            message = f"the system refused Debrief the repository: {error.strerror or type(error).__name__}."
            raise Unavailable(message) from error

    def _try(self, document: "_Document", turn: Turn) -> str:
        """The commit that holds *document*, or nothing where somebody was quicker."""
        branch = self._to.branch or self._checked_out()
        local = self._git.ask("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")
        remote = self._fetch(branch) if self._to.push else ""
        base = remote or local or self._head()
        earlier = self._earlier(base, document) if base else ""
        commit = earlier or self._commit(base, document)
        tip = base if earlier else commit
        checkout = Checkout(self._git, branch=branch, turn=turn, pause=self._pause)
        if not self._to.push:
            is_there = tip == local or checkout.move(local, tip, document.path, document.content)
            return commit if is_there else ""
        if tip != remote and not self._push(branch, remote, tip):
            return ""
        self._follow(checkout, local, tip, document)
        return commit

    def _checked_out(self) -> str:
        branch = self._git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        if not branch:
            message = (
                "no branch is checked out in the repository, as during a rebase; check one out, or name one in "
                "DEBRIEF_PUBLISH_GIT_BRANCH"
            )
            raise Unavailable(message)
        return branch

    def _head(self) -> str:
        return self._git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def _fetch(self, branch: str) -> str:
        """The remote branch's head, fetched; nothing where the remote has no such branch."""
        if not self._remote_head(branch):
            return ""
        kept = f"refs/remotes/{_REMOTE}/{branch}"
        self._git.run("fetch", "--quiet", "--no-tags", _REMOTE, f"+refs/heads/{branch}:{kept}")
        return self._git.run("rev-parse", "--verify", f"{kept}^{{commit}}")

    def _remote_head(self, branch: str) -> str:
        return self._git.run("ls-remote", _REMOTE, f"refs/heads/{branch}").partition("\t")[0]

    def _push(self, branch: str, known: str, commit: str) -> bool:
        """Whether the remote took it, by fast-forward only; with a head other than *known*, others were quicker."""
        try:
            self._git.run("push", "--quiet", _REMOTE, f"{commit}:refs/heads/{branch}")
        except GitFailed as error:
            if self._remote_head(branch) != known:
                return False
            if error.is_declined:
                raise NotTaken(error.message, may_be_all=True) from error
            raise
        return True

    def _follow(self, checkout: Checkout, local: str, tip: str, document: "_Document") -> None:
        """Bring the local branch along where that loses nothing; the remote has the document either way."""
        is_behind = not local or self._git.ask("merge-base", local, tip) == local
        try:
            if is_behind and local != tip:
                checkout.move(local, tip, document.path, document.content)
        except Unavailable as error:
            log.warning("work tree left behind the remote", extra={"reason": error.message})
        except OSError as error:
            log.warning("work tree left behind the remote", extra={"reason": error.strerror})

    def _earlier(self, base: str, document: "_Document") -> str:
        """The newest commit up to *base* that put exactly these bytes there."""
        touching = self._git.run("log", "--full-history", "--format=%H", base, "--", document.path).split()
        for commit in touching:
            if self._git.ask("rev-parse", "--verify", "--quiet", f"{commit}:{document.path}") == document.blob:
                return commit
        return ""

    def _commit(self, base: str, document: "_Document") -> str:
        """A commit on top of *base* that changes this one file and nothing else."""
        with tempfile.TemporaryDirectory(prefix="debrief-index-") as folder:
            index = Path(folder) / "index"
            if base:
                self._git.run("read-tree", base, index=index)
            entry = f"100644,{document.blob},{document.path}"
            try:
                self._git.run("update-index", "--add", "--cacheinfo", entry, index=index)
            except GitFailed as error:
                if self._git.ask("cat-file", "-t", f"{base}:{document.path}") != "tree":
                    raise
                message = "A folder of the branch is in the place of the document's file; nothing was published."
                raise NotTaken(message) from error
            tree = self._git.run("write-tree", index=index)
        parents = ("-p", base) if base else ()
        return self._git.run("commit-tree", tree, *parents, given=document.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where documents go, checked."""

    path: str
    branch: str
    author: str
    push: bool

    def __post_init__(self) -> None:
        """Refuse settings that git could read as something else."""
        _check(self.path, _FOLDER, "the path in the repository must be a relative folder of plain letters")
        _check(self.branch or "main", _BRANCH, "the branch's name must be of plain letters")
        _check(self.author, _AUTHOR, "the author must read `Name <address>`")

    @property
    def identity(self) -> Mapping[str, str]:
        """Who git says wrote and committed."""
        found = _AUTHOR.fullmatch(self.author)
        name, address = (found[1], found[2]) if found else ("", "")
        return {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", address))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """What is to be committed, and where."""

    path: str
    blob: str
    content: bytes
    note: str

    @property
    def message(self) -> bytes:
        """The commit's message."""
        text = _message(self.note) or f"Publish {self.path}"
        return f"{text}\n".encode(errors="replace")


def _message(note: str) -> str:
    return _CONTROLS.sub(" ", note).strip()


def _check(value: str, pattern: re.Pattern[str], message: str) -> None:
    if ".." in value or value.endswith((".lock", "/")) or not pattern.fullmatch(value):
        raise InvalidInput(message)
