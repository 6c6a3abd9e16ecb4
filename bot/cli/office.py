"""The application without Slack: the same writer and database as the server's, for one command.

It imports neither Slack's client nor the web's, nor Alembic, which most commands can do without.
"""

import os
import pwd
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from analysis.errors import Forbidden, InvalidInput
from analysis.events import Source
from analysis.people import Access, Person
from analysis.zones import written_zone, zone_named
from bot.cli.lazy import load
from bot.cli.terminal import warn
from bot.parts import SystemClock, open_workspace
from bot.ports.records import InboxKey, Reply
from bot.settings import Settings, load_settings
from bot.slack.workspace.directory import SlackDirectory
from bot.store.database.engine import Database
from bot.store.opening import Store, open_store, open_store_to_read
from bot.store.schema import is_blank, require_current
from bot.store.workspaces import UNNAMED_TEAM, only_workspace
from bot.usecases.verbs import Asker, Request

#: What a login that nobody has mapped to a person in Slack may do here: everything but approve.
UNMAPPED_ACCESS = frozenset({Access.RESPONDER, Access.COMMANDER, Access.ADMIN})
_ZONE_FILES = "/zoneinfo/"
#: Whoever records beside a server in the wrong folder would believe that the server knows of it.
_WHERE_A_SERVER_RUNS = "Where a server runs, run this with its settings, or it knows nothing of what is recorded here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What one command works with; deliveries it causes are sent by the server, once Slack is back."""

    settings: Settings
    store: Store
    workspace_id: UUID
    directory: SlackDirectory

    def asker(self, *, number: int | None = None, zone: str | None = None) -> Asker:
        """Who asks: the person in Slack that this login is mapped to, else the login itself; they may name a *zone*."""
        if zone:
            written_zone(zone)
        person = acting_person(login_name(), self.settings, self.directory)
        return Asker(
            person=replace(person, zone=zone) if zone else person,
            workspace_id=self.workspace_id,
            natural_key=f"cli:{uuid4()}",
            source=Source.COMMAND_LINE,
            resolve_person=self.directory.resolve,
            number=number,
        )

    @property
    def doubt_of_zone(self) -> str | None:
        """Why times in the words are read in UTC although nobody said so; `None` where they are not."""
        slack_id = self.settings.command_line_users.get(login_name())
        is_known = bool(slack_id and self.directory.person(slack_id))
        return None if is_known else doubt_of_zone()

    def submit(self, request: Request) -> Reply:
        """Write it, and wait for the commit; asked again after a lost answer, it is still one fact."""
        key = InboxKey(source="command_line", external_id=request.command.natural_key, body_hash=b"")
        with request.waited_for():
            return self.store.writer.submit(request.use_case, request.prepared(self.store.snapshots), key=key).result()


@contextmanager
def open_office() -> Iterator[Office]:
    """Open the configured database, made where there is none yet, without a word to Slack.

    Raises
    ------
    analysis.errors.Unavailable
        If the database or its key cannot be opened, or its tables are not this version's.
    """
    settings = load_settings()
    begun: list[Path] = []
    store = open_store(settings, SystemClock(), prepare=lambda database: begun.extend(_see_to_tables(database)))
    for where in begun:
        warn(f"There was no record in {where}: a new one is begun there. {_WHERE_A_SERVER_RUNS}")
    try:
        yield _office(settings, store, open_workspace(store, UNNAMED_TEAM, ""))
    finally:
        store.close()


@contextmanager
def open_reading_office() -> Iterator[Office]:
    """Open the configured database to look at it: nothing in it is made or changed.

    Raises
    ------
    analysis.errors.Unavailable
        If the database or its key cannot be opened, or its tables are not this version's.
    analysis.errors.NotFound
        If nothing is recorded in it yet.
    """
    settings = load_settings()
    store = open_store_to_read(settings, SystemClock())
    try:
        yield _office(settings, store, only_workspace(store.database))
    finally:
        store.close()


def login_name() -> str:
    """The login that the operating system vouches for; the environment's word for it counts nothing."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def acting_person(login: str, settings: Settings, directory: SlackDirectory) -> Person:
    """Who *login* acts as.

    Raises
    ------
    Forbidden
        If it is mapped to an account that Slack has closed, or to a bot.
    """
    slack_id = settings.command_line_users.get(login)
    if not slack_id:
        return Person(id=f"cli:{login}", name=login, zone=machine_zone(), access=UNMAPPED_ACCESS)
    person = directory.person(slack_id)
    if person:
        return person
    if directory.is_known(slack_id):
        message = f"{login} is mapped to {slack_id}, which is closed or a bot in Slack, so it may not act here."
        raise Forbidden(message)
    # Slack has not been asked yet, which must not keep anybody from recording: configuration alone says what they may.
    named = {access for access, holders in settings.access.items() if slack_id in holders}
    access = frozenset(named) | settings.default_access
    return Person(id=f"slack:{slack_id}", name=login, zone=machine_zone(), access=access)


def machine_zone() -> str:
    """The zone of this machine's clock by name; UTC where it has none that everybody knows."""
    name = _zone_name()
    return name if _is_zone(name) else "UTC"


def doubt_of_zone() -> str | None:
    """Why times are read in UTC although this machine's clock shows others; `None` where they are not."""
    name = _zone_name()
    if _is_zone(name) or not (name or time.localtime().tm_gmtoff):
        return None
    whose = f"TZ={name} is not the name of a time zone" if name else "This machine's time zone has no name here"
    return f"{whose}, so times are read in UTC. Give --zone, such as --zone Europe/Berlin."


def _zone_name() -> str:
    link = Path("/etc/localtime")
    target = str(link.resolve()) if link.exists() else ""
    return os.environ.get("TZ", "").lstrip(":") or target.partition(_ZONE_FILES)[2]


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except InvalidInput:
        return False
    return True


def _office(settings: Settings, store: Store, workspace_id: UUID) -> Office:
    directory = SlackDirectory(store.people, settings)
    return Office(settings=settings, store=store, workspace_id=workspace_id, directory=directory)


def _see_to_tables(database: Database) -> list[Path]:
    """Make them in a new file, which is returned; any other is brought up by the server and by `migrate` only."""
    if database.is_sqlite and is_blank(database):
        load("bot.store.migrate").upgrade(database)
        return [Path(database.url.database or "").resolve()]
    require_current(database)
    return []
