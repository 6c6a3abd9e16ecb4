"""Which words may leave: those of a neutral vocabulary, by their stems, and those that the site named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from analysis.outgoing.found import Span
from analysis.outgoing.ordinary_words_a import ORDINARY_WORDS_A
from analysis.outgoing.ordinary_words_f import ORDINARY_WORDS_F
from analysis.outgoing.ordinary_words_n import ORDINARY_WORDS_N
from analysis.outgoing.technical_words import NAMELIKE_WORDS, NAMES_FIRST, TECHNICAL_WORDS
from analysis.outgoing.vault import Kind

_NAMES_FIRST = frozenset(NAMES_FIRST.split())
NEUTRAL_WORDS = (
    frozenset(f"{ORDINARY_WORDS_A} {ORDINARY_WORDS_F} {ORDINARY_WORDS_N} {TECHNICAL_WORDS}".split()) - _NAMES_FIRST
)
_NAMELIKE = frozenset(NAMELIKE_WORDS.split())

#: Endings of English with what a stem has in their place; the longer ones first where it matters.
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("iest", "y"), ("ier", "y"), ("ily", "y"), ("iness", "y"), ("sses", "ss"),
    ("es", "e"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ings", ""), ("ings", "e"), ("ed", ""), ("ed", "e"),
    ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("est", ""), ("est", "e"), ("ly", ""), ("ly", "le"),
    ("ness", ""), ("able", ""), ("able", "e"), ("ability", "able"), ("ment", ""), ("ments", ""),
    ("ation", "e"), ("ations", "e"), ("ion", ""), ("ion", "e"), ("ions", ""), ("ions", "e"),
    ("al", ""), ("ally", "al"), ("ally", ""), ("less", ""), ("ful", ""), ("fully", "ful"),
)  # fmt: skip
_PREFIXES = ("un", "re", "pre", "non", "mis", "over", "under", "inter", "multi", "sub", "auto", "de", "dis")
_LEAST_STEM = 3
#: A longer run of letters is no word; several written as one are up to four times as long.
_LONGEST = 24
_MOST_REMEMBERED = 20_000

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_CLITIC = re.compile(r"['’](?:s|t|d|m|re|ve|ll)$", re.IGNORECASE)
_MOST_DIGITS, _MOST_PARTS = 4, 4
#: How many capitalised words after an unknown one are taken for a part of the same name.
_FOLLOWERS = 2
#: After these a capitalised word is whom they mean, whatever else it means: `customer Orange`, `merchant Capital One`.
_CALLED = frozenset(
    {"customer", "client", "merchant", "partner", "issuer", "acquirer", "vendor", "tenant", "supplier", "processor"}
)
_AUXILIARIES = frozenset({"may", "will"})
#: What is told by digits and yet is nobody's: hashes of commits, codes of errors, terms, and a count of five or six.
_NOBODYS = re.compile(
    r"(?i:(?<![a-z])(?:commit|sha|revision|rev|changeset|reverted|git [a-z-]{3,12})[ \t:=#(]{1,3})"
    r"(?P<hash>(?=[0-9]{0,11}[a-f])(?=[a-f]{0,11}[0-9])[0-9a-f]{7,12})(?![\w-])"
    r"|(?<![\w-])(?:(?:ORA|TNS|PLS|RMAN|DB2)-(?P<vendor>[0-9]{5})|(?P<mongo>E[0-9]{5})"
    r"|SQLSTATE[ \t:=\[(]{1,2}(?P<state>[0-9A-Z]{5})|(?i:error|errno|errcode)[ \t:=#(]{1,2}(?P<code>[0-9]{5})"
    r"|(?P<term>[1-5]xx|[23]FA|3DS[12]?|MT[0-9]{3}|[0-9]{1,4}[KMGT]i|0x[0-9a-fA-F]{1,4}))(?![\w-])"
    r"|(?<=java\.)(?P<package>lang)(?=\.)"
    r"|(?<![\w.,/#-])(?P<count>[1-9][0-9]{4,5})(?= ?(?:ms|milliseconds?|seconds?|s|minutes?|[kmgt]i?b|bytes?|[rtq]ps"
    r"|requests?|messages?|payments?|transactions?|transfers?|rows?|records?|events?|errors?|connections?)(?![\w-]))"
)
#: Initials before a name.
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_a-z]\.[ -]?){1,3}\Z")
_MOST_INITIALS = 9
#: Between an unknown word and the number of whatever it names, and what is no such number.
_NUMBER_GAP, _YEAR = re.compile(r"[ \n]?[.:=#]?[ \n]?"), re.compile(r"20[1-3][0-9]")
_NUMBER = re.compile(r"[0-9]{3,4}[A-Za-z]?")
#: Between two words of one name.
_NAME_GAP = re.compile(r"[ _-]")


class Words:
    """Judges words; *known* are those of the site, in any case, and *learned* the names that were seen elsewhere."""

    def __init__(self, known: frozenset[str]) -> None:
        """Know the site's words beside the neutral ones."""
        self._known = frozenset(part for word in known for part in _PART.findall(word.casefold()))
        self._learned: set[str] = set()
        self._called: set[str] = set()

    def learn(self, name: str) -> None:
        """Take the words of *name* for names from now on, in any case, unless they are ordinary ones as well."""
        self._learned.update(part for part in _PART.findall(name.casefold()) if not self._is_neutral(part))

    def unknown(self, text: str) -> Iterator[Span]:
        """Everything in a folded text that may not leave, in reading order; capitalised words in a row are one name."""
        name: Span | None = None
        followers = 0
        for token, kind in self._judged(text):
            end = _without_clitic(token)
            is_capitalised = _is_capitalised(token[0]) and kind in {None, Kind.NAME}
            is_beside = name is not None and _NAME_GAP.fullmatch(text, name.end, token.start()) is not None
            if name and is_capitalised and is_beside and followers < _FOLLOWERS:
                name = replace(name, end=end)
                followers += 1
                continue
            if name:
                yield name
            name, followers = None, 0
            if kind is Kind.NAME and is_capitalised:
                name = Span(start=with_initials(token.start(), text), end=end, kind=kind)
            elif kind:
                yield Span(start=token.start(), end=end, kind=kind)
        if name:
            yield name

    def _judged(self, text: str) -> Iterator[tuple[re.Match[str], Kind | None]]:
        """Each token and what it must be taken for; `mark` beside an unknown word or `stone` is a name."""
        tokens = list(_TOKEN.finditer(text))
        self._called.update(_called(text, tokens))
        nobodys = {at for match in _NOBODYS.finditer(text) for at in (match.start(), match.start(match.lastgroup or 0))}
        kinds = [None if token.start() in nobodys else self._kind(token[0]) for token in tokens]
        likely = [self._is_namelike(token[0]) for token in tokens]
        beside = [bool(_NAME_GAP.fullmatch(text, one.end(), two.start())) for one, two in pairwise(tokens)]
        for place, token in enumerate(tokens):
            kind = kinds[place]
            if kind is None and likely[place]:
                around = [place - 1] * bool(place and beside[place - 1])
                around += [place + 1] * bool(place < len(beside) and beside[place])
                if any(kinds[one] is Kind.NAME or _are_a_name(tokens, likely, *sorted((place, one))) for one in around):
                    kind = Kind.NAME
            elif place and kinds[place - 1] and kind is None and _is_its_number(text, tokens[place - 1], token):
                kind = kinds[place] = Kind.CODE
            yield token, kind

    def _kind(self, token: str) -> Kind | None:
        """What *token* must be taken for, if it may not leave."""
        word = _CLITIC.sub("", token)
        parts = _PART.findall(word)
        letters = [part for part in parts if not part.isdigit()]
        digits = [part for part in parts if part.isdigit()]
        is_short = len(parts) <= _MOST_PARTS and all(len(part) <= _MOST_DIGITS for part in digits)
        if not letters:
            return None if is_short else Kind.NUMBER
        may_leave = all(map(self._may_leave, letters))
        if digits:
            is_joined = len(letters) > 1 and min(len(letters[0]), len(letters[-1])) >= _LEAST_STEM
            is_joined = is_joined or (len(parts) >= _MOST_PARTS and max(map(len, letters)) < _LEAST_STEM)
            return None if is_short and may_leave and not is_joined else Kind.CODE
        return None if may_leave and not (_is_capitalised(word) and self._is_namelike(word)) else Kind.NAME

    def _is_namelike(self, word: str) -> bool:
        """Whether *word* is an ordinary one that is somebody's name as well."""
        lower = word.casefold()
        return (is_namelike(lower) or lower in self._called) and lower not in self._known

    def _may_leave(self, part: str) -> bool:
        lower = part.casefold()
        if len(lower) == 1 and lower.isascii():
            return True
        if lower in self._learned or len(lower) > _LONGEST * _MOST_PARTS:
            return False
        humps = _humps(part)
        # The longer a word, the rather it falls into short ones by chance.
        is_told = len(lower) <= _LONGEST or min(map(len, humps), default=0) > 1
        is_neutral_whole = len(lower) <= _LONGEST and self._is_neutral(lower)
        return is_neutral_whole or (not part.islower() and is_told and all(map(self._is_neutral, humps)))

    def _is_neutral(self, lower: str) -> bool:
        return lower in self._known or is_neutral(lower)


