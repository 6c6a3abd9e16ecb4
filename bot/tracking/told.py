"""What may be said of a tracking store: where it is and why it refused, without its password."""

import re
from urllib.parse import unquote

from analysis.errors import Unavailable

_HIDDEN = "***"
_FILES = ("sqlite:", "file:")
#: What stands before a host, up to the last `@`: also where a letter of the password should have been written as `%40`.
_WHO = re.compile(r"://(?P<who>.*)@")


def without_password(uri: str) -> str:
    """*uri* as it may be shown: without who signs in and what follows a question mark, because both hold secrets."""
    if uri.startswith(_FILES):
        return uri
    place, mark, _ = uri.partition("?")
    return f"{_WHO.sub(f'://{_HIDDEN}@', place)}{mark and f'?{_HIDDEN}'}"


def refused(uri: str, error: Exception) -> Unavailable:
    """The refusal of the store at *uri*, in one sentence."""
    said = str(error).strip().splitlines()
    why = _without_secrets(said[0] if said else type(error).__name__, uri).rstrip(".")
    return Unavailable(f"MLflow at {without_password(uri)} did not take the run: {why}.")


def _without_secrets(words: str, uri: str) -> str:
    """*words* without what the store's address must not show; drivers quote it, as it is written or as it is meant."""
    words = words.replace(uri, without_password(uri))
    found = None if uri.startswith(_FILES) else _WHO.search(uri.partition("?")[0])
    person, _, password = found["who"].partition(":") if found else ("", "", "")
    secret = password or person  # a token stands alone
    for one in sorted({secret, unquote(secret)} - {""}):
        words = words.replace(one, _HIDDEN)
    return words
