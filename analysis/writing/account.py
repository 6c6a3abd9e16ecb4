"""From a model's answer to a section of the document: each sentence filled, restored and checked, or replaced.

The account is a section of its own. Every other section, the header, the timeline and the tables are those of the
templates, byte for byte, whatever a model answers.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from analysis.document import Basis, Document, Row, Section, Statement, evidence
from analysis.events import REVIEW_TAGS, EventKind, Source, Tag
from analysis.grounding.checking import check
from analysis.grounding.records import FailureCode, Ground, Sentence, Tier
from analysis.invisible import INVISIBLE
from analysis.precision import Precision
from analysis.support import Evidence, disagreements
from analysis.wording import instant, stopped
from analysis.writing.answers import MOST_CITED, Part, Proposed, parts_of
from analysis.writing.joining import is_side_by_side
from analysis.writing.slots import Flaw, FlawCode, fill, has_length

KEY, TITLE = "account", "Account"
#: Where the account stands: behind what the templates sum up.
_BEHIND = "summary"
MOST_LETTERS = 400
#: Of another kind than the codes of the checks: what the cited entries say as the document shows it.
AT_ODDS = "at_odds"
_SAID_KINDS = frozenset({EventKind.NOTE, EventKind.MESSAGE})
_STATED_KINDS = frozenset({EventKind.DECLARED, EventKind.IMPACT_SET, EventKind.UPDATE_SENT})
#: What code states of these is so; the words behind it, a title, a reason or an update, prove only that somebody typed
#: them, and often in a hurry.
_TYPED_KINDS = frozenset(
    {
        EventKind.DECLARED,
        EventKind.STATUS_CHANGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.UPDATE_SENT,
        EventKind.PAGED,
    }
)
_WORDS_BEGIN = ": “"
#: What a sentence never holds: other lines, markup, links and mentions, and what nobody can see.
_FORBIDDEN = re.compile(
    rf"[<>\[\]\\\x00-\x1f\x7f-\x9f\u2028\u2029{INVISIBLE}]|://|\bwww\.|\bmailto:|@(?:channel|here|everyone)\b",
    re.IGNORECASE,
)

#: What says that one thing brought about another. A model may say so only of what a person tagged as a cause or
#: trigger, even where an entry says it by itself: that entry's words stand in the timeline as what they are.
_CAUSAL = re.compile(
    r"\b(?:(?:root )?caus(?:e|es|ed|ing|al)|because|due to|owing to|thanks to|as a result|consequently|therefore|"
    r"le(?:d|ads?|ading) to|result(?:s|ed|ing)? (?:in|from)|trigger(?:s|ed|ing)?|brought about|blam(?:e|es|ed|ing)|"
    r"fault)\b",
    re.IGNORECASE,
)
#: When something was, as slots are filled.
_AT = re.compile(r" at \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: UTC)?(?: \((?:time|hour|day) [a-z]+\))?")
#: What would say which cause was found, or by what something was set going.
_NAMED = r"(?![^;]*(?:\b(?:as|by|in|that|to be)\b|[:,]|\((?!time|hour|day)))"
#: How far it is with looking for a cause, and what may follow: the end, another event, or what it is the cause of.
_STATE = (
    r"(?: (?:was|were|had|has|have)(?: been)?)?"
    r"(?: (?:ongoing|under way|began|begun|started|continued|resumed|completed|ended))?"
)
_NO_MORE = (
    r"(?=\.?$| (?:of|for|before|after) | \d+ (?:d|h|min|s)\b"
    r"| and (?!(?:was|were|is|it|this|that|had|has|found|showed)\b))"
)
#: What only says that a cause was looked for or found, and that something, such as a pipeline, was set going.
_NO_CAUSE = re.compile(
    r"\b(?:find|identify|investigate|look for|finding|identifying|investigating|looking for) (?:the |a )?"
    rf"(?:root )?cause{_STATE}\b{_NO_MORE}{_NAMED}"
    rf"|\b(?:root )?cause (?:was|has been|had been) (?:identified|found)\b{_NO_MORE}{_NAMED}"
    rf"|\b(?:investigation|analysis|search) (?:of|for|into) (?:the |a )?(?:root )?cause{_STATE}\b{_NO_MORE}{_NAMED}"
    rf"|\broot cause (?:investigation|analysis){_STATE}\b{_NO_MORE}{_NAMED}"
    r"|\b(?:was|were|been) (?:re-)?triggered\b(?![^;]*\bby\b)"
    r"|\btriggered(?= (?:at|after|for|on|to)\b| \d+ (?:s|min|h)(?: \d+ (?:s|min))? after\b|\.?$)"
    r"(?![^;]*\b(?:a|an|by|the)\b)",
    re.IGNORECASE,
)
#: Tags under which people say what they think of it.
_OPINIONS = frozenset(tag.value for tag in REVIEW_TAGS)
_CAUSES = frozenset({Tag.CAUSE.value, Tag.TRIGGER.value})

#: Puts people back into a text; the second part names placeholders whose values are never put back.
Restore = Callable[[str], tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sentence of a model: as it came, as it would stand, and why it does not; `attempt` counts from 1.

    `cites` are the entries that it stands on: those that the model chose, without one that the sentence does not need.
    """

    proposed: Proposed
    text: str
    cites: tuple[str, ...]
    flaws: tuple[Flaw, ...] = ()
    attempt: int = 1

    @property
    def stands(self) -> bool:
        """Whether it may stand in a document."""
        return not self.flaws


