"""The gate of a request for one incident: it stays shut where the final bytes would give anything away."""

from collections.abc import Iterable

from analysis.errors import Unavailable
from analysis.outgoing.gate import leaks
from analysis.outgoing.vault import Vault
from bot.llm.transport import Gate


class LeakError(Unavailable):
    """The request held something that must not leave; nothing was sent."""


def gate_for(vault: Vault, own: Iterable[str] = ()) -> Gate:
    """A gate that lets bytes pass in which no value behind *vault*'s placeholders and nothing sensitive shows.

    Sentences of our *own* prompts are in every request and are not looked at. What it raises names kinds only, never a
    value.
    """

    def check(body: bytes) -> None:
        found = leaks(body, vault, own)
        if found:
            kinds = ", ".join(sorted({leak.kind.value for leak in found}))
            message = f"The request to the model still held something that must not leave ({kinds}); nothing was sent."
            raise LeakError(message)

    return check
