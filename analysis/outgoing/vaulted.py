"""Looking for the values behind placeholders, however they are spaced or capitalised."""

import re
from collections.abc import Iterator

from analysis.outgoing.found import folded
from analysis.outgoing.vault import DIGESTED, PLACEHOLDER, RESTORED, Held, Kind, Vault
from analysis.outgoing.words import is_neutral

#: What may stand between the letters of a name that is spelled out.
_BETWEEN = r"[\W_]{0,3}"
#: Shorter values are looked for as whole words only, since their letters stand by chance between others.
_LEAST_SPELLED = 4
_APART = re.compile(r"[\W_]+")
_PART = re.compile(r"[^\W\d_]{2,}")
#: Numbers that a label alone tells from any other: years and those of up to three digits are not looked for elsewhere,
#: and those of four as they were written only.
_ANY_NUMBER = re.compile(r"[0-9]{1,3}|(?:19|20)[0-9]{2}")
_SHORT_NUMBER = re.compile(r"[0-9]{4}")


class Vaulted:
    """The values of one vault, ready to be looked for."""

    def __init__(self, vault: Vault) -> None:
        """Prepare a pattern for every value that is kept."""
        kept = [held for held in vault.held if held.kind not in DIGESTED and not _is_any_word(held)]
        values = [(held, value, _letters(value)) for held in kept for value in _values(held)]
        looked_for = [(held, value, letters) for held, value, letters in values if _tells_something(letters)]
        self._patterns = [(held, letters, _pattern(value)) for held, value, letters in looked_for]
        #: As many as there are patterns: whether the value is nothing but one ordinary word.
        self._are_ordinary = [_is_ordinary(value) for _, value, _ in looked_for]

    def found_in(self, text: str) -> Iterator[Held]:
        """The placeholders whose values stand in a folded text, but for values that are one ordinary word or number.

        Such a one is in most requests anyway: in the instructions, the kinds of entries, the form of the answer.
        """
        letters = _letters(text)
        for (held, wanted, pattern), is_ordinary in zip(self._patterns, self._are_ordinary, strict=True):
            if not is_ordinary and wanted in letters and pattern.search(text):
                yield held

    def covered(self, redacted: str) -> str:
        """A redacted text in which no value stands any more that is written in parts which are harmless by themselves.

        `x-route` is two ordinary words, and yet nobody could tell it from the unknown `xroute`.
        """
        letters = _letters(redacted)
        for held, wanted, pattern in self._patterns:
            if wanted in letters:
                redacted = _outside(pattern, held.placeholder, redacted)
        return redacted


def _outside(pattern: re.Pattern[str], placeholder: str, redacted: str) -> str:
    """*redacted* with *placeholder* for each match between the placeholders that it has."""
    parts, position = [], 0
    for found in PLACEHOLDER.finditer(redacted):
        parts += [pattern.sub(placeholder, redacted[position : found.start()]), found[0]]
        position = found.end()
    return "".join([*parts, pattern.sub(placeholder, redacted[position:])])


def _values(held: Held) -> set[str]:
    """The value; of a name each word of it that is no ordinary one, too, and of a person the id."""
    if held.kind not in RESTORED:
        return {held.value}
    parts = {part for part in _PART.findall(folded(held.value)[0]) if not is_neutral(part.casefold())}
    return {held.value, held.key.partition(":")[2], *parts}


def _pattern(value: str) -> re.Pattern[str]:
    """Finds *value* as a word, in any case and with signs between its letters; an ordinary word only as it stands."""
    plain = folded(value)[0]
    if _is_ordinary(value):
        return re.compile(rf"(?<![^\W_]){re.escape(plain)}(?![^\W_])")
    letters = [character for character in plain if character.isalnum()]
    is_spelled = len(letters) >= _LEAST_SPELLED
    body = _BETWEEN.join(map(re.escape, letters)) if is_spelled else re.escape(plain)
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])", re.IGNORECASE)


def _is_ordinary(value: str) -> bool:
    plain = folded(value)[0].casefold()
    return is_neutral(plain) or _SHORT_NUMBER.fullmatch(plain) is not None


def _is_any_word(held: Held) -> bool:
    """Whether only what stands before it makes *held* a name of anything, such as a bucket that is called `logs`."""
    return held.kind is Kind.ADDRESS and _is_ordinary(held.value)


def _tells_something(letters: str) -> bool:
    return len(letters) > 1 and not _ANY_NUMBER.fullmatch(letters)


def _letters(text: str) -> str:
    """The letters and digits of *text* alone, without a difference of case: a quick look before a careful one."""
    return _APART.sub("", folded(text)[0].casefold())
