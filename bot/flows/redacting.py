"""From entries to what may leave of them, with the incident's own vault of placeholders."""

from collections.abc import Callable, Sequence

from analysis.incident import Incident
from analysis.outgoing.restoring import restore
from analysis.outgoing.typed import OutgoingEvent, People, Sending, typed
from analysis.outgoing.vault import Vault
from analysis.timeline import Entry
from analysis.writing.sampling import POLICY
from bot.ports.model import Gate, Redacted
from bot.ports.vaults import Vaults

#: How much of one entry the model is shown; a sentence is checked against all of it.
MOST_LETTERS = 1_000
CUT = " [cut]"


class VaultRedaction:
    """Redacts by `analysis.outgoing` (`bot.ports.model.Redaction`)."""

    def __init__(
        self,
        vaults: Vaults,
        people: Callable[[], People],
        gate_for: Callable[[Vault], Gate],
        *,
        known: frozenset[str] = frozenset(),
    ) -> None:
        """*people* gives the directory as it is now; *known* are words of the site that may leave."""
        self._vaults = vaults
        self._gate_for = gate_for
        self._people = people
        self._known = known

    @property
    def policy(self) -> str:
        """Names the rules; raised with them."""
        return f"typed/3 {POLICY}"

    def __call__(self, incident: Incident, entries: Sequence[Entry], ledger_seq: int) -> Redacted:
        """What may leave of *entries*; the vault is stored before anything is sent.

        Raises
        ------
        analysis.errors.Conflict
            If something was erased after row *ledger_seq*, up to which the record was read.
        analysis.errors.Unavailable
            If the vault cannot be read or stored.
        """
        before = self._vaults.open(incident.id, ledger_seq)
        outgoing = typed(Sending(entries=tuple(entries), vault=before, known=self._known), self._people())
        if outgoing.vault != before:
            self._vaults.keep(incident.id, outgoing.vault, ledger_seq)

        def restored(text: str) -> tuple[str, Sequence[str]]:
            found = restore(text, outgoing.vault)
            return found.text, found.withheld

        return Redacted(
            events=[_row(event) for event in outgoing.events], gate=self._gate_for(outgoing.vault), restore=restored
        )


def _row(event: OutgoingEvent) -> dict[str, object]:
    """An event without its time: what a model does not see it cannot copy wrongly."""
    text = event.text if len(event.text) <= MOST_LETTERS else _head(event.text)
    row = {"id": event.id, "kind": event.kind, "tags": list(event.tags), "who": event.who, "text": text}
    return {name: value for name, value in row.items() if value}


def _head(text: str) -> str:
    """The beginning of a text, cut after a word, since half a placeholder would be none."""
    return (text[:MOST_LETTERS].rpartition(" ")[0] or "") + CUT
