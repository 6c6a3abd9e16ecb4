"""A text as tokens: words with stems and names, numbers, marks; times, dates and lengths come from `measures`.

One regular expression without nested repetition finds them, so the time is linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis.grounding.forms import BE, WAS_OR_BEEN
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import PHRASES, keys
from analysis.grounding.vocabulary import FUNCTION
from analysis.invisible import INVISIBLE


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"  #: a word, in letters
    CODE = "code"  #: an identifier that must stand letter by letter: P0, v1.2.3, eks_bootstrap
    NUMBER = "number"  #: a bare number, with `value`
    CLOCK = "clock"  #: a time of day as it is written
    DATE = "date"  #: a date as it is written
    MARK = "mark"  #: punctuation


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of a text. `keys` is what it can be recognised by; `is_name` where a capital tells a proper name."""

    sort: Sort
    text: str
    stem: str = ""
    keys: frozenset[str] = field(default_factory=frozenset)
    is_name: bool = False
    is_ordinal: bool = False
    is_owner: bool = False  #: written with `'s`
    is_dash: bool = False  #: a hyphen with a space on either side, which parts clauses
    value: float = 0.0


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_TOKEN = re.compile(
    rf"""(?P<date>\b\d{{4}}-\d\d-\d\d(?=T?\b|T\d)|\b(?:{_MONTHS})\.?\s(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\s\d{{4}}\b(?!:))?
        |\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTHS})\b(?:,?\s\d{{4}}\b(?!:))?)
    |(?P<clock>(?<![\d:.])\d{{1,2}}:\d\d(?::\d\d)?(?:[.]\d{{1,6}})?(?:\s?[ap]\.?m\b\.?)?|\b\d{{1,2}}\s?[ap]\.?m\b)
    |(?P<code>[A-Za-z]+(?:-[A-Za-z0-9]+){{0,4}}-\d\w*|[A-Za-z][A-Za-z_]*\d[\w]*(?:[-./:@_]\w+)*|[A-Za-z]+(?:[._@/:][A-Za-z0-9]\w*){{0,8}}[._@:]\w+
        |\d+(?:\.\d+){{2,3}}(?:/\d+|-[a-z]\w*)?|\#\d+|\b\dxx\b)
    |(?P<number>\d+(?:,\d+)*(?:\.\d+)?)
    |(?P<word>[^\W\d_]+(?:['’](?:[^\W\d_])+)?)
    |(?P<mark>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(?=\d\d:)")
_PARTED = re.compile(r"\b([a-z]{2,})-(?=(?:up|down|off|out|back|over|in|on|call)\b)", re.IGNORECASE)
_HUMPS = re.compile(r"\b(?:[A-Z][a-z]{2,}){3,6}\b")
_NOT = re.compile(r"Not([A-Z])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = re.compile(r"\b(re|de|un|pre|dis)-(?=[a-z]{3})", re.IGNORECASE)
_ONES = (
    *(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    ),
    *(["sixteen", "seventeen", "eighteen", "nineteen"]),
)
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_ORDINALS = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_SMALL = {**{word: n for n, word in enumerate(_ONES)}, **_TENS, "dozen": 12}
_GREAT = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000} | {
    "mio": 1_000_000,
    "bn": 1_000_000_000,
}
_LONGEST_NUMBER = 30
_PARTICLES = frozenset({"up", "down", "back", "off", "out", "over"})
_OBJECT = 4
#: Phrases that their verb alone does not tell.
_APART = frozenset(
    stem(word)
    for word in ("failover", "cancelled", "stepdown", "abandoned", "excluded", "wentdown", "scaledown", "scaleup")
)
_OF_NOUNS = ("ment", "ments", "ion", "ions", "ance", "ence")
#: What marks the key of a phrase by its verb.
BASE = "<"


def clean(text: str) -> str:
    """*text* in one spelling: no invisible characters, one form of each letter and dash."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'").replace("\u2011", "-")
    text = text.replace("–", " - ").replace("—", " - ")
    text = _HUMPS.sub(lambda match: _spaced(match.group()), text)
    return _STAMP.sub(r"\1 ", _JOINED.sub(r"\1", _PARTED.sub(r"\1 ", text)))


