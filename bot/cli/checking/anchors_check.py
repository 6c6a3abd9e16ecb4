"""What `debrief doctor` says of the anchors file."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from analysis.errors import DebriefError, Unavailable
from analysis.verification import Anchor
from bot.cli.checking.check import Check, fails, look, ok
from bot.settings import Settings
from bot.store.database.engine import Database, open_database
from bot.store.database.files import is_there
from bot.store.proof.anchors import contradictions, last_anchors, read_anchors, read_heads, was_written

T = TypeVar("T")


def check_anchors(settings: Settings) -> Check:
    """Whether heads can be written down, and whether those that were are still there and true."""
    path = settings.anchors_file
    if path is None:
        todo = "Set DEBRIEF_ANCHORS_FILE, best on another system: without it a rewritten record cannot be excluded."
        return look("anchors", "not written down", todo)
    try:
        has_some = is_there(path, what="The anchors file", setting="DEBRIEF_ANCHORS_FILE")
    except Unavailable as error:
        said, todo = error.message.split(". ", 1)
        return fails("anchors", said, todo)
    target = path if has_some else next(each for each in path.absolute().parents if each.exists())
    if (target == path) is target.is_dir() or not os.access(target, os.W_OK):
        return fails("anchors", f"{path} cannot be written", "Let the user who runs Debrief append to it.")
    return _of_file(settings, path) if has_some else _of_none(settings, path)


def _of_none(settings: Settings, path: Path) -> Check:
    if _asked(settings, lambda database: was_written(database, path), otherwise=False):
        todo = "Bring it back, and find out who took it away: without it a rewritten record cannot be excluded."
        return fails("anchors", f"{path} is gone, though heads were written to it", todo)
    return ok("anchors", f"{path}, to be made with the first anchor")


def _of_file(settings: Settings, path: Path) -> Check:
    found = read_anchors(path)
    if found.unreadable:
        lines = ", ".join(map(str, found.unreadable))
        return look("anchors", f"{path}, lines that cannot be read: {lines}", "Find out who wrote them.")
    contradicted = _contradicted(settings, last_anchors(found))
    if contradicted:
        said = f"the record of {', '.join(contradicted)} is not what {path} has"
        return fails("anchors", said, "Run `debrief verify`: it was brought back from an older copy, cut or rewritten.")
    return ok("anchors", f"{path}, {len(found.anchors)} anchors")


def _contradicted(settings: Settings, known: Mapping[str, Anchor]) -> tuple[str, ...]:
    """The incidents that the file has otherwise."""
    return _asked(settings, lambda database: contradictions(read_heads(database), known), otherwise=())


def _asked(settings: Settings, ask: Callable[[Database], T], *, otherwise: T) -> T:
    """What the database answers; *otherwise* where it cannot be asked, which is said elsewhere."""
    try:
        database = open_database(settings.database_url, only_to_read=True)
    except DebriefError:
        return otherwise
    try:
        return ask(database)
    except DebriefError:
        return otherwise
    finally:
        database.close()