def is_citable(row: Row) -> bool:
    """Whether a model may rest a sentence on *row*: not on words that only were said or are gone."""
    return not row.is_deleted and not row.is_added and _tier(row) is not Tier.SAID


class Judge:
    """Judges sentences by one document that the templates made."""

    def __init__(self, document: Document, restore: Restore, shown: Mapping[str, str] = MappingProxyType({})) -> None:
        """Prepare what every sentence is compared with; *shown* are the entries' words as the model saw them."""
        self._shown = shown
        self._rows = {row.label: row for row in document.timeline}
        self._evidence: Mapping[str, Evidence] = evidence(document)
        self._grounds = {label: _ground(row) for label, row in self._rows.items()}
        self._parts = parts_of(document.timeline)
        self._restore = restore

    def __call__(self, proposed: Proposed, *, attempt: int = 1) -> Judged:
        """What *proposed* would say, and all that speaks against it.

        A model that chooses two entries where one says it all has that one cited alone. Where it needs both, each has
        to say its own half, or the sentence tells how long it is from one to the other: else it welds them together.

        Raises
        ------
        analysis.errors.InvalidInput
            If it has a placeholder that nobody gave out: then nothing of the answer is used.
        """
        whole = self._judged(proposed, proposed.events, attempt)
        if len(proposed.events) != MOST_CITED:
            return whole
        alone = (self._judged(proposed, (label,), attempt) for label in proposed.events)
        found = next((judged for judged in alone if judged.stands), whole)
        if not found.stands or len(found.cites) < MOST_CITED or has_length(proposed.text):
            return found
        if is_side_by_side(found.text, found.cites, self._grounds):
            return found
        return replace(found, flaws=(Flaw(code=FlawCode.WELDED, detail="no entry alone says this"),))

    def _judged(self, proposed: Proposed, cites: tuple[str, ...], attempt: int) -> Judged:
        filled = fill(proposed.text, cites, self._rows, self._shown)
        restored, withheld = self._restore(filled.text)
        text = stopped(restored.replace("`", "").strip())
        flaws = [*self._form(proposed, text), *filled.flaws]
        flaws += [Flaw(code=FlawCode.PLACEHOLDER, detail=f"{one} is never put back") for one in withheld]
        flaws += [] if flaws else self._untrue(text, cites)
        return Judged(proposed=proposed, text=text, cites=cites, flaws=tuple(flaws), attempt=attempt)

    def _form(self, proposed: Proposed, text: str) -> list[Flaw]:
        flaws = []
        if proposed.part not in self._parts:
            flaws.append(Flaw(code=FlawCode.SECTION, detail=f"nobody may draft “{proposed.part[:40]}”"))
        if not 1 <= len(proposed.events) <= MOST_CITED:
            flaws.append(Flaw(code=FlawCode.FORM, detail=f"it cites {len(proposed.events)} entries"))
        if not any(letter.isalpha() for letter in text) or len(text) > MOST_LETTERS:
            flaws.append(Flaw(code=FlawCode.FORM, detail=f"a sentence has 1 to {MOST_LETTERS} letters"))
        if _FORBIDDEN.search(text):
            flaws.append(Flaw(code=FlawCode.FORM, detail="it has markup, a link, a mention or hidden signs in it"))
        return flaws

    def _untrue(self, text: str, events: tuple[str, ...]) -> list[Flaw]:
        said = [label for label in events if label in self._rows and not is_citable(self._rows[label])]
        if said:
            return [Flaw(code=FailureCode.TIER.value, detail=f"{', '.join(said)} proves only that somebody said so")]
        causal = _CAUSAL.search(_NO_CAUSE.sub(" ", _AT.sub("", text)))
        if causal and not any(_CAUSES & set(self._rows[label].tags) for label in events if label in self._rows):
            return [Flaw(code=FailureCode.CAUSE.value, detail=f"nobody tagged as a cause what “{causal[0]}” says")]
        failures = check(Sentence(text=text, cites=events), self._grounds)
        found = [Flaw(code=failure.code.value, detail=failure.detail) for failure in failures]
        odds = disagreements(text, events, self._evidence, may_retell=True)
        return [*found, *(Flaw(code=AT_ODDS, detail=one) for one in odds)]


