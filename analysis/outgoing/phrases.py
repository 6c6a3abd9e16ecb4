"""What words or groups give away together, each of which could stay by itself: streets, companies, seeds, ids."""

import re
from collections.abc import Iterator, Sequence

from analysis.outgoing.found import Span
from analysis.outgoing.vault import Kind
from analysis.outgoing.words import is_namelike, is_neutral

_DIGIT_WORD = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)(?![a-z])"
_SPELLING_WORD = (
    r"(?:alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|quebec"
    r"|romeo|sierra|tango|uniform|victor|whiske?y|x-?ray|yankee|zulu)(?![a-z])"
)
_GAP = r"(?:[ \t\n,._+-]|%20){1,3}"
#: Digits said one by one, and letters by the alphabet of radio.
_SPOKEN = re.compile(
    rf"(?i)(?<![a-z])(?:{_DIGIT_WORD}(?:{_GAP}{_DIGIT_WORD}){{4,}}+|{_SPELLING_WORD}(?:{_GAP}{_SPELLING_WORD}){{3,}}+)"
)
_SPACE = r"(?:[ _+]|%20)"
_STREET = re.compile(
    rf"(?<![0-9A-Za-z.])[0-9]{{1,5}}[A-Za-z]?,?{_SPACE}{{1,2}}(?:[A-Z][\w'’]{{1,20}}{_SPACE}{{1,2}}){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Square|Boulevard|Blvd|Way|Terrace|Crescent"
    r"|Gardens|Row|Hill|Park|Highway|Parkway|Walk|Mews)(?![a-z])"
    rf"|(?i:(?<![0-9a-z.])[0-9]{{1,5}}[a-z]?{_SPACE}[a-z]{{3,20}}{_SPACE}(?:street|road|avenue|boulevard|crescent)(?![a-z]))"
)
#: British and Dutch ones; those letters are no unit in which bytes are counted.
_POSTCODE = re.compile(
    rf"(?<![0-9A-Za-z])(?:[A-Z]{{1,2}}[0-9][0-9A-Z]?{_SPACE}?[0-9](?![KMGTP]B|XX)[ABD-HJLNP-UW-Z]{{2}}"
    rf"|[1-9][0-9]{{3}}{_SPACE}?(?![KMGTP]B|MS|HZ|OK)[A-Z]{{2}})(?![0-9A-Za-z])"
)
_COMPANY = re.compile(
    rf"(?:(?<![\w])[A-Z][\w'’&-]{{0,30}}(?:,?{_SPACE}|{_SPACE}(?:&|and|und|y|e|et){_SPACE})){{1,4}}"
    r"(?:GmbH|Ltd|Limited|Ltda|LLC|LLP|PLC|plc|Inc|Corp|Corporation|S\.?A\.?R\.?L|S\.A\.?|S\.L\.?|SAS|AG|KG|B\.?V|N\.V|Oy|Pvt|Pty"
    r"|Holdings?|Bank|Co\.)(?![0-9A-Za-z])"
)
#: Without one of these no dozen words are a sentence; the list that recovery phrases are drawn from has none of them.
_GRAMMAR = """
and are been but could did does for from had has her his may nor not our out per she should the them these those too was
were which while who
"""
_HOLDS_TOGETHER = frozenset(_GRAMMAR.split())
_WORDS_IN_A_ROW = re.compile(r"(?<![^\W_])[a-z]{3,8}(?:[ \n_,]{1,2}[a-z]{3,8}(?![^\W_])){11,}+")
_WORD = re.compile(r"[a-z]+")
_LEAST_SEED = 12
#: Bytes by pairs of digits, as they are dumped, and the addresses of cards of a network.
_DUMPED = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:[0-9A-Fa-f]{2}[ :\n-]{1,2}){4,}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}(?:[.:][0-9A-Fa-f]{4}){2,7}"
    r"|(?=[0-9:]{0,20}[A-Fa-f])(?:[0-9A-Fa-f]{1,4}:){3,7}(?=\s)"
    r"|(?=[0-9 ]{0,12}[a-f])[0-9a-f]{4}(?: [0-9a-f]{4}){2,})(?![0-9A-Za-z])"
)
_CLOCK = re.compile(r"[0-9:. -]+")
#: Short groups as one, as orders, sessions and keys are numbered.
_JOINED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{1,24}(?:[-_][0-9A-Za-z]{1,24}){1,24}")
_GROUP = re.compile(r"[0-9A-Za-z]+")
_LEAST_WORD, _LEAST_DIGITS = 2, 5
_MOMENT = re.compile(
    r"20[0-9]{2}[-_][WQ][0-9]{1,2}|20[0-9]{2}[-_][0-9]{2}(?:[-_][0-9]{2}(?:[Tt_-][0-9]{2}){0,3})?[zZ]?"
)
#: Whom a title announces, whatever else the word means.
_TITLED = re.compile(
    r"(?<![^\W_])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Herr|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Sra|Srta|Shri|Smt)\.?"
    rf"{_SPACE}{{1,2}}(?P<value>[^\W\d_a-z][\w'’-]{{1,30}})"
    rf"|(?<![^\W_])(?:mrs?|herr|frau|señora?)\.?{_SPACE}(?P<somebody>[a-z]{{3,30}})(?![\w])"
    rf"|(?<![^\W_])(?:ms|miss|dr|prof)\.?{_SPACE}(?P<namelike>[a-z]{{3,30}})(?![\w])"
)


