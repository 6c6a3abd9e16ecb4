"""The public door: `check`."""

from collections.abc import Iterator, Mapping

from analysis.grounding.amounts import needed, wrong_amounts
from analysis.grounding.bearing import bearing, denied_there, unborne
from analysis.grounding.calendars import wrong_dates, wrong_days
from analysis.grounding.causes import wrong_causes
from analysis.grounding.complements import wrong_complements
from analysis.grounding.degrees import wrong_degrees
from analysis.grounding.evidence import gathered
from analysis.grounding.leads import wrong_labels
from analysis.grounding.limits import weightless, wrong_denials, wrong_quantifiers, wrong_quotes, wrong_tiers
from analysis.grounding.modifiers import wrong_modifiers
from analysis.grounding.naming import says_nothing
from analysis.grounding.opposites import opposites
from analysis.grounding.ordering import wrong_order
from analysis.grounding.privatives import wrong_privatives
from analysis.grounding.reading import read
from analysis.grounding.records import Failure, FailureCode, Ground, Sentence
from analysis.grounding.reserves import Reserves, without_reserve
from analysis.grounding.roles import denied_of_all, unfit, wrong_roles
from analysis.grounding.tellers import wrong_tellers
from analysis.grounding.together import apart
from analysis.grounding.words import bare_denials, unsupported

#: A longer text is more than one sentence, and fails: the time that a check takes stays bounded.
MOST_CHARACTERS = 1_000


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
    reading, evidence = read(sentence.text), gathered(sentence.cites, record)
    reserves = Reserves.of(reading, evidence)
    borne = bearing(reading, evidence, reserves)
    found = [
        *says_nothing(reading, evidence),
        *wrong_tiers(reading, evidence),
        *wrong_quotes(sentence.text, evidence),
        *wrong_amounts(reading, evidence),
        *wrong_labels(reading, evidence),
        *wrong_days(reading, evidence),
        *wrong_dates(reading, evidence),
        *unsupported(reading, evidence, record),
        *opposites(reading, evidence),
        *bare_denials(reading, evidence),
        *without_reserve(reading, evidence, reserves),
        *wrong_quantifiers(reading, evidence, record),
        *wrong_degrees(reading, evidence),
        *wrong_denials(reading, evidence),
        *wrong_causes(reading, evidence),
        *wrong_order(reading, evidence),
        *wrong_roles(reading, evidence),
        *wrong_tellers(reading, evidence),
        *apart(reading, evidence, borne),
        *weightless(reading, evidence, needed(reading, evidence)),
    ]
    # These say of whole clauses what the others say of single words, which for whoever reads it is enough.
    found = found or [
        *denied_there(reading, evidence),
        *wrong_privatives(reading, evidence),
        *unborne(reading, evidence, borne),
        *unfit(reading, borne),
        *denied_of_all(reading, borne),
        *wrong_complements(reading, evidence),
        *wrong_modifiers(reading, evidence),
    ]
    return tuple(dict.fromkeys(found))


def _missing(sentence: Sentence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    if not sentence.cites:
        yield Failure(code=FailureCode.CITATION, detail="it cites nothing")
    for label in dict.fromkeys(sentence.cites):
        if label not in record:
            yield Failure(code=FailureCode.CITATION, detail=f"{label} is not on the record")