def final(first: Iterable[Judged], second: Iterable[Judged]) -> tuple[Judged, ...]:
    """Each sentence as it was judged last: a failing one of the *first* answer by its successor, where it has one."""
    later = {judged.proposed.number: judged for judged in second}
    return tuple(judged if judged.stands else later.get(judged.proposed.number, judged) for judged in first)


def with_account(document: Document, judged: Sequence[Judged]) -> Document:
    """*document* with the account: the sentences that stand, and for each other one the templates' of its entries.

    An entry that no sentence may rest on has none there either. Nothing is added where none stands.
    """
    if not any(one.stands for one in judged):
        return document
    rows = {row.label: row for row in document.timeline}
    order = {part.value: place for place, part in enumerate(Part)}
    ordered = sorted(judged, key=lambda one: (order.get(one.proposed.part, len(order)), one.proposed.number))
    statements = [statement for one in ordered for statement in _statements(one, rows)]
    account = Section(key=KEY, title=TITLE, statements=tuple(dict.fromkeys(statements)))
    place = [section.key for section in document.sections].index(_BEHIND) + 1
    return replace(document, sections=(*document.sections[:place], account, *document.sections[place:]))


def verdicts(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """What the model said and what was found, as it is stored and signed with the document.

    The names of the fields are those by which an erasure takes out what rests on an erased entry.
    """
    return [
        {
            "events": list(one.proposed.events),
            "cites": list(one.cites),
            "section": one.proposed.part,
            "said": one.proposed.text,
            # What does not stand is kept as the model gave it, with placeholders: nobody reads the names in it.
            "text": one.text if one.stands else "",
            "attempt": one.attempt,
            "failures": [flaw.code for flaw in one.flaws],
        }
        for one in judged
    ]


def _statements(judged: Judged, rows: Mapping[str, Row]) -> list[Statement]:
    if judged.stands:
        return [Statement(text=judged.text, events=judged.cites, basis=Basis.WRITTEN)]
    cited = judged.proposed.events[:MOST_CITED]
    return [_by_rule(rows[label]) for label in cited if label in rows and is_citable(rows[label])]


def _by_rule(row: Row) -> Statement:
    """The templates' own sentence for one entry."""
    author = f", {row.who}" if row.basis is Basis.QUOTATION else ""
    text = f"{instant(row.at, Precision(row.precision))}{author}: {row.text}"
    return Statement(text=text, events=(row.label,), basis=row.basis)


def _ground(row: Row) -> Ground:
    return Ground(
        at=row.at,
        precision=Precision(row.precision),
        text=_proven(row),
        who=row.who,
        tier=_tier(row),
        tags=row.tags,
        kind=row.kind.replace("_", " "),
    )


def _proven(row: Row) -> str:
    """The words of a row that a sentence may rest on."""
    if EventKind(row.kind) in _TYPED_KINDS and not _is_vouched_for(row):
        return row.text.partition(_WORDS_BEGIN)[0]
    return row.said if row.basis is Basis.QUOTATION else row.text


def _is_vouched_for(row: Row) -> bool:
    """Whether a person tagged it as what happened, or it is of a record from elsewhere, whose writer answers for it."""
    return bool(set(row.tags) - _OPINIONS) or row.source == Source.IMPORT


def _tier(row: Row) -> Tier:
    """What an entry proves."""
    kind = EventKind(row.kind)
    if kind in _STATED_KINDS or _is_vouched_for(row):
        return Tier.PROMOTED
    return Tier.SAID if kind in _SAID_KINDS else Tier.MACHINE
