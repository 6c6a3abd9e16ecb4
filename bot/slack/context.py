"""What every listener needs: who asks, waiting for the writer, and the snapshot behind an answer."""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from analysis.errors import DebriefError, InvalidInput, Unavailable
from analysis.events import Source
from analysis.masking import masked
from analysis.people import Person
from analysis.slacktext import decode, truncate
from bot.ports.ledger import Reads, Snapshots, Writer
from bot.ports.outside import Clock
from bot.ports.paging import OnCalls
from bot.ports.records import InboxKey, Reply
from bot.settings import Settings
from bot.slack.daemons import Daemons
from bot.slack.workspace.directory import SlackDirectory
from bot.usecases.postmortem.signing import Signing
from bot.usecases.pressed import Pressed
from bot.usecases.verbs import Asker, Form, Late, Query, Request, parse

log = logging.getLogger(__name__)

#: Slack gives up on an acknowledgement after three seconds; the person must hear before that.
COMMIT_SECONDS = 2.0
LAST_WAIT_SECONDS = 0.5
#: What a command had to say is given back where it was refused, from a length on that nobody likes to type again.
RETYPED_LETTERS = 60
#: Slack cuts a text at 40,000 letters, and escaping makes up to five of one.
KEPT_LETTERS = 7000
#: A form has three seconds from click to view; what it shows beside its fields may cost this much of them.
GLANCE_SECONDS = 0.15
#: So many may look at once; while a database stands still, whoever comes behind them hears so all the same.
LOOKS = 8
STRANGE = "This is from another version of Debrief. Type the command instead: `/incident help` lists them."
_NUMBER = re.compile(r"[0-9]{1,9}")
#: Made once, because making it costs as much as encoding what matters of a body.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)

T = TypeVar("T")


class NotRecordedError(Unavailable):
    """This was not recorded: the database did not answer in time. Try again in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackContext:
    """The parts that listeners share; built once by the composition root."""

    settings: Settings
    workspace_id: UUID
    writer: Writer
    snapshots: Snapshots
    directory: SlackDirectory
    clock: Clock
    late: Mapping[str, Callable[[Asker, str], Request]]
    signing: Signing
    on_calls: OnCalls
    glances: Daemons = field(default_factory=lambda: Daemons(2, "glance"))
    looks: Daemons = field(default_factory=lambda: Daemons(LOOKS, "look"))

    def asker(
        self,
        slack_id: str,
        key: str,
        *,
        channel: str | None = None,
        number: int | None = None,
        pressed: Pressed | None = None,
        asked_at: datetime | None = None,
    ) -> Asker:
        """Who asks; somebody Slack has not told of yet may do nothing, and is told so."""
        person = self.directory.person(slack_id) or Person(id=f"slack:{slack_id}", is_outsider=True)
        if not self.directory.is_known(slack_id):
            raise UnknownPersonError
        return Asker(
            person=person,
            workspace_id=self.workspace_id,
            natural_key=key,
            source=Source.SLACK,
            resolve_person=self.directory.resolve,
            channel=channel,
            number=number,
            pressed=pressed,
            asked_at=asked_at,
        )

    def parse(self, text: str, asker: Asker) -> Request | Query | Form:
        """Read the words of a command."""
        parsed = parse(plain_words(text), asker)
        return self.late[parsed.name](parsed.asker, parsed.words) if isinstance(parsed, Late) else parsed

    def glance(self, look: Callable[[Reads], T]) -> T:
        """What *look* finds, if it finds it at once.

        Raises
        ------
        analysis.errors.Unavailable
            If it takes longer than a form can wait.
        """

        def read() -> T:
            with self.snapshots.snapshot() as reads:
                return look(reads)

        future: Future[T] = self.glances.submit(read)
        try:
            return future.result(GLANCE_SECONDS)
        except (WaitedTooLong, TimeoutError):
            future.cancel()
            raise Unavailable from None

    def look(self, show: Callable[[], T]) -> T:
        """What *show* reads, within Slack's patience: a server or a network that stands still says nothing by itself.

        Raises
        ------
        analysis.errors.Unavailable
            If it takes longer.
        """
        future: Future[T] = self.looks.submit(show)
        try:
            return future.result(COMMIT_SECONDS)
        except (WaitedTooLong, TimeoutError):
            future.cancel()
            message = "The database did not answer in time, so nothing can be shown. Try again in a moment."
            raise Unavailable(message) from None

    def stop(self) -> None:
        """Begin no look that waits, and wait for none that has begun."""
        self.glances.stop()
        self.looks.stop()

    def submit(self, request: Request, key: InboxKey) -> Reply:
        """Hand it to the writer and wait for the commit.

        Raises
        ------
        analysis.errors.Refused
            If the use case says no.
        NotRecordedError
            If it was not committed in time and will not be.
        """
        with request.waited_for():
            return wait(self.writer.submit(request.use_case, request.prepared(self.snapshots), key=key))


class UnknownPersonError(DebriefError):
    """I do not know you yet, so nothing was recorded. Try again in a few seconds."""


def wait(future: Future[Reply]) -> Reply:
    """The answer of the writer within Slack's patience."""
    try:
        return future.result(COMMIT_SECONDS)
    except (WaitedTooLong, TimeoutError):
        if future.cancel():
            raise NotRecordedError from None
    try:
        return future.result(LAST_WAIT_SECONDS)
    except (WaitedTooLong, TimeoutError, CancelledError):
        message = (
            "I could not confirm in time that this was recorded. Look at `/incident timeline` before repeating it."
        )
        raise Unavailable(message) from None


