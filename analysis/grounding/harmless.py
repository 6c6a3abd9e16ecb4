"""Words that no cited entry has and that assert nothing which the cited entries do not."""

from collections.abc import Mapping

from analysis.grounding.calendars import is_calendar
from analysis.grounding.causes import is_causative
from analysis.grounding.evidence import Evidence, Source, source
from analysis.grounding.forms import BE
from analysis.grounding.framing import is_framing
from analysis.grounding.measures import Measured
from analysis.grounding.opposites import is_changed
from analysis.grounding.pending import is_to_come
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Ground, Tier
from analysis.grounding.spellings import is_acronym, is_compound
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import complements, keys
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import (
    ACTORS,
    BEGUN,
    FINDING,
    KINDS,
    MACHINES,
    OBSERVING,
    TELLING,
    TEMPORAL,
    TOLD_OF,
)

_UN = "un"
_LEAVE = stem("leave")
_SHORTEST_PRIVATIVE = 6
_ADDING = frozenset({stem("add")})
#: What finds what it is about.
_CHECKS = MACHINES | frozenset(stem(word) for word in ("reconciliation", "job", "scan", "review", "audit", "analysis"))
_LABELS = frozenset(["version", "number", "ticket", "case", "job"])
_BEHIND = 4


def is_harmless(item: Item, sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> bool:
    """Whether *item*, which no cited entry has, adds nothing to what they say."""
    return (
        is_calendar(sentence, item)
        or _is_telling(item, sentence, evidence)
        or _is_observed(item, sentence)
        or _is_reference(item, sentence, record)
        or _is_onset(item, sentence, evidence)
        or is_turned(item, evidence)
        or is_changed(item, sentence, evidence)
        or is_causative(item, sentence, evidence)
        or is_framing(item, sentence, evidence)
        or is_compound(item, sentence, evidence)
        or is_acronym(item, sentence, evidence)
        or _is_kind(item, sentence, evidence)
        or _is_planned(item, sentence, evidence)
        or (
            item.token.stem == _LEAVE
            and any(_is_privative(one, evidence) for one in sentence.clause_of(item) if one.is_content)
        )
    )


def is_turned(item: Item, evidence: Evidence) -> bool:
    """Whether it says by a denial what an entry says by the contrary, or the other way round (`did not succeed`)."""
    return _is_privative(item, evidence) or any(
        one.is_negated is not item.is_negated and not (one.is_negated and _is_none(source_, one))
        for source_ in evidence.sources
        for word in complements(item.token.stem)
        for one in source_.index.get(word, ())
    )


def _is_none(source_: Source, one: Item) -> bool:
    """`no failures`, which is less than that something succeeded."""
    near = source_.reading.items[max(0, one.place - _BEHIND) : one.place]
    return any(other.token.text in {"no", "without", "none"} for other in near)


def _is_telling(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`said` of what an entry has as somebody's words, or of its author; who said it is judged with the tiers."""
    is_put = item.token.text in {"put", "puts"} and any(one.token.text == "at" for one in sentence.items[item.place :])
    if item.is_negated or not (item.token.stem in TELLING | OBSERVING or is_put):
        return False
    if item.token.stem in TELLING and any(_is_speech(one) for one in evidence.sources):
        return True
    rest = sentence.items[item.place + 1 : item.place + 1 + _BEHIND]
    told = [one for one in sentence.clause_of(item) if one.is_content and one.place < item.place]
    if item.token.stem in FINDING and any(one.token.stem in _CHECKS and evidence.sayers(one) for one in told):
        return True
    if item.token.stem in FINDING | _ADDING and not any(one.token.text == "that" for one in rest):
        return False
    before = sentence.at(item.place - 1)
    if before and before.token.text in BE:  # `was reported healthy`, which says less than `was healthy`
        return item.token.stem in TOLD_OF and all(one.who.content for one in evidence.sources)
    tellers = (teller for one in evidence.sources for teller in (*one.who.content, *one.heading))
    who = {key for teller in tellers for key in teller.token.keys}
    return any(one.token.keys & who or (one.token.stem in MACHINES and evidence.sayers(one)) for one in told)


def _is_speech(said: Source) -> bool:
    return said.ground.tier is Tier.SAID or any(one.token.text == "according" for one in said.reading.items)


def _is_observed(item: Item, sentence: Reading) -> bool:
    """`the team saw` and `was observed` of what an entry tells without saying who saw it."""
    before = sentence.at(item.place - 1)
    return (
        item.token.stem in OBSERVING
        and not item.is_negated
        and before is not None
        and (before.token.stem in ACTORS or (before.token.text in BE and item.token.stem not in FINDING))
    )


def _is_reference(item: Item, sentence: Reading, record: Mapping[str, Ground]) -> bool:
    """Whether it only says from when on: `after the partition began`, of a partition that the record knows."""
    clause = [one for one in sentence.clause_of(item) if one.is_word]
    if item.token.is_name or not clause or clause[0].token.text not in TEMPORAL:
        return False
    if not any(one.token.stem in BEGUN for one in clause):
        return False
    return item.token.stem in BEGUN or any(source(label, one).matching(item) for label, one in record.items())


def _is_onset(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`started` of something that an entry tells for a time, or as the first, and does not tell as ended."""
    is_dated = any(one.sort is Measured.CLOCK for one in sentence.measures)
    texts = {one.token.text for source_ in evidence.sources for one in source_.reading.items}
    following = next((one for one in sentence.content if one.place > item.place), None)
    is_growing = following is not None and any(
        one.token.text.endswith("ing") for _, one in evidence.matching(following)
    )
    ended = {key for word in ("finished", "stopped", "ended") for key in keys(stem(word))}
    return (
        item.token.stem in BEGUN
        and (is_dated or is_growing or "first" in texts)
        and not any(one.token.keys & ended for source_ in evidence.sources for one in source_.reading.items)
    )


def _is_planned(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`planned` of what an entry only gives a day to come (`retry next week`)."""
    if item.token.text not in {"planned", "scheduled"} or item.is_negated:
        return False
    own = [one for one in sentence.clause_of(item) if one is not item]
    things = (one for one in own if one.is_content and one.place < item.place)
    found = (pair for thing in things for pair in evidence.matching(thing))
    return is_to_come(own) and any(is_to_come(source_.reading.clause_of(one)) for source_, one in found)


def _is_privative(item: Item, evidence: Evidence) -> bool:
    """`unpatched` of what an entry says was not patched."""
    word = item.token.text
    if item.is_negated or not word.startswith(_UN) or len(word) < _SHORTEST_PRIVATIVE:
        return False
    wanted = keys(stem(word.removeprefix(_UN)))
    return any(one.is_negated for source_ in evidence.sources for key in wanted for one in source_.index.get(key, ()))


def _is_kind(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`service` right behind a name that an entry has (`the Okta service`), and `version` before a number of it."""
    before = sentence.at(item.place - 1)
    after = sentence.at(item.place + 1)
    is_behind = (
        item.token.text in KINDS
        and before is not None
        and (before.token.is_name or (item.token.text == "environment" and before.is_content))
    )
    if is_behind and before is not None and evidence.sayers(before):
        return True
    if item.token.text not in KINDS | _LABELS or after is None:
        return False
    is_number = after.token.sort is Sort.NUMBER
    return is_number or (after.token.sort is Sort.CODE and bool(evidence.sayers(after)))
