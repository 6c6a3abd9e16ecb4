"""The JSON tree of a document, and back: what is stored, signed and given to the templates.

Instants are UTC text with microseconds, lengths of time are seconds, everything else is what it looks like.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from analysis.chain import stamp
from analysis.document import Document, claims
from analysis.errors import InvalidInput
from analysis.wording import whole

FORM = "postmortem/2"
#: Stands in the tree, and so in what is signed, at each statement that is at odds with the entries it cites.
AT_ODDS = "is_at_odds"


def to_tree(document: Document) -> dict[str, Any]:
    """The JSON form of *document*; equal documents give equal trees, and equal canonical bytes.

    Whoever composed it, its statements are checked here, and those at odds with the record are marked.
    """
    tree = {"form": FORM, **plain(document)}
    for place, claim in zip(_claimed(tree), claims(document), strict=True):
        if not claim.supported:
            place[AT_ODDS] = True
    return tree


def is_readable(tree: Mapping[str, Any]) -> bool:
    """Whether *tree* is of the present form; one that was stored by an earlier version need not be."""
    # The first versions that gave it this name found less.
    return bool(tree.get("form") == FORM and "unlooked" in tree.get("findings", {}))


def from_tree(tree: Mapping[str, Any]) -> Document:
    """The document that `to_tree` made *tree* from; what was added beside it, such as an approval, is left out.

    Raises
    ------
    analysis.errors.InvalidInput
        If *tree* is not a document of this form.
    """
    if not is_readable(tree):
        message = f"This is not a postmortem of the form {FORM}."
        raise InvalidInput(message)
    try:
        return typing.cast("Document", typed(Document, tree))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = "This postmortem is damaged: a field is missing or of the wrong kind."
        raise InvalidInput(message) from error


def is_marked(tree: Mapping[str, Any]) -> bool:
    """Whether a statement of *tree* is marked as at odds with the record, without reading the whole document."""
    return any(AT_ODDS in place for place in _claimed(tree))


def _claimed(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `claims` judges of the document, in the same order."""
    header = [fact for fact in tree["facts"] if fact["events"]]
    said = [statement for section in tree["sections"] for statement in section["statements"]]
    return [*header, *said, *(row for row in tree["durations"] if row["seconds"] is not None)]


def plain(value: Any) -> Any:  # noqa: ANN401 - any field of a record
    """The JSON form of a record, or of a field of one."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, timedelta):
        return whole(value.total_seconds())
    return value.value if isinstance(value, StrEnum) else value


def typed(kind: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911 - any field of a record; one return a kind reads best
    """The record, or field, of *kind* that `plain` made *value* from; raises what reading a wrong one raises."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return kind(**_fields(kind, value))
    if typing.get_origin(kind) is tuple:
        return tuple(typed(typing.get_args(kind)[0], each) for each in value)
    if isinstance(kind, types.UnionType):
        return None if value is None else typed(typing.get_args(kind)[0], value)
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if kind is timedelta:
        return timedelta(seconds=value)
    if kind is float:
        return value
    if not isinstance(kind, type):
        message = f"unexpected {kind}"
        raise TypeError(message)
    return _checked(kind, value)


def _fields(kind: Any, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any record and its tree
    """The fields of a record; what a tree of an earlier version has no value for keeps its default."""
    hints = typing.get_type_hints(kind)
    return {
        field.name: typed(hints[field.name], value[field.name])
        for field in dataclasses.fields(kind)
        if field.name in value or field.name not in _SINCE
    }


#: Fields that documents were given after the first of them were stored.
_SINCE = frozenset({"history"})


def _checked(kind: type, value: Any) -> Any:  # noqa: ANN401 - a plain field
    if issubclass(kind, StrEnum):
        return kind(value)
    if not isinstance(value, kind):
        message = f"{value!r} is not {kind}"
        raise TypeError(message)
    return value
