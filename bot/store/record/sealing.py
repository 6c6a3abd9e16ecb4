"""Sealing content with a key that the database never holds.

Every field has its own random salt; key and nonce of its cipher are derived from the master key, that salt and the
field's name. Destroying the salt and the ciphertext therefore destroys the content, in this row and in no other.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from analysis.chain import SALT_BYTES
from analysis.errors import DebriefError, Unavailable

KEY_BYTES = 32
_NONCE_BYTES = 12
_DERIVED_BYTES = KEY_BYTES + _NONCE_BYTES


class Unopenable(DebriefError):
    """A sealed content could not be opened: it was altered, or sealed with another key."""


class Sealer:
    """Seals and opens contents with one master key."""

    def __init__(self, master: bytes, *, random: Callable[[int], bytes] = os.urandom) -> None:
        """Keep the *master* key in memory only; *random* gives the salts."""
        if len(master) != KEY_BYTES:
            message = f"The sealing key must have {KEY_BYTES} bytes, not {len(master)}."
            raise Unavailable(message)
        self._master = master
        self._random = random

    @property
    def fingerprint(self) -> bytes:
        """Tells this key from another without disclosing either."""
        return hashlib.blake2b(b"", key=self._master, person=b"fingerprint", digest_size=16).digest()

    def seal(self, field: str, content: bytes) -> tuple[bytes, bytes]:
        """The salt and ciphertext of *content*."""
        (sealed,) = self.seal_all(field, [content])
        return sealed

    def seal_all(self, field: str, contents: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        """The salt and ciphertext of each of *contents*, which have nothing in common but the field."""
        random = self._random(SALT_BYTES * len(contents))
        person = field.encode()
        sealed = []
        for place, content in enumerate(contents):
            salt = random[SALT_BYTES * place : SALT_BYTES * (place + 1)]
            derived = self._derive(person, salt)
            sealed.append((salt, AESGCM(derived[:KEY_BYTES]).encrypt(derived[KEY_BYTES:], content, None)))
        return sealed

    def open(self, field: str, salt: bytes, sealed: bytes) -> bytes:
        """The content of *sealed*.

        Raises
        ------
        Unopenable
            If salt, ciphertext, field or key is not the one it was sealed with.
        """
        try:
            derived = self._derive(field.encode(), salt)
            return AESGCM(derived[:KEY_BYTES]).decrypt(derived[KEY_BYTES:], sealed, None)
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error

    def mark(self, field: str, content: bytes) -> str:
        """A name for *content* by which it is found again, and which tells nobody without the key what it is."""
        return self._marked(field, content).hex()

    def keyed(self, digest: bytes) -> bytes:
        """What is kept of *digest*, so that nobody without the key can try what it was made from."""
        return self._marked("inbox", digest)

    def seal_whole(self, field: str, content: bytes) -> bytes:
        """Salt and ciphertext in one value, for columns that are erased as a whole."""
        return b"".join(self.seal(field, content))

    def seal_all_whole(self, field: str, contents: Sequence[bytes]) -> list[bytes]:
        """Each of *contents* as `seal_whole` seals it."""
        return [salt + sealed for salt, sealed in self.seal_all(field, contents)]

    def open_whole(self, field: str, sealed: bytes) -> bytes:
        """The content of a value made by `seal_whole`."""
        return self.open(field, sealed[:SALT_BYTES], sealed[SALT_BYTES:])

    def _marked(self, field: str, content: bytes) -> bytes:
        return hashlib.blake2b(content, key=self._master, person=field.encode(), digest_size=16).digest()

    def _derive(self, person: bytes, salt: bytes) -> bytes:
        return hashlib.blake2b(key=self._master, salt=salt, person=person, digest_size=_DERIVED_BYTES).digest()


def read_key(path: Path) -> bytes | None:
    """The key in *path*, `None` where there is no such file.

    Raises
    ------
    Unavailable
        If others may read the file, or it holds no key.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            key = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        todo = "Run this as the user who runs Debrief, or set DEBRIEF_KEY_FILE to the right one."
        message = f"The key file {path} cannot be read: {error.strerror}. {todo}"
        raise Unavailable(message) from error
    if mode & 0o077:
        message = f"The key file {path} can be read by others. Run: chmod 600 {path}"
        raise Unavailable(message)
    if len(key) != KEY_BYTES:
        message = f"The key file {path} must hold {KEY_BYTES} bytes, not {len(key)}. Restore it from your backup."
        raise Unavailable(message)
    return key


def create_key(path: Path) -> bytes:
    """Write a new key to *path*, readable by its owner only, never over an existing file.

    Raises
    ------
    Unavailable
        If it cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"The key file {path} cannot be written: {error.strerror}. Set DEBRIEF_KEY_FILE to another place."
        raise Unavailable(message) from error
    return key