def _spaced(name: str) -> str:
    """`Kube Node Unready` of `KubeNodeNotReady`."""
    return " ".join(_HUMP.split(_NOT.sub(lambda match: f"Un{match.group(1).lower()}", name)))


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of *text*, which `clean` has gone over, in order."""
    return tuple(_with_phrases(list(_numbers(list(_raw(text))))))


def _raw(text: str) -> Iterator[Token]:
    is_start = True
    for match in _TOKEN.finditer(text):
        sort, shown = str(match.lastgroup), match.group()
        if sort == "word":
            yield from _word(shown, is_start=is_start)
        elif sort == "number" and len(shown) <= _LONGEST_NUMBER:
            yield Token(sort=Sort.NUMBER, text=shown, value=float(shown.replace(",", "")))
        elif sort in {"code", "number"}:
            yield Token(sort=Sort.CODE, text=shown, stem=shown.lower(), keys=_code_keys(shown.lower()), is_name=True)
        else:
            is_dash = shown == "-" and text[match.start() - 1 : match.end() + 1] == " - "
            yield Token(sort=Sort(sort), text=shown, is_dash=is_dash)
        is_start = (sort == "mark" and shown in '.!?:;"“(') or (is_start and sort == "mark")


def _code_keys(shown: str) -> frozenset[str]:
    """An identifier as it stands; a version with and without its `v`."""
    is_version = shown[:1] == "v" and shown[1:2].isdigit()
    return keys(shown) | ({shown[1:]} if is_version else frozenset())


def _word(shown: str, *, is_start: bool) -> Iterator[Token]:
    low = shown.lower()
    if low.endswith("n't") or low == "cannot":
        yield Token(sort=Sort.WORD, text="not", stem="not", keys=frozenset({"not"}))
        low = low.removesuffix("n't")
        low = "can" if low in {"cannot", "ca"} else low
    is_owner = low.endswith("'s") and low.split("'")[0] not in FUNCTION
    low = "oclock" if low == "o'clock" else low.split("'")[0]
    if not low:
        return
    is_acronym = shown.isupper() and len(shown) > 1 and low in {"us", "it", "am"}
    is_label = (shown == "A" and not is_start) or shown == "M"  # `pump A`, no article; `2.1 M`, no minutes
    low = f"{low}." if is_acronym or is_label else low
    base = low if low in FUNCTION else stem(low)
    is_name = shown[:1].isupper() and not (is_start and shown[1:].islower()) and low not in FUNCTION
    is_name = is_name or (len(shown) > 1 and any(letter.isupper() for letter in shown[1:]) and low not in FUNCTION)
    yield Token(sort=Sort.WORD, text=low, stem=base, keys=keys(base), is_name=is_name, is_owner=is_owner)


def _numbers(found: list[Token]) -> Iterator[Token]:
    """Number words as numbers: `twenty-three`, `2 million`, `2.1 Mio`, `third` as an ordinal."""
    place = 0
    while place < len(found):
        length, value = _number_at(found, place)
        if length:
            text = " ".join(one.text for one in found[place : place + length])
            yield Token(sort=Sort.NUMBER, text=text, value=value)
            place += length
        elif found[place].text in _ORDINALS and found[place].sort is Sort.WORD:
            value = float(_ORDINALS.index(found[place].text) + 2)
            yield Token(sort=Sort.NUMBER, text=found[place].text, value=value, is_ordinal=True)
            place += 1
        elif _is_ordinal(found, place):
            yield Token(sort=Sort.NUMBER, text=found[place].text, value=found[place].value, is_ordinal=True)
            place += 2
        else:
            yield found[place]
            place += 1


def _is_ordinal(found: list[Token], place: int) -> bool:
    return (
        found[place].sort is Sort.NUMBER
        and place + 1 < len(found)
        and found[place + 1].text in {"st", "nd", "rd", "th"}
    )


def _number_at(found: list[Token], place: int) -> tuple[int, float]:
    """How many tokens at *place* make one number that words help to write, and its value; 0 where none does."""
    first = found[place]
    after = [one.text for one in found[place + 1 : place + 4]]
    if first.sort is Sort.NUMBER:
        return (2, first.value * _GREAT[after[0]]) if after and after[0] in _GREAT else (0, 0.0)
    if (
        first.sort is not Sort.WORD
        or first.text not in _SMALL
        or (
            first.text == "one"
            and after[:1] != ["oclock"]
            and (not after or after[0] in FUNCTION or not after[0].isalpha())
        )
    ):
        return 0, 0.0
    length, value = 1, float(_SMALL[first.text])
    if first.text in _TENS:
        rest = after[1:] if after[:1] == ["-"] else after
        if rest and rest[0] in _ONES[1:10]:
            length, value = length + len(after) - len(rest) + 1, value + _SMALL[rest[0]]
    following = found[place + length].text if place + length < len(found) else ""
    return (length + 1, value * _GREAT[following]) if following in _GREAT else (length, value)


def _with_phrases(found: list[Token]) -> Iterator[Token]:
    """A verb and its particle as one word, also where its object stands between them (`rolled it back`)."""
    dropped: set[int] = set()
    for place, one in enumerate(found):
        if place in dropped:
            continue
        length, whole = _phrase_at(found, place)
        apart = 0 if length or one.sort is not Sort.WORD else _particle_after(found, place)
        if length:
            dropped.update(range(place + 1, place + length))
            words = " ".join(other.text for other in found[place : place + length])
            text = whole if whole in FUNCTION else words if one.text in FUNCTION else one.text
            is_compound = whole == found[place + length - 1].stem
            own = keys(whole) if is_compound else _phrase_keys(one, whole)
            yield replace(one, stem=whole, text=text, keys=own)
        elif apart:
            whole = PHRASES[(one.stem, found[apart].text)]
            dropped.add(apart)
            yield replace(one, stem=whole, keys=_phrase_keys(one, whole))
        else:
            yield one


def _phrase_keys(one: Token, whole: str) -> frozenset[str]:
    """The keys of a phrase; its verb alone is the same, but not another phrase of that verb."""
    return keys(whole) | (frozenset() if whole in _APART else {BASE + stem(one.text)})


def _phrase_at(found: list[Token], place: int) -> tuple[int, str]:
    """How many tokens from *place* are a set phrase, the longest, and the word that it stands for."""
    stems = tuple(stem(other.text) if other.sort is Sort.WORD else "" for other in found[place : place + 3])
    for length in (3, 2):
        if len(stems) >= length and stems[:length] in PHRASES and not _is_achieved(found, place):
            return length, PHRASES[stems[:length]]
    return 0, ""


def _is_achieved(found: list[Token], place: int) -> bool:
    """Whether it is `were able`: who was able to do something did it, while `are able to` and `could` leave it open."""
    return found[place].text in WAS_OR_BEEN and found[place + 1].text == "able"


def _particle_after(found: list[Token], place: int) -> int:
    """Where the particle of the verb at *place* stands behind its object, or 0."""
    if found[place].text.endswith(_OF_NOUNS):  # `payment service back` is not paid back
        return 0
    for far in range(place + 1, min(place + 2 + _OBJECT, len(found))):
        if found[far].sort not in {Sort.WORD, Sort.CODE, Sort.NUMBER} and found[far].text != "-":
            return 0
        if found[far].text in BE:
            return 0
        if far > place + 1 and found[far].text in _PARTICLES:
            return far if (found[place].stem, found[far].text) in PHRASES else 0
    return 0
