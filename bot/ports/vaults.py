"""Where the placeholders of an incident are kept, so that the same value has the same one in every draft."""

from typing import Protocol
from uuid import UUID

from analysis.outgoing.vault import Vault


class Vaults(Protocol):
    """One vault for an incident; it only grows, until something of the incident is erased and it goes as a whole."""

    def open(self, incident_id: UUID, ledger_seq: int) -> Vault:
        """The incident's vault; an empty one with a salt of its own is made where there is none.

        Raises
        ------
        analysis.errors.Conflict
            If it would be made for a record of which something was erased after row *ledger_seq*.
        """
        ...

    def keep(self, incident_id: UUID, vault: Vault, ledger_seq: int) -> None:
        """Store *vault*, which must be the one that `open` gave with what is new in it. Repeating it changes nothing.

        Raises
        ------
        analysis.errors.Conflict
            If another draft stored other placeholders meanwhile, or something was erased after row *ledger_seq*, up to
            which the record was read. Nothing that was redacted with *vault* may be sent then; open it again.
        """
        ...
