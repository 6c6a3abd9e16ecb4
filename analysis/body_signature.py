"""The signature that Debrief checks on what it is sent, and puts on what it sends: Slack's scheme, our header names."""

import hashlib
import hmac

SIGNATURE_HEADER = "x-debrief-signature"
TIMESTAMP_HEADER = "x-debrief-timestamp"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body sent at *timestamp* (Unix seconds).

    >>> sign("secret", "1767225600", b"{}")[:11]
    'v0=4fa0f840'
    """
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
