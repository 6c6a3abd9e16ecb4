"""The last look, at the bytes of a request as they would leave: any hit, and nothing is sent."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from analysis.outgoing.disguises import on_lines, views
from analysis.outgoing.found import Span
from analysis.outgoing.patterns import find
from analysis.outgoing.vault import PLACEHOLDER, Kind, Vault
from analysis.outgoing.vaulted import Vaulted

#: What no value goes on over, nor stands on the line after its label.
_BREAK = "\n" * 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Something that must not leave, by its kind and the view of the bytes in which it showed; never its value."""

    kind: Kind
    view: str
    placeholder: str = ""


def leaks(body: bytes, vault: Vault, own: Iterable[str] = ()) -> tuple[Leak, ...]:
    """What *body* would give away: values behind the vault's placeholders, and whatever a validator knows.

    The body is read as it is and without its disguises: escapes of JSON, HTML and URLs, base64 and hexadecimal,
    letters of other widths, and invisible characters. Sentences that are our *own*, the same in every request, are not
    looked at: “entries stand in order” gives nothing away of whatever is called `standin`.
    """
    vaulted, known = Vaulted(vault), vault.by_placeholder()
    found: dict[tuple[Kind, str], Leak] = {}
    ours = _ours(own)
    for view, read in views(body):
        # A placeholder is no secret, whatever label such as `password=` stands before it.
        text = PLACEHOLDER.sub(lambda found: _BREAK if found[0] in known else found[0], ours(read))
        lines = on_lines(text)
        for span in find(lines):
            if not any(map(str.isalnum, lines[span.start : span.end])):
                continue  # The quotes that a placeholder stood in, as JSON writes them.
            found.setdefault((span.kind, ""), _leak(span, view))
        for held in vaulted.found_in(text):
            found.setdefault(
                (held.kind, held.placeholder), Leak(kind=held.kind, view=view, placeholder=held.placeholder)
            )
    return tuple(found.values())


def _ours(own: Iterable[str]) -> Callable[[str], str]:
    """Takes sentences of *own*, as they are and as JSON writes them, out of a text."""
    written = {form for one in own for form in (one, json.dumps(one, ensure_ascii=False)[1:-1])}
    pattern = re.compile("|".join(map(re.escape, sorted(written, key=len, reverse=True))))
    return partial(pattern.sub, _BREAK) if written else str


def _leak(span: Span, view: str) -> Leak:
    return Leak(kind=span.kind, view=view)
