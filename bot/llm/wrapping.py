"""The one JSON object of an answer, taken out of what models and their servers put around it.

An endpoint that takes a schema and does not hold the model to it answers with thoughts, fences of code, signs of the
model's own template or a friendly word before or behind the JSON. All of that is dropped; nothing within the JSON is
touched, mended or chosen: where there are two objects, or a part of one, the answer is left as it came.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.wording import joined
from analysis.writing.answers import MOST_LETTERS

#: What a file of text may begin with, and what no letter is.
_BOM = "\ufeff"
#: As the families of models mark what they think: most, ByteDance's, Mistral's and Cohere's.
_THINKS = "(?:seed:)?think|thinking|thought|reasoning"
_THOUGHT_BEGINS = re.compile(rf"<(?:{_THINKS})>|\[THINK\]|<\|START_THINKING\|>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(rf"</(?:{_THINKS})>|\[/THINK\]|<\|END_THINKING\|>", re.IGNORECASE)
#: How an answer begins before which nothing was thought.
_ANSWER_BEGINS = ("{", "```")
#: How models of the family gpt-oss mark for whom a part of an answer is, where their server leaves it in the answer.
_CHANNEL = re.compile(r"<\|channel\|>")
_FINAL = re.compile(r"<\|channel\|>\s*final\b[^<{]*(?:<\|constrain\|>[^<{]*)?<\|message\|>")
_CHANNEL_ENDS = re.compile(r"<\|(?:end|return|start|channel|call)\|>")
#: An answer as Markdown shows code.
_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?```", re.DOTALL | re.IGNORECASE)
#: What stands around JSON in a fence, and the signs by which the templates of models begin and end what is said.
_FENCE = re.compile(r"```(?:json\b)?", re.IGNORECASE)
_SIGN = re.compile(
    r"<[|\uff5c][^<>|\uff5c\s]{1,40}[|\uff5c]>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|\ufeff", re.IGNORECASE
)
#: A string of JSON, which may have no end, or a brace: whatever follows, each letter is looked at once.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}]', re.DOTALL)
#: How an object of JSON begins, which a slot such as {t:E1} does not.
_OBJECT_BEGINS = re.compile(r'\{(?=\s*+["}])')
#: So many that only begin like one are looked into, so that time grows with the length alone.
_MOST_BROKEN = 50
_JSON = json.JSONDecoder()

SEVERAL = "The model's answer has more than one JSON object, or a part of another one, so that none of it is used."


class Around(StrEnum):
    """What may stand around the JSON of an answer, as people call it."""

    THOUGHT = "what the model thought"
    FENCE = "a fence of code"
    SIGNS = "signs of its template"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """What is to be read; `around` is what was dropped, `unclear` says why nothing was taken out of it.

    `words` are those that were dropped, beside what was thought: what a model says there tells what it is up to.
    """

    text: str
    around: frozenset[Around] = frozenset()
    unclear: str = ""
    words: str = ""

    @property
    def dropped(self) -> str:
        """What was dropped, as a sentence; empty where nothing was."""
        kinds = joined([kind for kind in Around if kind in self.around])
        return f"What stood around the JSON of the answer was dropped: {kinds}." if kinds else ""


def unwrapped(text: str, *, is_whole: bool = True) -> Unwrapped:
    """The one object of *text*, or *text* without its thoughts and fence where it has none.

    Of an answer that was cut, which is not whole, the object may lack its end.
    """
    plain = text.removeprefix(_BOM)
    said = _thought_through(plain)
    answer, around = _final(said)
    around |= {Around.SIGNS} if plain != text else set()
    around |= {Around.THOUGHT} if said != plain else set()
    fenced = _FENCED.fullmatch(answer.strip())
    if fenced:
        answer = fenced[1]
        around |= {Around.FENCE}
    return _taken(answer, around, is_whole=is_whole)


def _thought_through(text: str) -> str:
    """*text* behind what was thought before it; nothing of what was never thought through."""
    position = 0
    for end in _outside(_THOUGHT_ENDS, text):
        if text[position : end.start()].lstrip().startswith(_ANSWER_BEGINS):
            break  # an answer that has it in a sentence
        position = end.end()
    rest = text[position:]
    return "" if _THOUGHT_BEGINS.match(rest.lstrip()) else rest


def _final(text: str) -> tuple[str, frozenset[Around]]:
    """What a model says in its one final channel, where it has channels at all; nothing where it says nothing there."""
    channels = [] if text.lstrip().startswith(_ANSWER_BEGINS) else _outside(_CHANNEL, text)
    if not channels:
        return text, frozenset()
    finals = _outside(_FINAL, text)
    if len(finals) != 1:
        return text if finals else "", frozenset()
    said = text[finals[0].end() :]
    ends = _outside(_CHANNEL_ENDS, said)
    thought = {Around.THOUGHT} if channels[0].start() < finals[0].start() else set()
    return said[: ends[0].start()] if ends else said, frozenset({Around.SIGNS, *thought})


def _outside(sign: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Where that *sign* is in *text*, but for what a whole object of JSON has in a string, such as a line of a log."""
    found = list(sign.finditer(text))
    objects = list(_objects(text)) if found else []
    begins = [begin for begin, _ in objects]
    before = (bisect_right(begins, one.start()) for one in found)
    return [one for one, count in zip(found, before, strict=True) if not count or objects[count - 1][1] <= one.start()]


def _objects(text: str) -> Iterator[tuple[int, int]]:
    """Where each whole object of JSON in *text* begins and ends."""
    broken, position = 0, 0
    while broken < _MOST_BROKEN and (begins := _OBJECT_BEGINS.search(text, position)):
        try:
            position = _JSON.raw_decode(text, begins.start())[1]
        except (ValueError, RecursionError):
            broken, position = broken + 1, begins.end()
        else:
            yield begins.start(), position


def _taken(text: str, around: frozenset[Around], *, is_whole: bool) -> Unwrapped:
    """The one object in *text*; *text* as it is where it is nothing but JSON, has none or is too long to be read."""
    begins = text.find("{")
    as_it_is = Unwrapped(text=text, around=around)
    if begins < 0 or len(text) > MOST_LETTERS or _is_json(text):
        return as_it_is
    ends = _end(text, begins)
    before, found, behind = text[:begins], text[begins:ends], text[ends:] if ends else ""
    if ends is None:
        if is_whole:
            return as_it_is
    elif "{" in behind or "}" in before + behind:
        return replace(as_it_is, unclear=SEVERAL)
    elif not _is_json(found) or _is_listed(before, behind):
        return as_it_is
    words = f"{before.strip()} {behind.strip()}".strip()
    return Unwrapped(text=found, around=around | {*_kinds(before), *_kinds(behind)}, words=words)


def _end(text: str, begins: int) -> int | None:
    """Where the object that begins there ends; nothing where it does not."""
    depth = 0
    for token in _TOKEN.finditer(text, begins):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth:
            return token.end()
    return None


def _is_listed(before: str, behind: str) -> bool:
    """Whether an object is one of a list, which is another form."""
    return before.rstrip().endswith(("[", ",")) or behind.lstrip().startswith(("]", ","))


def _kinds(words: str) -> Iterator[Around]:
    """What of all that is in *words*."""
    if _FENCE.search(words):
        yield Around.FENCE
    if _SIGN.search(words):
        yield Around.SIGNS
    if _SIGN.sub("", _FENCE.sub("", words)).strip():
        yield Around.WORDS


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
