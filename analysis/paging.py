"""A page: somebody is asked for through the pager, and what the pager says became of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.errors import InvalidInput
from analysis.incident import Incident, Severity, Visibility
from analysis.masking import masked
from analysis.slacktext import clean, truncate

#: What a pager shows of a page; PagerDuty's own limit for a summary is 1,024 letters.
TITLE_LETTERS, TEXT_LETTERS = 150, 300
#: So much may be typed; the rest belongs into a note.
MOST_TYPED = 500
CONFIRM, ACKNOWLEDGE, RESOLVE = "confirm", "acknowledge", "resolve"
#: Words that `page` gives a meaning of its own, so nothing may be called by them.
RESERVED = frozenset({CONFIRM, ACKNOWLEDGE, "ack", RESOLVE, "list", "policy"})
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PERSON = re.compile(r"<?@[^\s<>]{1,80}>?")
_PAGE_NUMBER = re.compile(r"#?([0-9]{1,6})")
#: What people put around a name as they type it: “payments: disk is full”.
_AROUND = ":,;\"'`“”‘’"
_USAGE = "Say whom: `page payments what is wrong`, `page @name` or `page policy core`."


class TargetKind(StrEnum):
    """Who or what is paged."""

    SERVICE = "service"  #: whoever is on call for a service, by its own rules
    POLICY = "policy"  #: whoever an escalation policy names
    PERSON = "person"  #: one person


class PageStatus(StrEnum):
    """Where a page is; each is a fact of the incident's ledger."""

    ASKED = "asked"  #: on record, on its way to the pager
    SENT = "sent"  #: the pager took it
    FAILED = "failed"  #: the pager has not got it, and nothing more is tried
    ACKNOWLEDGED = "acknowledged"  #: somebody works on it
    RESOLVED = "resolved"  #: it is over


class PageNews(StrEnum):
    """What a pager, or somebody here, says of a page that the pager has."""

    ACKNOWLEDGED = "acknowledged"  #: somebody works on it
    RESOLVED = "resolved"  #: it is over
    REOPENED = "reopened"  #: it is open again, or nobody works on it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Whom `page` names, and what it tells them; `kind` and `name` are empty for a page that is there already."""

    kind: TargetKind
    name: str
    text: str
    is_confirmed: bool

    @property
    def spoken(self) -> str:
        """The words that mean the same, once confirmed."""
        return f"{CONFIRM} {spoken_target(self.kind, self.name)} {self.text}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWords:
    """A page that is there already, and what is said of it."""

    news: PageNews
    number: int


def page_words(words: str) -> PageWords | AnswerWords:
    """Read what follows `page`.

    Raises
    ------
    analysis.errors.InvalidInput
        If it names nobody.
    """
    first, rest = _split(words)
    if first.lower() in _ANSWERS:
        return _answer(_ANSWERS[first.lower()], rest)
    is_confirmed = first.lower() == CONFIRM
    if is_confirmed:
        first, rest = _split(rest)
    kind = TargetKind.SERVICE
    if first.lower() == TargetKind.POLICY:
        kind = TargetKind.POLICY
        first, rest = _split(rest)
    elif first.startswith(("@", "<@")):
        kind = TargetKind.PERSON
    is_name = _PERSON.fullmatch(first) if kind is TargetKind.PERSON else NAME.fullmatch(first)
    if not is_name:
        raise InvalidInput(_USAGE)
    if len(rest) > MOST_TYPED:
        message = f"This is {len(rest)} letters long; {MOST_TYPED} fit in a page. Shorten it, nobody was paged."
        raise InvalidInput(message)
    return PageWords(kind=kind, name=first, text=rest, is_confirmed=is_confirmed)


def spoken_target(kind: TargetKind, name: str) -> str:
    """A target as it is typed."""
    return f"policy {name}" if kind is TargetKind.POLICY else name


def what_leaves(incident: Incident, text: str) -> str:
    """The one line that a pager is told; of a private incident only its number and severity.

    Masked here once more, although the record is masked: what leaves cannot be taken back.
    """
    about = f"Incident {incident.reference}, {incident.severity}"
    if incident.visibility is Visibility.PRIVATE:
        return f"{about}: it is private, open Debrief in Slack"
    title = _outward(incident.shown_title, TITLE_LETTERS)
    said = _outward(text, TEXT_LETTERS)
    return f"{about}: {title}. {said}" if said else f"{about}: {title}"


def urgency_of(severity: Severity) -> str:
    """The Events API's word for it: who is paged by a person must be woken, so it is never a warning."""
    return "critical" if severity in {Severity.SEV1, Severity.SEV2} else "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The latest instant at which each thing was said of a page; joining two is the same in any order."""

    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None

    def hear(self, news: PageNews, at: datetime) -> "Told":
        """The same with *news* of the instant *at*; what is older than what is known changes nothing."""
        return Told(
            acknowledged_at=_later(self.acknowledged_at, at if news is PageNews.ACKNOWLEDGED else None),
            resolved_at=_later(self.resolved_at, at if news is PageNews.RESOLVED else None),
            reopened_at=_later(self.reopened_at, at if news is PageNews.REOPENED else None),
        )

    def since(self, news: PageNews) -> datetime | None:
        """The latest instant at which *news* was said."""
        return {
            PageNews.ACKNOWLEDGED: self.acknowledged_at,
            PageNews.RESOLVED: self.resolved_at,
            PageNews.REOPENED: self.reopened_at,
        }[news]

    @property
    def status(self) -> PageStatus:
        """Where that leaves the page: a resolution counts until it is reopened, then an acknowledgement likewise."""
        if _holds(self.resolved_at, self.reopened_at):
            return PageStatus.RESOLVED
        return PageStatus.ACKNOWLEDGED if _holds(self.acknowledged_at, self.reopened_at) else PageStatus.SENT


def _split(words: str) -> tuple[str, str]:
    first, *rest = words.split(maxsplit=1) or [""]
    return first.strip(_AROUND), "".join(rest).strip()


def _answer(news: PageNews, words: str) -> AnswerWords:
    found = _PAGE_NUMBER.fullmatch(words)
    if not found:
        message = f"Say which page by its number: `page {_VERBS[news]} 1`. `page` alone lists them."
        raise InvalidInput(message)
    return AnswerWords(news=news, number=int(found[1]))


def _outward(text: str, letters: int) -> str:
    return truncate(masked(" ".join(clean(text).split())), letters)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [at for at in (one, other) if at is not None]
    return max(known, default=None)


def _holds(at: datetime | None, reopened_at: datetime | None) -> bool:
    return at is not None and (reopened_at is None or at > reopened_at)


_ANSWERS = {
    ACKNOWLEDGE: PageNews.ACKNOWLEDGED,
    "ack": PageNews.ACKNOWLEDGED,
    RESOLVE: PageNews.RESOLVED,
}
_VERBS = {PageNews.ACKNOWLEDGED: ACKNOWLEDGE, PageNews.RESOLVED: RESOLVE}
