"""Putting people back into an answer, and nothing else."""

import re
from dataclasses import dataclass

from analysis.errors import InvalidInput
from analysis.outgoing.vault import RESTORED, Vault

#: A placeholder, or brackets that a forged or broken one would leave.
_BRACKETS = re.compile(r"\[\[[A-Z]{1,12}_[0-9]{1,9}\]\]|\[\[(?!\[)|\]\](?!\])")


class UnknownPlaceholder(InvalidInput):
    """The answer has a placeholder that nobody gave out; it is rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """An answer with its people; `withheld` are the placeholders that stay, since their values are never put back."""

    text: str
    withheld: tuple[str, ...]


def restore(text: str, vault: Vault) -> Restored:
    """*text* with its people by name.

    Raises
    ------
    UnknownPlaceholder
        If it has a placeholder that *vault* does not know, or half of one.
    """
    held = vault.by_placeholder()
    withheld: list[str] = []
    parts: list[str] = []
    position = 0
    for found in _BRACKETS.finditer(text):
        known = held.get(found[0])
        if known is None:
            raise UnknownPlaceholder
        if known.kind not in RESTORED:
            withheld.append(known.placeholder)
        parts += [text[position : found.start()], known.value if known.kind in RESTORED else known.placeholder]
        position = found.end()
    return Restored(text="".join([*parts, text[position:]]), withheld=tuple(dict.fromkeys(withheld)))
