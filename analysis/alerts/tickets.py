"""Which alerts a closed ticket is about: by what it names outright, else by rule, place and time; never by a guess."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

#: A ticket may be opened a little before its alert arrives, because clocks differ.
SLACK = timedelta(minutes=5)
#: Looked for from its beginning alone: else each sign of a long rule of dashes would be a beginning.
_WORD = re.compile(r"(?<![\w.:/@-])[\w.:/@-]*\w")
_LINK = re.compile(r"https?://[^\s<>\"'|\]\)}]+")
_GROUP = re.compile(r"\bG-([1-9][0-9]{0,8})\b")
_FINGERPRINT = re.compile(r"\b[0-9a-f]{16}\b")
#: A shorter value of a label, or name of a rule, is a word that texts have for other reasons.
_LEAST_LETTERS = 3
_PLACES = (
    *("service", "service_name", "app", "app_kubernetes_io_name", "application", "deployment", "statefulset"),
    *("component", "pod", "pod_name", "instance", "host", "hostname", "node"),
)
_MOST_NAMED = 3
#: Where an alert of PagerDuty has the key by which other systems know it.
_KEY_LABEL = "incident_key"


class TicketVerdict(StrEnum):
    """What a closed ticket says of its alert."""

    MATTERED = "mattered"  #: somebody had to do something about it
    NOISE = "noise"  #: nobody had


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A closed ticket: `where` is its row in words; `references` are what its own fields for that name.

    `places` are the parts that it says are affected; `text` is everything else that people wrote in it.
    """

    where: str
    system: str
    key: str
    verdict: TicketVerdict
    because: str
    opened_at: datetime
    closed_at: datetime | None = None
    references: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A firing on record, the event `seq` of a series; `external_id` is its sender's, `group` is as in G-1."""

    seq: int
    alert_id: UUID
    fingerprint: str
    rule: str
    starts_at: datetime
    external_id: str = ""
    group: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: frozenset[str] = frozenset()


class Way(StrEnum):
    """How a ticket's alert was found, the surest first."""

    ID = "id"  #: the ticket has the sender's id of it
    FINGERPRINT = "fingerprint"  #: the ticket has the fingerprint of its series
    LINK = "link"  #: the ticket has a link that the alert has
    GROUP = "group"  #: the ticket names its group
    RULE_AND_PLACE = "rule and place"  #: the ticket names its rule and where it fired


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a ticket is about; `problem` says in words why nothing was taken."""

    ticket: Ticket
    firings: tuple[Firing, ...] = ()
    way: Way | None = None
    problem: str = ""


class Firings:
    """Firings on record, found by time."""

    def __init__(self, firings: Iterable[Firing]) -> None:
        """Take them in any order."""
        self._ordered = sorted(firings, key=lambda one: (one.starts_at, one.seq))
        self._starts = [one.starts_at for one in self._ordered]

    def between(self, first: datetime, last: datetime) -> Sequence[Firing]:
        """Those that began then, the earliest first."""
        return self._ordered[bisect_left(self._starts, first) : bisect_right(self._starts, last)]


def match(ticket: Ticket, firings: Firings, window: timedelta) -> Matched:
    """The alerts that *ticket* is about, among those that began within *window* before it was opened."""
    near = firings.between(ticket.opened_at - window, ticket.opened_at + SLACK)
    if not near:
        return Matched(ticket=ticket, problem="no alert began in the time before it was opened")
    left, unclear = near, None
    for way, names in _ways(ticket):
        found = [one for one in left if names(one)]
        if not found:
            continue
        matched = _newest(ticket, way, found)
        if matched.firings:
            return matched
        left, unclear = found, unclear or matched
    return unclear or Matched(ticket=ticket, problem="it names no alert that began in the time before it was opened")


def _ways(ticket: Ticket) -> Iterable[tuple[Way, Callable[[Firing], bool]]]:
    """Each way with what tells whether the ticket names a firing by it, the surest first.

    What one way leaves open the next may tell: all alerts of a rule have the link to its runbook.
    """
    named = ticket.references
    texts = " ".join((*sorted(named), ticket.text))
    fingerprints = {*named, *_FINGERPRINT.findall(texts)}
    links = {link.rstrip(".,;:") for link in _LINK.findall(texts)}
    groups = {f"G-{number}" for number in _GROUP.findall(texts)}
    yield Way.ID, lambda one: bool({one.external_id, one.labels.get(_KEY_LABEL, "")} - {""} & named)
    yield Way.FINGERPRINT, lambda one: one.fingerprint in fingerprints
    yield Way.LINK, lambda one: bool(links & one.links)
    yield Way.GROUP, lambda one: one.group in groups
    text = ticket.text.casefold()
    words = {word.casefold() for word in _WORD.findall(ticket.text)}
    places = words | {place.casefold() for place in ticket.places}
    yield Way.RULE_AND_PLACE, lambda one: _is_named(one, text, words, places)


def _newest(ticket: Ticket, way: Way, found: Sequence[Firing]) -> Matched:
    """The newest firing of the one series that was found; of a group, that of each of its series.

    What began after the ticket was opened, by clocks that differ, is taken where nothing began before it.
    """
    newest = {one.fingerprint: one for one in sorted(found, key=lambda one: one.starts_at <= ticket.opened_at)}
    if len(newest) == 1 or (way is Way.GROUP and len({one.group for one in found}) == 1):
        return Matched(ticket=ticket, way=way, firings=tuple(newest.values()))
    some = [f"{one.rule} {_place(one)}".strip() for one in list(newest.values())[:_MOST_NAMED]]
    more = f" and {len(newest) - _MOST_NAMED} more" if len(newest) > _MOST_NAMED else ""
    return Matched(ticket=ticket, problem=f"by its {way} it may be about several alerts: {', '.join(some)}{more}")


def _is_named(firing: Firing, text: str, words: Collection[str], places: Collection[str]) -> bool:
    """Whether a text with these *words* has the rule, and one of *places* is where it fired."""
    rule = firing.rule.casefold()
    is_rule = rule in words if " " not in rule else rule in text
    if len(rule) < _LEAST_LETTERS or not is_rule:
        return False
    return any(place.casefold() in places for place in _places(firing))


def _places(firing: Firing) -> list[str]:
    return [value for name in _PLACES if len(value := firing.labels.get(name, "")) >= _LEAST_LETTERS]


def _place(firing: Firing) -> str:
    return next((f"at {value}" for value in reversed(_places(firing))), "")
