"""What both OpenAPI documents say of JSON that the doors take: schemas of texts, names and values."""

import re
from collections.abc import Mapping
from typing import Any

from analysis.invisible import INVISIBLE
from bot.web.bodies import MAXIMUM_KEYS

#: Dialects of regular expressions differ in which controls are blanks, so all of them are named; and outside Python few
#: read an escape of eight digits, so those letters stand as they are.
_UNSEEN = re.sub(r"\\U([0-9a-f]{8})", lambda found: chr(int(found[1], 16)), INVISIBLE)
_SEEN = rf"[^\s\u0000-\u001f\u007f-\u009f{_UNSEEN}]"
_NO_NUL = r"[^\u0000]*"
#: Of a text that can be kept, and of one with a letter that can be seen.
STORABLE: Mapping[str, Any] = {"pattern": f"^{_NO_NUL}$"}
SEEN: Mapping[str, Any] = {"pattern": f"^{_NO_NUL}{_SEEN}{_NO_NUL}$"}
#: Stands for the schema that `value_schema` makes, which a document has under this name.
VALUE: Mapping[str, Any] = {"$ref": "#/components/schemas/Value"}


def value_schema() -> dict[str, Any]:
    """Any value that can be kept."""
    return {"description": "Anything without NUL.", **STORABLE, "items": VALUE, **members_schema()}


def members_schema(most: int = MAXIMUM_KEYS) -> dict[str, Any]:
    """Of an object: how many members it has beside those that are described, and of what names and values."""
    return {"maxProperties": most, "propertyNames": STORABLE, "additionalProperties": VALUE}
