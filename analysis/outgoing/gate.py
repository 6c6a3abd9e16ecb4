"""The last look, at the bytes of a request as they would leave: any hit, and nothing is sent."""

from dataclasses import dataclass

from analysis.outgoing.disguises import views
from analysis.outgoing.found import Span
from analysis.outgoing.patterns import find
from analysis.outgoing.vault import PLACEHOLDER, Kind, Vault
from analysis.outgoing.vaulted import Vaulted

#: What no value goes on over.
_BREAK = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Something that must not leave, by its kind and the view of the bytes in which it showed; never its value."""

    kind: Kind
    view: str
    placeholder: str = ""


def leaks(body: bytes, vault: Vault) -> tuple[Leak, ...]:
    """What *body* would give away: values behind the vault's placeholders, and whatever a validator knows.

    The body is read as it is and without its disguises: escapes of JSON, HTML and URLs, base64 and hexadecimal,
    letters of other widths, and invisible characters.
    """
    vaulted, known = Vaulted(vault), vault.by_placeholder()
    found: dict[tuple[Kind, str], Leak] = {}
    for view, read in views(body):
        # A placeholder is no secret, whatever label such as `password=` stands before it.
        text = PLACEHOLDER.sub(lambda found: _BREAK if found[0] in known else found[0], read)
        for span in find(text):
            found.setdefault((span.kind, ""), _leak(span, view))
        for held in vaulted.found_in(text):
            found.setdefault(
                (held.kind, held.placeholder), Leak(kind=held.kind, view=view, placeholder=held.placeholder)
            )
    return tuple(found.values())


def _leak(span: Span, view: str) -> Leak:
    return Leak(kind=span.kind, view=view)
