"""Which entries to ask about where a milestone is not set: the words of one sound as if it told of it.

Nothing is set by this, so nothing is guessed: a person reads the question with the entry in it and answers.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType

from analysis.events import EventKind
from analysis.milestones import Milestone, Phase
from analysis.statements import Record, when
from analysis.telling import said
from analysis.timeline import Entry
from analysis.wording import excerpt, joined

MOST_SUGGESTED = 2
_OVER = re.compile(
    r"\b(?:resolved|recover(?:ed|y|s)|restored|fixed|operational|back (?:to (?:\w+ )?normal|online|up)|working again"
    r"|(?:confirmed|verified) working|(?:working|running) as (?:expected|intended)|fix works"
    r"|(?:incident|outage|issue) (?:is |was )?closed"
    r"|(?:running|available|serving|sending|shipping)\b[^.;]{0,60}\bagain)\b",
    re.IGNORECASE,
)
_WORDS: Mapping[Milestone, re.Pattern[str]] = MappingProxyType(
    {
        Milestone.DETECTION: re.compile(
            r"\b(?:detect(?:s|ed|ion)?|notice[ds]|alert(?:s|ed)?|alarms?|paged|discover(?:ed|y)|informed of"
            r"|report(?:ed|s? of))\b",
            re.IGNORECASE,
        ),
        Milestone.MITIGATION: re.compile(
            r"\b(?:mitigat(?:ed|ion)|rolled back|rollback|revert(?:ed)?|workaround|failed over)\b", re.IGNORECASE
        ),
        Milestone.RECOVERY: _OVER,
        Milestone.RESOLUTION: _OVER,
    }
)
#: So begins a clause that says that it did not happen.
_DENIED = re.compile(
    r"(?:\b(?:not|no|nothing|never|without|unable|cannot|attempted)|n['’]t)\b[^.,;:\]]*$", re.IGNORECASE
)
#: What is only begun has mitigated and ended nothing.
_BEGUN = re.compile(
    r"\b(?:began|begins?|start(?:s|ed|ing)?|trigger(?:s|ed|ing)?|working on)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
#: A sentence with these words tells why it broke, not that somebody saw it or that it was over.
_CAUSE = re.compile(r"\broot cause\b", re.IGNORECASE)
#: Whoever has found the cause has noticed before, as whoever says that it is over.
_CAUSE_FOUND = re.compile(
    r"\bcause (?:is |was |has been )?(?:identified|found|known|understood|confirmed)\b"
    r"|\b(?:identified|found) the (?:root )?cause\b",
    re.IGNORECASE,
)
#: What is reported to be well is no detection.
_WELL = re.compile(r"\b(?:all (?:fine|good|well|ok|okay|clear|healthy)|no (?:issues?|problems?))\b", re.IGNORECASE)


def questions(record: Record, phase: Phase, missing: Sequence[Milestone]) -> str:
    """For entries that sound like one of *missing*, each with its words and what it might be; empty without any."""
    might_be: dict[str, tuple[Entry, list[Milestone]]] = {}
    for milestone in missing:
        for entry in _sounding_like(record, phase, milestone):
            might_be.setdefault(entry.label, (entry, []))[1].append(milestone)
    return " ".join(
        f"{entry.label}, {when(entry)}, says {excerpt(record.voice.plain(said(entry)))}: was that "
        f"{joined([f'the {one}' for one in milestones], last='or')}?"
        for entry, milestones in might_be.values()
    )


def _sounding_like(record: Record, phase: Phase, milestone: Milestone) -> Sequence[Entry]:
    """The first such entries of the phase, or the last for what ends it."""
    entries = [one for one in record.of_kind(EventKind.NOTE, EventKind.MESSAGE) if _is_in(record, phase, one)]
    if milestone is Milestone.DETECTION:
        unknown = takewhile(lambda one: not _holds(said(one), _CAUSE_FOUND) and not _holds(said(one), _OVER), entries)
        entries = [one for one in unknown if not _WELL.search(said(one))]
    found = [one for one in entries if _tells(said(one), milestone)]
    return found[-MOST_SUGGESTED:] if _WORDS[milestone] is _OVER else found[:MOST_SUGGESTED]


def _tells(text: str, milestone: Milestone) -> bool:
    without = (_DENIED,) if milestone is Milestone.DETECTION else (_DENIED, _BEGUN)
    return not _CAUSE.search(text) and _holds(text, _WORDS[milestone], without=without)


def _holds(text: str, words: re.Pattern[str], *, without: Sequence[re.Pattern[str]] = (_DENIED,)) -> bool:
    """Whether *text* has one of *words* behind none of *without*."""
    before = (text[: one.start()] for one in words.finditer(text))
    return any(not any(each.search(one) for each in without) for one in before)


def _is_in(record: Record, phase: Phase, entry: Entry) -> bool:
    """Whether *entry* lies in *phase*; what came before the first declaration belongs to the first."""
    begun = [one.number for one in record.phases if one.started_at <= entry.at]
    return phase.number == (begun[-1] if begun else record.phases[0].number)
