"""What the formats share: reading fields that nobody can be trusted to have written well.

An alert must not be lost because one of its texts is long or odd: such a text is cut or passed over, marked where it
was. Refused is only what cannot be an alert, or is too much to keep.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from analysis.errors import InvalidInput
from analysis.slacktext import clean

MAXIMUM_ALERTS = 2000
MAXIMUM_LABELS = 100
NAME_LETTERS, LABEL_LETTERS, TEXT_LETTERS = 200, 1000, 4000
_CUT = " … (cut)"


def text_of(value: object, limit: int = LABEL_LETTERS) -> str:
    """A text or number as one that can be kept, cut where it is longer than *limit*; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    kept = clean(str(value))
    return kept if len(kept) <= limit else kept[: limit - len(_CUT)] + _CUT


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
    """An object of texts such as labels; values that are no texts or numbers are left out.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is no object, or has more members than are kept.
    """
    fields = object_of(value, name)
    if len(fields) > MAXIMUM_LABELS:
        message = f"`{name}` has {len(fields)} members; {MAXIMUM_LABELS} fit."
        raise InvalidInput(message)
    texts = {text_of(key, NAME_LETTERS): text_of(inner, limit) for key, inner in fields.items()}
    return MappingProxyType({key: inner for key, inner in texts.items() if key and inner})


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
        message = f"`{name}` has {len(value)} alerts; {MAXIMUM_ALERTS} fit into one request. Send them in parts."
        raise InvalidInput(message)
    return [object_of(each, f"{name}[{place}]") for place, each in enumerate(value)]


def instant_of(value: object, *, default: datetime) -> datetime:
    """A time in ISO 8601 with its zone, or in Unix seconds or milliseconds; *default* for anything else.

    Alertmanager writes the year 1 for "none".
    """
    try:
        instant = _instant(value)
    except (ValueError, OverflowError, OSError):
        return default
    return instant if instant and instant.year > 1 else default


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # Seconds until the year 5138; a thousand times as many can only be milliseconds.
        return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    if not isinstance(value, str):
        return None
    instant = datetime.fromisoformat(value)
    return instant.astimezone(UTC) if instant.tzinfo else None