def _called(text: str, tokens: Sequence[re.Match[str]]) -> Iterator[str]:
    """The words of *tokens* that stand as the name of a company would, in small letters; `customer API` is none."""
    for before, token in pairwise(tokens):
        word = _CLITIC.sub("", token[0])
        is_name = _is_capitalised(word) and (len(word) == 1 or not word.isupper())
        if is_name and before[0] in _CALLED and text[before.end() : token.start()] == " ":
            yield word.casefold()


@lru_cache(maxsize=_MOST_REMEMBERED)
def is_neutral(lower: str) -> bool:
    """Whether a word in small letters is in the neutral vocabulary, by itself or without its endings and prefix.

    >>> is_neutral("redeployments"), is_neutral("kowalski")
    (True, False)
    """
    if lower in _NAMES_FIRST:
        return False
    if any(stem in NEUTRAL_WORDS for stem in _stems(lower)):
        return True
    return any(
        lower.startswith(prefix)
        and len(lower) - len(prefix) > _LEAST_STEM
        and any(stem in NEUTRAL_WORDS for stem in _stems(lower.removeprefix(prefix)))
        for prefix in _PREFIXES
    )


def is_namelike(lower: str) -> bool:
    """Whether an ordinary word is a given name or surname as well."""
    return lower in _NAMELIKE