def find_phrases(text: str) -> Iterator[Span]:
    """What must not leave though its parts could; spans may overlap."""
    for kind, pattern in (
        (Kind.NUMBER, _SPOKEN),
        (Kind.ADDRESS, _STREET),
        (Kind.ADDRESS, _POSTCODE),
        (Kind.NAME, _COMPANY),
    ):
        for match in pattern.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=kind)
    for match in _DUMPED.finditer(text):
        if not _CLOCK.fullmatch(match[0]) or ":" not in match[0]:
            yield Span(start=match.start(), end=match.end(), kind=Kind.CODE)
    for match in _JOINED.finditer(text):
        yield from _identifiers(match, text)
    yield from _titled(text)
    yield from _seeds(text)


def _titled(text: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        group = str(match.lastgroup)
        if group != "namelike" or is_namelike(match[group]):
            yield Span(start=match.start(), end=match.end(), kind=Kind.NAME)


def _seeds(text: str) -> Iterator[Span]:
    """Twelve words or more of which none holds a sentence together."""
    for match in _WORDS_IN_A_ROW.finditer(text):
        run: list[re.Match[str]] = []
        for word in (*_WORD.finditer(text, *match.span()), None):
            if word and word[0] not in _HOLDS_TOGETHER:
                run.append(word)
                continue
            if len(run) >= _LEAST_SEED:
                yield Span(start=run[0].start(), end=run[-1].end(), kind=Kind.SECRET)
            run = []


def _identifiers(joined: re.Match[str], text: str) -> Iterator[Span]:
    """Groups in a row that are no words with a number: `7890-X23` and `6524-a910-08ad`, not `eu-west-1`."""
    run: list[re.Match[str]] = []
    for group in (*_GROUP.finditer(text, *joined.span()), None):
        if group and not _is_word(group[0]):
            run.append(group)
            continue
        if run and _is_identifier(text[run[0].start() : run[-1].end()], [one[0] for one in run]):
            yield Span(start=run[0].start(), end=run[-1].end(), kind=Kind.CODE)
        run = []


def _is_word(group: str) -> bool:
    return len(group) >= _LEAST_WORD and group.isalpha() and is_neutral(group.casefold())


def _is_identifier(whole: str, groups: Sequence[str]) -> bool:
    numbered = sum(any(map(str.isdigit, group)) for group in groups)
    is_mixed = not all(map(str.isdigit, groups))
    is_long = sum(map(str.isdigit, whole)) >= _LEAST_DIGITS
    return is_mixed and is_long and numbered > 1 and not _MOMENT.fullmatch(whole)
