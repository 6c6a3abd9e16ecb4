"""The public door: `check`."""

import re
from collections.abc import Iterator, Mapping

from analysis.grounding.amounts import needed, wrong_amounts
from analysis.grounding.authors import wrong_authors
from analysis.grounding.bearing import Places, bearing, denied_there, unborne
from analysis.grounding.calendars import wrong_dates, wrong_days
from analysis.grounding.causes import wrong_causes
from analysis.grounding.choices import wrong_choices
from analysis.grounding.complements import wrong_complements
from analysis.grounding.contrasts import exchanged
from analysis.grounding.degrees import wrong_degrees
from analysis.grounding.evidence import Evidence, gathered
from analysis.grounding.exchanges import exchanged_nouns
from analysis.grounding.kinds import dropped_kinds
from analysis.grounding.leads import wrong_labels
from analysis.grounding.limits import weightless, wrong_denials, wrong_quantifiers, wrong_quotes, wrong_tiers
from analysis.grounding.mixtures import mixed_halves
from analysis.grounding.modifiers import wrong_modifiers
from analysis.grounding.naming import says_nothing
from analysis.grounding.notices import counted_from_notices
from analysis.grounding.opposites import opposites
from analysis.grounding.ordering import wrong_order
from analysis.grounding.owners import wrong_owners, wrong_speakers
from analysis.grounding.privatives import wrong_privatives
from analysis.grounding.reading import Reading, read
from analysis.grounding.records import Failure, FailureCode, Ground, Sentence
from analysis.grounding.reserves import Reserves, without_reserve
from analysis.grounding.restrictions import dropped_limits
from analysis.grounding.roles import denied_of_all, unfit, wrong_roles
from analysis.grounding.staying import wrong_stays
from analysis.grounding.tellers import wrong_tellers
from analysis.grounding.things import other_doers, other_doings, other_states, other_things
from analysis.grounding.together import apart
from analysis.grounding.universals import wrong_universals
from analysis.grounding.words import bare_denials, unsupported

#: A longer text is more than one sentence, and fails: the time that a check takes stays bounded.
MOST_CHARACTERS = 1_000
#: How a document says how exactly a time or length beside it is known; it tells nothing that a person would have to.
_NOTE = re.compile(r"(\b(?:UTC|h|min|days?|\d\d)) \((?:time uncertain|hour only|day only)\)")
#: A time of which the hour alone is known, as a document has it, and as a clock has it.
_HOUR = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d) h(?= UTC\b)")


def check(sentence: Sentence, record: Mapping[str, Ground]) -> tuple[Failure, ...]:
    """Why *sentence* does not follow from the entries of *record* that it cites; empty where it does.

    Every failure is found by code from the record alone. The same arguments give the same answer, any text has one.
    """
    if len(sentence.text) > MOST_CHARACTERS:
        detail = f"it has more than {MOST_CHARACTERS} characters; split it"
        return (Failure(code=FailureCode.LENGTH, detail=detail),)
    missing = tuple(_missing(sentence, record))
    if missing:
        return missing
    reading, evidence = read(_plain(sentence.text)), gathered(sentence.cites, record)
    reserves = Reserves.of(reading, evidence)
    borne = bearing(reading, evidence, reserves)
    found = (
        *wrong_quotes(sentence.text, evidence),
        *_of_words(reading, evidence, record),
        *without_reserve(reading, evidence, reserves),
        *counted_from_notices(reading, evidence, reserves),
        *wrong_order(reading, evidence, borne),
        *apart(reading, evidence, borne),
    )
    # What whole clauses are refused for says of them what the others say of single words: those are enough to read.
    return tuple(dict.fromkeys(found or _of_clauses(reading, evidence, borne)))


def _plain(text: str) -> str:
    return _NOTE.sub(r"\1", _HOUR.sub(r"\1:00", text))


def _of_words(sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    yield from says_nothing(sentence, evidence)
    yield from wrong_tiers(sentence, evidence)
    yield from wrong_amounts(sentence, evidence)
    yield from wrong_labels(sentence, evidence)
    yield from wrong_days(sentence, evidence)
    yield from wrong_dates(sentence, evidence)
    yield from unsupported(sentence, evidence, record)
    yield from opposites(sentence, evidence)
    yield from bare_denials(sentence, evidence)
    yield from wrong_quantifiers(sentence, evidence, record)
    yield from wrong_universals(sentence, evidence)
    yield from wrong_degrees(sentence, evidence)
    yield from wrong_denials(sentence, evidence)
    yield from wrong_causes(sentence, evidence)
    yield from exchanged(sentence, evidence)
    yield from wrong_roles(sentence, evidence)
    yield from wrong_tellers(sentence, evidence)
    yield from wrong_authors(sentence, evidence)
    yield from wrong_owners(sentence, evidence)
    yield from wrong_speakers(sentence, evidence)
    yield from weightless(sentence, evidence, needed(sentence, evidence))


def _of_clauses(sentence: Reading, evidence: Evidence, borne: Places) -> Iterator[Failure]:
    yield from denied_there(sentence, evidence)
    yield from wrong_privatives(sentence, evidence)
    yield from unborne(sentence, evidence, borne)
    yield from unfit(sentence, borne)
    yield from denied_of_all(sentence, borne)
    yield from wrong_complements(sentence, evidence)
    yield from wrong_modifiers(sentence, evidence)
    yield from exchanged_nouns(sentence, evidence)
    yield from wrong_choices(sentence, evidence)
    yield from mixed_halves(sentence, evidence)
    yield from wrong_stays(sentence, evidence)
    yield from other_things(sentence, borne)
    yield from other_doings(sentence, borne)
    yield from other_doers(sentence, borne)
    yield from other_states(sentence, borne)
    yield from dropped_limits(sentence, borne)
    yield from dropped_kinds(sentence, borne)


def _missing(sentence: Sentence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    if not sentence.cites:
        yield Failure(code=FailureCode.CITATION, detail="it cites nothing")
    for label in dict.fromkeys(sentence.cites):
        if label not in record:
            yield Failure(code=FailureCode.CITATION, detail=f"{label} is not on the record")