def asked_at(headers: Mapping[str, Sequence[str]], clock: Clock) -> datetime:
    """The second in which Slack made the request with *headers*; a socket tells none, so there it is the arrival's."""
    sent = (headers.get("x-slack-request-timestamp") or [""])[0]
    return datetime.fromtimestamp(int(sent), UTC) if sent.isdecimal() else clock.now().replace(microsecond=0)


def numbered(value: str) -> int | None:
    """The number that a button or form of ours carries; `None` where it carries none.

    Raises
    ------
    analysis.errors.InvalidInput
        If it carries what no incident can be called: taken for none, it would mean the channel's incident.
    """
    if value and not _NUMBER.fullmatch(value):
        raise InvalidInput(STRANGE)
    return int(value) if value else None


def inbox_key(source: str, external_id: str, body: Mapping[str, Any]) -> InboxKey:
    """The key of one arrival; the hash covers what matters of its body."""
    digest = hashlib.sha256(_CANONICAL.encode(body).encode()).digest()
    return InboxKey(source=source, external_id=external_id, body_hash=digest)


def refusal(error: DebriefError, text: str = "") -> str:
    """What the person reads; words that a fault of ours lost, or that are long to type again, come back.

    Slack keeps no command that was sent. Both may quote what was typed, so both are masked as the record would be.
    """
    if text and (isinstance(error, Unavailable) or len(text) >= RETYPED_LETTERS):
        return masked(f"{error.message}\nYour text, to copy:\n```{truncate(text, KEPT_LETTERS)}```")
    return masked(error.message)


def plain_words(text: str) -> str:
    """Slack's markup as plain words, except that `role` and `page` keep whom they mention by id."""
    words = text.strip()
    paged = _PAGE_MENTION.fullmatch(words)
    if paged:
        return f"{decode(paged['head'])} @{paged['user']} {decode(paged['rest'])}".strip()
    mention = _ROLE_MENTION.fullmatch(words)
    return f"{decode(mention['head'])} @{mention['user']}" if mention else decode(words)


_PAGE_MENTION = re.compile(
    r"(?P<head>(?:#\d+\s+)?page(?:\s+confirm)?)\s+<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ROLE_MENTION = re.compile(r"(?P<head>(?:#\d+\s+)?role\b[^<]*)<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>\s*", re.IGNORECASE)
