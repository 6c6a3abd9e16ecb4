"""Runs the `git` program in one repository, untouched by the configuration of whoever runs it."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.errors import Unavailable

#: What git and ssh may see of the environment; everything else, and all other `GIT_*`, could redirect them.
_KEPT = (
    "PATH",
    "HOME",
    "GIT_SSH_COMMAND",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "NO_PROXY",
    "TMPDIR",
)
_ALWAYS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OPTIONS = (
    f"core.hooksPath={os.devnull}",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
    "submodule.recurse=false",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.writeCommitGraph=false",
)
_IDENTITY = ("GIT_AUTHOR_", "GIT_COMMITTER_")
#: What git, ssh and the system say where something fails, without the names that stand in it: a file's has an
#: incident's title in it, an address may have a password, and a remote's hook says what it likes.
_REASONS = re.compile(
    "cannot change to|no such file or directory|"
    "not a git repository|does not appear to be a git repository|detected dubious ownership|repository not found|"
    "could not read from remote repository|could not resolve host(?:name)?|unable to access|"
    "connection (?:refused|timed out|reset)|host key verification failed|server certificate verification failed|"
    r"permission denied(?: \(publickey\))?|authentication failed|could not read (?:username|password)|"
    "terminal prompts disabled|(?:pre-receive |update |protected branch )?hook declined|remote rejected|"
    "branch is currently checked out|failed to update ref|unpacker error|non-fast-forward|fetch first|cannot lock ref|"
    "would be overwritten by merge|would lose untracked files|not uptodate|local changes|"
    "no space left on device|read-only file system|disk quota exceeded|input/output error|is a directory|"
    "not a directory|file exists|insufficient permission|unable to (?:create|write|read|unlink)|out of memory|"
    "index file (?:corrupt|smaller than expected)|bad (?:object|revision|tree|signature)|reference broken|"
    "broken ref|missing object",
    re.IGNORECASE,
)
_UNKNOWN = "for a reason that only git says; run it in the repository"
#: The lines that a remote's hook has written.
_OF_REMOTE = re.compile(r"^remote:.*$", re.MULTILINE)
#: Where a file of the work tree is in the way of one that git is to write.
_IN_THE_WAY = frozenset(
    {"would be overwritten by merge", "would lose untracked files", "not uptodate", "local changes"}
)
#: How a remote refuses a push that it has received whole. A hook may mean the file, or whoever pushes.
_DECLINED = frozenset({"remote rejected", "pre-receive hook declined", "update hook declined", "hook declined"})


class GitFailed(Unavailable):
    """Git did not do what it was asked to."""

    def __init__(self, message: str, *, was_killed: bool = False, said: Iterable[str] = ()) -> None:
        """Keep the sentence, whether the program was killed and so could not tidy up, and what git itself *said*."""
        super().__init__(message)
        self.was_killed = was_killed
        self._said = frozenset(said)

    @property
    def is_in_the_way(self) -> bool:
        """Whether a file that somebody has in the work tree is in the way."""
        return bool(self._said & _IN_THE_WAY)

    @property
    def is_declined(self) -> bool:
        """Whether a remote that could be reached and written to refuses what was pushed."""
        return bool(self._said) and self._said <= _DECLINED


class Git:
    """Git in one folder."""

    def __init__(
        self, folder: Path, *, identity: Mapping[str, str], environ: Mapping[str, str], timeout: float
    ) -> None:
        """Take *identity* (`GIT_AUTHOR_NAME` and the like) and what is kept of *environ*."""
        self._folder = folder
        self._timeout = timeout
        self._environment = {name: environ[name] for name in _KEPT if name in environ} | _ALWAYS | dict(identity)
        options = (*_OPTIONS, f"safe.directory={folder.resolve()}")
        self._options = [word for option in options for word in ("-c", option)]

    def at_top(self) -> "Git":
        """The same at the top of the work tree: the paths of commits begin there, whichever folder of it was named."""
        up = self.run("rev-parse", "--show-cdup")
        if not up:
            return self
        identity = {name: value for name, value in self._environment.items() if name.startswith(_IDENTITY)}
        return Git((self._folder / up).resolve(), identity=identity, environ=self._environment, timeout=self._timeout)

    def run(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> str:
        """What `git *arguments*` prints, without the last line break.

        Raises
        ------
        GitFailed
            If it exits with anything but 0, runs too long, or is not there.
        """
        environment = self._environment | ({"GIT_INDEX_FILE": str(index)} if index else {})
        command = ["git", *self._options, "-C", str(self._folder), *arguments]
        try:
            done = subprocess.run(
                command,
                input=given,
                env=environment,
                capture_output=True,
                timeout=self._timeout,
                check=False,
                start_new_session=True,  # without a terminal ssh cannot wait for somebody to type a password
            )
        except subprocess.TimeoutExpired as error:
            message = f"git {arguments[0]} took longer than {self._timeout:g} s; it is tried again."
            raise GitFailed(message, was_killed=True) from error
        except OSError as error:
            message = "The git program could not be started; install it, then the document is tried again."
            raise GitFailed(message) from error
        if done.returncode:
            stderr = done.stderr.decode(errors="replace")
            message = f"git {arguments[0]} failed: {'; '.join(_said(stderr)) or _UNKNOWN}"
            by_git = _said(_OF_REMOTE.sub("", stderr))
            raise GitFailed(message, was_killed=done.returncode < 0, said=by_git)
        return done.stdout.decode(errors="replace").rstrip("\n")

    def ask(self, *arguments: str) -> str:
        """As `run`, with nothing for a failure: for questions whose answer may be "no"."""
        try:
            return self.run(*arguments)
        except GitFailed as error:
            if error.was_killed:
                raise
            return ""


def _said(stderr: str) -> tuple[str, ...]:
    """What git says, as far as it is of the words that name nothing."""
    found = _REASONS.findall(stderr)
    return tuple(dict.fromkeys(one.lower() for one in found))
