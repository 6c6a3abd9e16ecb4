"""Where the placeholders of an incident are kept, so that the same value has the same one in every draft."""

from typing import Protocol
from uuid import UUID

from analysis.outgoing.vault import Vault


class Vaults(Protocol):
    """One vault for an incident; it only grows, until something of the incident is erased and it goes as a whole."""

    def open(self, incident_id: UUID) -> Vault:
        """The incident's vault; an empty one with a salt of its own is made where there is none."""
        ...

    def keep(self, incident_id: UUID, vault: Vault) -> None:
        """Store *vault*, which must be the one that `open` gave with what is new in it. Repeating it changes nothing.

        Raises
        ------
        analysis.errors.Conflict
            If another draft stored other placeholders meanwhile, or the vault is gone because something was erased.
            Nothing that was redacted with *vault* may be sent then; open it again.
        """
        ...
