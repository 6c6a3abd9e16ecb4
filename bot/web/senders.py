"""Who sends alerts: a bearer token or a signature over the body, as the sender's system does it."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.web.signatures import SIGNATURE_HEADER, WrongSignatureError, check_signature

_SCHEME = "bearer "


def check_sender(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """Pass if any of *secrets* is the bearer token or signed the body; every one is tried, in constant time.

    Raises
    ------
    WrongSignatureError
        Otherwise; the reason is not told apart, nor is a source that does not exist.
    """
    if SIGNATURE_HEADER in headers:
        check_signature(headers, body, secrets, now)
        return
    given = headers.get("authorization", "")
    token = given[len(_SCHEME) :] if given[: len(_SCHEME)].lower() == _SCHEME else ""
    matches = [hmac.compare_digest(secret.encode(), token.encode("utf-8", "surrogateescape")) for secret in secrets]
    if not any(matches):
        raise WrongSignatureError
