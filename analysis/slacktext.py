"""Slack's message markup: in as plain words, out with nothing active, and short names made of titles."""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Sequence

from analysis.invisible import INVISIBLE

#: Controls other than tab and newline, what cannot be seen, and halves of a surrogate pair, which no database takes.
_DROPPED = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f{INVISIBLE}]")
_NEWLINE = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MARKUP = re.compile(r"<(?P<body>[^<>\n]+)>|&(?P<entity>lt|gt|amp);")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
_ESCAPES = str.maketrans({character: f"&{entity};" for entity, character in _ENTITIES.items()})
_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
#: Words that notify many people where Slack reads names in plain text.
_MASS_MENTION = re.compile(r"@(?=(?:here|channel|everyone|group)(?![^\W_]))", re.IGNORECASE)
_WORD_JOINER = "\u2060"

_ELLIPSIS = "…"
_MAX_CLUSTER = 32
_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)

#: Latin letters that Unicode does not take apart.
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}
)
_NO_SLUG = "incident"
_MAX_WORD = 64
_NEAR = 0.6


def decode(text: str) -> str:
    """The words of a Slack message as a person reads them, in NFC and without anything invisible.

    Mentions, channels, dates and links become text; a link shows its target, whatever its label says. Entities are
    decoded once, so what a person typed as `&lt;!here&gt;` is `<!here>` in plain letters.

    >>> decode("<@U123|kim> saw <https://x.test|the graph> at 5 &gt; 4")
    '@kim saw the graph (https://x.test) at 5 > 4'
    """
    return unicodedata.normalize("NFC", _MARKUP.sub(_plain, clean(text)))


def clean(text: str) -> str:
    """The text with one kind of newline, in NFC, without controls and characters that hide or reorder others."""
    if text.isascii() and text.isprintable():
        return text  # most texts by far, and looking costs a twentieth of cleaning
    visible = _DROPPED.sub("", _NEWLINE.sub("\n", text))
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", visible))


def escape(text: str) -> str:
    """Any text, ready for a Slack message of type mrkdwn; the only way for words to get there.

    Slack acts on what stands between `<` and `>`: mentions, channels, links with a label, dates. With both escaped none
    can be formed, from whatever pieces. Where names are read in plain text (`link_names`, `parse=full`), a word joiner
    keeps `@here` and its like from being one; other names notify at most one person and stay as they are. A bare URL
    stays a link to what it says; unfurling is switched off by the sender. Truncate before, never after.
    """
    return _MASS_MENTION.sub(f"@{_WORD_JOINER}", clean(text)).translate(_ESCAPES)


def slug(title: str, max_length: int = 40) -> str:
    """A channel name's part made of a title: lower-case ASCII words with hyphens, never empty.

    >>> slug("Größere Störung: Kartenzahlung!")
    'grossere-storung-kartenzahlung'
    """
    limit = max(max_length, 1)
    plain = unicodedata.normalize("NFKD", title.casefold().translate(_LATIN))
    words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f'’]", "", plain))
    whole = "-".join(words) or _NO_SLUG
    if len(whole) <= limit:
        return whole
    cut = whole[:limit]
    at_word = cut if whole[limit] == "-" else cut.rpartition("-")[0]
    return (at_word if 2 * len(at_word) >= limit else cut).strip("-")


def truncate(text: str, limit: int) -> str:
    """At most *limit* characters of a text, with an ellipsis where some are missing.

    Letters keep their accents and emoji their parts: the cut moves back to where a visible character begins.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = limit - 1
    places = range(cut, cut - _MAX_CLUSTER, -1)
    begin = next((place for place in places if place <= 0 or _begins_character(text, place)), cut)
    return text[:begin].rstrip() + _ELLIPSIS


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice that a mistyped word most likely means, or None if it resembles none; ties go to the earlier one.

    >>> nearest("declair", ["draft", "declare", "decline"])
    'declare'
    """
    typed = word.casefold()[:_MAX_WORD]
    begun = [choice for choice in choices if len(typed) > 1 and choice.casefold().startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    ratios = [difflib.SequenceMatcher(None, typed, choice.casefold(), autojunk=False).ratio() for choice in choices]
    best = max(ratios, default=0.0)
    return choices[ratios.index(best)] if best >= _NEAR else None


def _plain(match: re.Match[str]) -> str:
    if match["entity"]:
        return _ENTITIES[match["entity"]]
    body, _, label = match["body"].partition("|")
    label = _unescape(label)
    sign, name = body[:1], _unescape(body[1:])
    if sign in "@#" and name:
        return sign + (label.removeprefix(sign) or name)
    if sign == "!" and name:
        return _command(name, label)
    if _LINK.fullmatch(body):
        return _link(_unescape(body), label)
    return _unescape(match[0])


def _command(name: str, label: str) -> str:
    """What `<!…>` shows: a date's fallback, or a mention of a group."""
    kind, _, argument = name.partition("^")
    if kind == "date":
        return label or argument
    return "@" + (label.removeprefix("@") or argument or kind)


def _link(target: str, label: str) -> str:
    """A link's label and target, or one of them where the other adds nothing."""
    if not label or label == target:
        return target
    if target in {f"mailto:{label}", f"tel:{label}"}:
        return label
    return target if target in {f"http://{label}", f"https://{label}"} else f"{label} ({target})"


def _unescape(text: str) -> str:
    return re.sub(r"&(lt|gt|amp);", lambda match: _ENTITIES[match[1]], text)


def _begins_character(text: str, place: int) -> bool:
    """Whether what stands here is not part of the visible character before it."""
    here, before = text[place], text[place - 1]
    is_joined = _ZERO_WIDTH_JOINER in {here, before} or ord(here) in _SKIN_TONES
    is_mark = unicodedata.category(here) in {"Mn", "Me", "Mc"}
    is_half_flag = ord(here) in _REGIONAL_INDICATORS and _count_indicators(text, place) % 2 == 1
    return not (is_joined or is_mark or is_half_flag)


def _count_indicators(text: str, end: int) -> int:
    """How many regional indicators stand right before a place; two make a flag."""
    before = reversed(text[max(end - _MAX_CLUSTER, 0) : end])
    return sum(1 for _ in itertools.takewhile(lambda character: ord(character) in _REGIONAL_INDICATORS, before))
