"""Who sent a webhook: an HMAC over its time and body, with secrets that can be rotated.

The scheme is Slack's own (`v0:timestamp:body`), under our header names, so that senders find it documented twice.
"""

import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime

from analysis.body_signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from analysis.errors import Forbidden

__all__ = [
    "NOBODYS_SECRET",
    "SIGNATURE_HEADER",
    "TIMESTAMP_HEADER",
    "WINDOW_SECONDS",
    "WrongSignatureError",
    "check_signature",
]

WINDOW_SECONDS = 300
#: Signs for a source that there is not, so that its refusal takes as long as that of one that there is.
NOBODYS_SECRET = randomness.token_hex()


class WrongSignatureError(Forbidden):
    """The signature is missing, wrong or too old; nothing was stored."""


def check_signature(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """Pass if any of *secrets* signed *body* within the window; every one is tried, in constant time.

    Raises
    ------
    WrongSignatureError
        Otherwise; the reason is not told apart.
    """
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    given = headers.get(SIGNATURE_HEADER, "")
    is_fresh = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12
    is_fresh = is_fresh and abs(now.timestamp() - int(timestamp)) <= WINDOW_SECONDS
    tried = secrets or (NOBODYS_SECRET,)
    matches = [hmac.compare_digest(sign(secret, timestamp, body).encode(), given.encode()) for secret in tried]
    if not is_fresh or not any(matches):
        raise WrongSignatureError