def with_initials(start: int, text: str) -> int:
    """Where a name begins with the initials before it."""
    initials = _INITIALS.search(text[max(0, start - _MOST_INITIALS) : start])
    return start - len(initials[0]) if initials else start


def _stems(word: str) -> Iterator[str]:
    yield word
    for ending, instead in _ENDINGS:
        length = len(word) - len(ending)
        if length >= _LEAST_STEM - 1 and word.endswith(ending) and length + len(instead) >= _LEAST_STEM:
            stem = word[:length]
            yield stem + instead
            if not instead and length > _LEAST_STEM and stem[-1] == stem[-2]:
                yield stem[:-1]
            yield from _twice(stem + instead)


def _twice(stem: str) -> Iterator[str]:
    """A stem without one more plural or past: `deployments` is a `deploy`."""
    for ending in ("ment", "er", "or", "ing", "ed", "al", "able"):
        if stem.endswith(ending) and len(stem) - len(ending) >= _LEAST_STEM:
            yield stem.removesuffix(ending)
            yield stem.removesuffix(ending) + "e"


def _humps(part: str) -> list[str]:
    """The words of `PaymentService`, in small letters."""
    return [hump.casefold() for hump in _HUMP.findall(part)]


def _is_its_number(text: str, name: re.Match[str], number: re.Match[str]) -> bool:
    """Whether a number of three digits or more belongs to the word before it, as the numbers of customers do.

    One that stands apart has at least four digits and is no year.
    """
    digits, gap = number[0], text[name.end() : number.start()]
    if not _NUMBER.fullmatch(digits):
        return False
    is_apart = _NUMBER_GAP.fullmatch(gap) and len(digits) >= _MOST_DIGITS and not _YEAR.fullmatch(digits)
    return gap in {"-", "_", "#"} or bool(is_apart)


def _are_a_name(tokens: Sequence[re.Match[str]], likely: Sequence[bool], first: int, second: int) -> bool:
    """Whether two ordinary words that are names as well stand as given name and surname would."""
    return likely[first] and likely[second] and tokens[first][0] not in _AUXILIARIES


def _is_capitalised(word: str) -> bool:
    return word[:1] != word[:1].casefold()


def _without_clitic(token: re.Match[str]) -> int:
    """Where *token* ends without a possessive."""
    clitic = _CLITIC.search(token[0])
    return token.start() + clitic.start() if clitic else token.end()
