"""What the formats share: reading fields that nobody can be trusted to have written well.

An alert must not be lost because one of its texts is long or odd: such a text is cut or passed over, marked where it
was. Refused is only what cannot be an alert, or is too much to keep.
"""

import hashlib
import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar

from analysis.errors import InvalidInput
from analysis.masking import masked
from analysis.slacktext import clean

MAXIMUM_ALERTS = 2000
MAXIMUM_LABELS = 100
#: How many fields that mean nothing here are kept of one alert, and of what a notification says of all its alerts: that
#: is kept with each, so it is little.
MAXIMUM_REST, MAXIMUM_SHARED = 50, 10
SHARED_LETTERS = 400
NAME_LETTERS, LABEL_LETTERS, TEXT_LETTERS = 200, 1000, 4000
#: Nothing that fires now began before, so that an earlier time says that there is none.
_EARLIEST_YEAR = 1990
_MOST_DIGITS = 16
_CUT = " … (cut)"
#: So far a name that is cut is read for what tells it from others that begin alike.
_READ_LETTERS = 64 * 1024

D = TypeVar("D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of an alert, as `Alert` has them."""

    starts_at: datetime
    ends_at: datetime | None
    is_moment: bool


def text_of(value: object, limit: int = LABEL_LETTERS) -> str:
    """A text or number as one that can be kept, cut where it is longer than *limit*; empty for anything else.

    What is shorter than prose names something: the mark of where it was cut tells it from others that begin alike.
    """
    if not isinstance(value, str):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        value = str(value)
    kept = clean(value)
    if len(kept) <= limit:
        return kept
    mark = _CUT if limit >= TEXT_LETTERS else _mark_of(kept)
    return kept[: limit - len(mark)] + mark


def required_text(fields: Mapping[str, Any], name: str, limit: int = LABEL_LETTERS) -> str:
    """The text of a field that no alert is without.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is missing or no text.
    """
    found = text_of(fields.get(name), limit).strip()
    if not found:
        message = f"`{name}` is missing or is not a text."
        raise InvalidInput(message)
    return found


def texts_of(value: object, name: str, limit: int = LABEL_LETTERS) -> Mapping[str, str]:
    """An object of texts such as labels: what is neither text nor number as JSON writes it, what is null left out.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is no object, or has more members than are kept.
    """
    fields = few_of(value, name)
    if _are_plain(fields, limit):
        return MappingProxyType(fields)
    texts = {text_of(key, NAME_LETTERS): text_of(_as_text(inner), limit) for key, inner in fields.items()}
    return MappingProxyType({key: inner for key, inner in texts.items() if key and inner})


def few_of(value: object, name: str) -> Mapping[str, Any]:
    """An object with as many members as are kept, whatever they are; empty where there is none.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is no object, or has more.
    """
    fields = object_of(value, name)
    if len(fields) > MAXIMUM_LABELS:
        message = f"`{name}` has {len(fields)} members; {MAXIMUM_LABELS} fit."
        raise InvalidInput(message)
    return fields


def _as_text(value: object) -> object:
    """A value that is no text as one, because `true` and `false` are two places as well as two words are."""
    if isinstance(value, bool | dict | list):
        return json.dumps(_storable(value), ensure_ascii=False)
    return value


def _mark_of(text: str) -> str:
    """The mark where a name is cut; what it tells apart is masked before, so that it tells nothing of a secret."""
    digest = hashlib.sha256(masked(text[:_READ_LETTERS]).encode()).hexdigest()
    return f"{_CUT.removesuffix(')')}, {digest[:8]})"


def _are_plain(fields: Mapping[str, Any], limit: int) -> bool:
    """Whether reading would leave every text as it is, told by one look at all of them together."""
    try:
        together = "".join([*fields, *fields.values()])
    except TypeError:  # a value that is no text
        return False
    is_plain = together.isascii() and together.isprintable() and "" not in fields and all(fields.values())
    if not is_plain or len(together) <= NAME_LETTERS:
        return is_plain
    return max(map(len, fields)) <= NAME_LETTERS and max(map(len, fields.values())) <= limit


def object_of(value: object, name: str) -> Mapping[str, Any]:
    """An object, empty where there is none.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        message = f"`{name}` must be an object."
        raise InvalidInput(message)
    return value


def objects_of(value: object, name: str) -> list[Mapping[str, Any]]:
    """A list of objects with at least one, and not more than are taken at once.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is something else.
    """
    if not isinstance(value, list) or not value:
        message = f"`{name}` must be a list with at least one alert."
        raise InvalidInput(message)
    if len(value) > MAXIMUM_ALERTS:
        message = (
            f"`{name}` has {len(value)} alerts; {MAXIMUM_ALERTS} fit into one request. "
            "Send them in parts, or smaller groups (`group_by`)."
        )
        raise InvalidInput(message)
    return [object_of(each, f"{name}[{place}]") for place, each in enumerate(value)]


def instant_of(value: object, *, default: D) -> datetime | D:
    """A time in ISO 8601 with its zone, or in Unix seconds or milliseconds; *default* for anything else.

    Alertmanager writes the year 1 for "none", others the beginning of Unix time.
    """
    try:
        instant = _instant(value)
    except (ValueError, OverflowError, OSError):
        return default
    return instant if instant and instant.year >= _EARLIEST_YEAR else default


def is_no_time(value: object) -> bool:
    """Whether *value* states something, and nobody can read a time in it; nothing, and the year 1, state none."""
    try:
        return value not in (None, "") and _instant(value) is None
    except (ValueError, OverflowError, OSError):
        return True


def times_of(starts: object, ends: object, *, is_resolved: bool, now: datetime) -> Times:
    """When an episode began and was over; the moment of the message where it does not say when the episode began."""
    begun = instant_of(starts, default=None)
    if begun is None:
        moment = moment_of(ends if is_resolved else None, now=now)
        return Times(starts_at=moment, ends_at=moment if is_resolved else None, is_moment=True)
    ends_at = max(instant_of(ends, default=now), begun) if is_resolved else None
    return Times(starts_at=begun, ends_at=ends_at, is_moment=False)


def moment_of(value: object, *, now: datetime) -> datetime:
    """When a message says that it happened, never after it was heard of; *now* where it does not say."""
    return min(instant_of(value, default=now), now)


def rest_of(fields: Mapping[str, Any], read: Collection[str]) -> dict[str, Any]:
    """The fields that mean nothing here, so that they are kept: the first of them, and the beginning of a long one."""
    return _rest(fields, read, MAXIMUM_REST, TEXT_LETTERS)


def shared_of(body: Mapping[str, Any], said_again: Collection[str]) -> dict[str, Any]:
    """What a notification says of all its alerts and no alert says again, likewise, but less of it."""
    return _rest(body, said_again, MAXIMUM_SHARED, SHARED_LETTERS)


def _rest(fields: Mapping[str, Any], read: Collection[str], most: int, letters: int) -> dict[str, Any]:
    rest = ((name, value) for name, value in fields.items() if name not in read)
    return {text_of(name, NAME_LETTERS): _bounded(value, letters) for name, value in islice(rest, most)}


def _bounded(value: object, letters: int) -> object:
    if isinstance(value, str):
        return text_of(value, letters)
    cleaned = _storable(value)
    written = json.dumps(cleaned, ensure_ascii=False)
    return cleaned if len(written) <= letters else text_of(written, letters)


def _storable(value: object) -> object:
    """A JSON value without what no database takes: halves of surrogate pairs, and numbers too large for JSON."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # Seconds until the year 5138; a thousand times as many can only be milliseconds.
        return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return _instant(int(value))  # as senders write it that know texts only
    instant = datetime.fromisoformat(value)
    return instant.astimezone(UTC) if instant.tzinfo else None
