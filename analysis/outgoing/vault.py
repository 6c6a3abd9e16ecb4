"""What stands behind the placeholders of one incident: the same value has the same placeholder in every draft.

Of a card number, an account or a secret there is a keyed digest only, which is enough to give it its placeholder again
and not enough to bring it back.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a placeholder stands for. Of two findings that overlap, the kind that stands earlier here wins."""

    IBAN = "iban"  #: an international bank account number
    CARD = "card"  #: a payment card number, or what is left of one
    SECRET = "secret"  #: a key, token, password or the like
    LINK = "link"  #: an address with a name in it
    EMAIL = "email"  #: an e-mail address
    PERSON = "person"  #: somebody of the directory, or a Slack id
    ADDRESS = "address"  #: the address of a machine, a street, a postcode or a place
    PHONE = "phone"  #: a telephone number
    CODE = "code"  #: letters and digits mixed in a way that no word is
    NUMBER = "number"  #: five or more digits
    NAME = "name"  #: a word in no vocabulary, which may be somebody's name


#: What is put back into an answer; everything else stays a placeholder.
RESTORED = frozenset({Kind.PERSON, Kind.NAME})
#: What no vault keeps the value of.
DIGESTED = frozenset({Kind.SECRET, Kind.CARD, Kind.IBAN, Kind.LINK})

_DIGEST_BYTES = 16
#: How a placeholder is written.
PLACEHOLDER = re.compile(r"\[\[[A-Z]{1,12}_[0-9]{1,9}\]\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One placeholder, such as `[[PERSON_1]]`; `key` tells its value from others, and may be all that is kept of it."""

    placeholder: str
    kind: Kind
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Every placeholder that an incident ever had, in the order in which they were given; *salt* is random."""

    salt: bytes
    held: tuple[Held, ...] = ()

    def by_placeholder(self) -> Mapping[str, Held]:
        """What each placeholder stands for."""
        return {one.placeholder: one for one in self.held}


class Register:
    """Gives placeholders while a record is redacted, beginning with those of *vault*."""

    def __init__(self, vault: Vault) -> None:
        """Know what *vault* holds."""
        self._salt = vault.salt
        self._held = {(one.kind, one.key): one for one in vault.held}
        self._counts: dict[Kind, int] = {}
        for one in vault.held:
            self._counts[one.kind] = self._counts.get(one.kind, 0) + 1

    def placeholder(self, kind: Kind, value: str, *, identity: str = "") -> str:
        """The placeholder of *value*; values with one *identity*, such as a person's id, share it.

        Without one, values that differ in case alone are the same.
        """
        key = self._key(kind, identity or value.casefold())
        known = self._held.get((kind, key))
        if known is None:
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            kept = "" if kind in DIGESTED else value
            known = Held(placeholder=f"[[{kind.name}_{number}]]", kind=kind, key=key, value=kept)
            self._held[kind, key] = known
        return known.placeholder

    def vault(self) -> Vault:
        """What is known now."""
        return Vault(salt=self._salt, held=tuple(self._held.values()))

    def _key(self, kind: Kind, identity: str) -> str:
        if kind not in DIGESTED:
            return identity
        return hashlib.blake2b(identity.encode(), key=self._salt, digest_size=_DIGEST_BYTES).hexdigest()


def to_bytes(vault: Vault) -> bytes:
    """A vault's placeholders as they are sealed; its salt is kept beside them."""
    rows = [[one.placeholder, one.kind.value, one.key, one.value] for one in vault.held]
    return json.dumps([vault.salt.hex(), rows], ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(content: bytes) -> Vault:
    """The vault that `to_bytes` wrote."""
    salt, rows = json.loads(content)
    held = (Held(placeholder=name, kind=Kind(kind), key=key, value=value) for name, kind, key, value in rows)
    return Vault(salt=bytes.fromhex(salt), held=tuple(held))
