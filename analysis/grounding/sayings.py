"""What a text gives as the words of somebody: behind a verb of speech, `according to`, `reports of`, or quoted."""

from collections.abc import Iterator
from itertools import groupby

from analysis.grounding.aims import PAST
from analysis.grounding.forms import ARTICLES
from analysis.grounding.quotations import quoted
from analysis.grounding.reading import Item, Reading
from analysis.grounding.vocabulary import (
    ACCORDING,
    MACHINES,
    NEUTRAL,
    PRODUCTS,
    REPORTS,
    SAYERS,
    SAYING,
    SAYING_OF,
    SAYING_THAT,
)

_NEAR = 4
#: Who was informed of something heard of it then; since when it was so, nobody says.
_HEARERS = frozenset({"informed", "notified"})
_OF = frozenset({"of", "that", "about"})
#: Behind a verb of saying with less than this the words stand before it.
_LITTLE = 2

_OPENING = ARTICLES | {
    "its",
    "our",
    "no",
    "all",
    "us",
    "they",
    "he",
    "she",
    "it",
    "we",
    "their",
    "his",
    "her",
    "being",
    "having",
}


def attributed(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A sentence with `according to`, and what follows a verb of saying, or stands before it (`…, he said`)."""
    according = {one.segment for one in reading.items if _is_according(reading, one)}
    yield from (one.place for one in reading.items if one.segment in according)
    yield from quoted(reading)
    yield from _reported(reading)
    for _, members in groupby(reading.items, key=lambda one: one.segment):
        segment = list(members)
        verb = next((one for one in segment if _is_saying(reading, one, parts)), None)
        if verb is None:
            continue
        after = [one for one in segment if verb.place < one.place < _resumed(reading, verb, segment)]
        before = [one for one in segment if one.clause < verb.clause]
        is_behind = verb.token.stem in SAYING and sum(one.is_content for one in after) < _LITTLE
        yield from (one.place for one in (before if is_behind else after))


def _resumed(reading: Reading, verb: Item, segment: list[Item]) -> int:
    """Where the sayer goes on himself: at `and deployed it`, a past after what he says in the present."""
    for one in segment:
        if one.place <= verb.place:
            continue
        if one.token.text in PAST or (one.is_past and one.is_content):
            break
        after = reading.at(one.place + 1)
        if one.token.text == "and" and verb.is_past and after is not None and after.is_past:
            return one.place
    return len(reading.items)


def _reported(reading: Reading) -> Iterator[int]:
    """What follows `reports of` or `complaints that` in its sentence, and what a company named before it reports.

    What somebody was informed of ends with its clause, and before `and` with a verb behind it.
    """
    for item in reading.items:
        before = reading.items[item.place - 1].token if item.place else None
        is_machine = before is not None and bool(before.keys & MACHINES)
        is_noun = item.token.text in REPORTS and reading.text_at(item.place + 1) in _OF
        is_heard = item.token.text in _HEARERS and _behind_time(reading, item) in _OF
        is_name = (
            item.token.text in {"reports", "reported"}
            and before is not None
            and before.is_name
            and before.text not in PRODUCTS
            and item.place + 1 < len(reading.items)
            and _is_object(reading.items[item.place + 1])
        )
        if (is_noun or is_name or is_heard) and not is_machine:
            after = [one for one in reading.items[item.place + 1 :] if one.segment == item.segment]
            yield from (one.place for one in (_heard(after, item) if is_heard else after))


def _behind_time(reading: Reading, item: Item) -> str:
    """The next word, or that behind a time (`was informed at 14:05 of …`)."""
    after = (one for one in reading.items[item.place + 1 :] if not one.is_measured and one.token.text != "at")
    return next((one.token.text for one in after), "")


def _heard(after: list[Item], verb: Item) -> Iterator[Item]:
    """What somebody was informed of (`of the delay`), without what else was done (`and refunds were sent`)."""
    own = [one for one in after if one.clause == verb.clause]
    for number, one in enumerate(own):
        if one.token.text == "and" and any(other.is_past or other.token.text in PAST for other in own[number:]):
            return
        yield one


def _is_according(reading: Reading, item: Item) -> bool:
    """`according to the vendor`, `in his view`, `allegedly`, and `per the vendor` where a sentence begins so."""
    if item.token.text == "according":
        teller = reading.items[item.place + 1 : item.place + 1 + _NEAR]
        return not any(one.token.stem in MACHINES for one in teller)
    if item.token.text in {"view", "opinion"}:
        before = [reading.text_at(place) for place in range(item.place - _NEAR, item.place - 1)]
        return "in" in before
    return item.token.text in ACCORDING or (item.token.text == "per" and reading.is_first(item))


def _is_saying(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether it is a verb by which a person, not a machine, tells what follows."""
    following = reading.items[item.place + 1 : item.place + 1 + _NEAR]
    before = reading.items[max(0, item.place - _NEAR) : item.place]
    teller = before[-1] if before else None
    is_that = item.token.stem in SAYING_THAT and any(one.token.text == "that" for one in following)
    is_verb = teller is not None and teller.is_content and not item.token.text.endswith("ing")
    subject = [one.token.stem for one in before if parts[one.place] == parts[item.place]]
    is_person = teller is not None and (teller.token.stem in SAYERS or (is_verb and bool(set(subject) & SAYERS)))
    is_bare = (item.token.stem in SAYING_OF and is_verb) or (item.token.stem in SAYING_THAT and is_person)
    if not (item.token.stem in SAYING or is_that or (is_bare and following and _is_object(following[0]))):
        return False
    return not any(one.token.stem in MACHINES for one in before if parts[one.place] == parts[item.place])


def _is_object(item: Item) -> bool:
    """Whether words of a clause may begin with it: no preposition and no verb."""
    return item.is_content or item.is_measured or item.token.text in _OPENING or item.token.stem in NEUTRAL
