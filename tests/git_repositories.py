"""Real git repositories for tests of publishing."""

import subprocess
from pathlib import Path

from bot.publish.git import GitPublisher

NAME = "0012-card-failures"
FILE = f"postmortems/{NAME}.md"
NOTE = "Postmortem #12, draft 1"
CONTENT = b"# Postmortem\r\n\nwith odd\rendings \xe2\x80\x9c\n"


def git(folder: Path, *arguments: str) -> str:
    """What git prints there, as a person named Ada."""
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@bank.example", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, "-C", str(folder), *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()


def shown(folder: Path, what: str) -> bytes:
    """The bytes that the repository holds."""
    return subprocess.run(["git", "-C", str(folder), "show", what], capture_output=True, check=True).stdout


def write(folder: Path, name: str, text: str) -> None:
    """Commit a file."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    git(folder, "add", "--", name)
    git(folder, "commit", "--quiet", "-m", f"Write {name}")


def publisher(folder: Path, **settings: object) -> GitPublisher:
    """A publisher that never sleeps."""
    return GitPublisher(folder, **{"pause": lambda _seconds: None, **settings})  # type: ignore[arg-type]
