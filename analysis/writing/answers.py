"""What a model may answer: a few sentences, each with the entries that it rests on and the place where it belongs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.document import Row
from analysis.errors import InvalidInput
from analysis.events import Tag

#: An account is read in a minute; what is longer is a second timeline.
MOST_SENTENCES = 8
#: A sentence says how one or two entries hang together; what rests on more is a summary that nobody can check.
MOST_CITED = 2
#: No answer of so few sentences is longer, and parsing must not take long.
MOST_LETTERS = 200_000


class Part(StrEnum):
    """The parts of the account, in reading order; causes only where a person tagged one, lessons never."""

    SUMMARY = "summary"
    IMPACT = "impact"
    DETECTION = "detection"
    CONTRIBUTING_FACTORS = "contributing_factors"
    RESPONSE = "response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One sentence as the model gave it; `number` is its place in the first answer, from 1 on."""

    number: int
    part: str
    events: tuple[str, ...]
    text: str


class Unusable(InvalidInput):
    """The model's answer is not of the form that was asked for."""


def parts_of(rows: Iterable[Row]) -> tuple[Part, ...]:
    """The parts that may be written of these rows of the timeline."""
    has_cause = any(Tag.CAUSE in row.tags for row in rows)
    return tuple(part for part in Part if has_cause or part is not Part.CONTRIBUTING_FACTORS)


def schema(
    labels: Sequence[str], parts: Sequence[Part], *, numbers: Sequence[int] = (), most: int = MOST_SENTENCES
) -> Mapping[str, Any]:
    """The JSON schema of an answer of at most *most* sentences; with *numbers* one for each of these of the first.

    The entries come before the text, so that a model which writes from left to right chooses them first.
    """
    sentence: dict[str, Any] = {}
    if numbers:
        sentence["number"] = {"type": "integer", "enum": list(numbers)}
    sentence |= {
        "events": {
            "type": "array",
            "items": {"type": "string", "enum": list(labels)},
            "minItems": 1,
            "maxItems": MOST_CITED,
        },
        "section": {"type": "string", "enum": [part.value for part in parts]},
        "text": {"type": "string"},
    }
    return _object({"sentences": _list(_object(sentence), len(numbers) or most)})


def parse(text: str, *, numbers: Sequence[int] = (), is_whole: bool = True) -> tuple[Proposed, ...]:
    """The sentences of an answer, whatever they say; with *numbers* only those for these, each once.

    Of an answer that a limit of tokens cut, which is not whole, they are those before the cut.

    Raises
    ------
    Unusable
        If it is prose, of another form, or has no sentence or too many.
    """
    rows = _rows(text if is_whole else mended(text))
    found = tuple(_proposed(row, place, numbers) for place, row in enumerate(rows, start=1))
    wanted = {each.number: each for each in found if not numbers or each.number in numbers}
    return tuple(wanted.values())


def mended(text: str) -> str:
    """An answer that was cut, closed behind its last whole sentence.

    >>> mended('{"sentences": [{"text": "a"}, {"text": "b')
    '{"sentences": [{"text": "a"}]}'
    """
    decoder = json.JSONDecoder()
    found: list[Any] = []
    place = text.find("{", text.find("[") + 1)
    while place > 0 and len(found) < MOST_SENTENCES:
        try:
            row, end = decoder.raw_decode(text[:MOST_LETTERS], place)
        except (ValueError, RecursionError):
            break
        found.append(row)
        place = text.find("{", end)
    return json.dumps({"sentences": found})


def _rows(text: str) -> list[Any]:
    if len(text) > MOST_LETTERS:
        message = "The model's answer is longer than an account may be."
        raise Unusable(message)
    try:
        answer = json.loads(text)
        # An escape such as \ud800 is valid JSON, and yet nothing that it stands in can be stored or signed.
        json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = "The model's answer has half of a character (a lone surrogate)."
        raise Unusable(message) from error
    except (ValueError, RecursionError) as error:
        message = "The model's answer is no JSON."
        raise Unusable(message) from error
    rows = answer.get("sentences") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_SENTENCES:
        message = f"The model's answer does not hold 1 to {MOST_SENTENCES} sentences."
        raise Unusable(message)
    return rows


def _proposed(row: object, place: int, numbers: Sequence[int]) -> Proposed:
    if isinstance(row, dict):
        events, part, text = row.get("events"), row.get("section"), row.get("text")
        number = row.get("number") if numbers else place
        are_labels = isinstance(events, list) and all(isinstance(label, str) for label in events)
        if are_labels and isinstance(part, str) and isinstance(text, str) and type(number) is int:
            return Proposed(number=number, part=part, events=tuple(dict.fromkeys(events or ())), text=text)
    message = "A sentence of the model's answer is not of the form that was asked for."
    raise Unusable(message)


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": dict(item), "minItems": 1, "maxItems": most}
