"""What a person is told when the database failed: one sentence that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from analysis.errors import Unavailable

#: The state of a statement that its user lacks the right for.
_NOT_ALLOWED = "42501"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A kind of failure, known by one of the states of SQL or by words of what the database says."""

    states: frozenset[str] = field(default_factory=frozenset)
    words: Sequence[str] = ()
    told: str


#: The first that fits is told.
FAILURES = (
    Failure(
        states=frozenset({"42P01", "42703"}),
        words=("no such table", "no such column"),
        told="The database lacks a table or a column that this version of Debrief needs: another version changed it. "
        "Stop this process, and run the version that did.",
    ),
    Failure(
        words=("locked", "lock timeout"),
        told="The database is locked by another program; try again in a moment.",
    ),
    Failure(
        states=frozenset({"53300"}),
        words=("too many clients", "too many connections", "connection slots"),
        told="The database takes no more connections; try again in a moment. End some that are left open, or raise its "
        "max_connections.",
    ),
    Failure(
        states=frozenset({"25006"}),
        told="The database is read-only, as a standby is after a failover. Let it write, or name the one that does in "
        "DEBRIEF_DATABASE_URL.",
    ),
    Failure(
        words=("full", "no space", "read-only", "readonly"),
        told="The database cannot write: its disk is full or read-only.",
    ),
    Failure(
        words=("malformed", "not a database"),
        told="The database file is damaged. Restore it from a backup, then run `debrief verify`.",
    ),
    Failure(
        words=("disk i/o error", "unable to open database file"),
        told="The database file or its log cannot be read or written: look at its disk, at the rights of its folder, "
        "and at how many files Debrief may have open.",
    ),
)


def unavailable(error: DBAPIError) -> Unavailable:
    """What a person is told of *error*; the cause stays with the exception."""
    cause, state = str(error.orig).lower(), getattr(error.orig, "sqlstate", None)
    if state == _NOT_ALLOWED:
        return Unavailable(
            f"The database refuses it to the user of DEBRIEF_DATABASE_URL: {first_line(error)}. "
            "Nothing was recorded. Let an administrator grant that, or use the owner of the tables."
        )
    for failure in FAILURES:
        if state in failure.states or any(words in cause for words in failure.words):
            return Unavailable(failure.told)
    return Unavailable("The database did not answer; try again in a moment.")


def first_line(error: DBAPIError) -> str:
    """The beginning of what the database says of *error*, without a full stop."""
    return str(error.orig).strip().splitlines()[0].rstrip(".") if str(error.orig).strip() else "no reason given"
