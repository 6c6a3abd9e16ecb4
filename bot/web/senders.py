"""Who sends alerts: a bearer token or a signature over the body, as the sender's system does it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.settings import AlertFormat
from bot.web.signatures import NOBODYS_SECRET, SIGNATURE_HEADER, WINDOW_SECONDS, WrongSignatureError, check_signature

GRAFANA_SIGNATURE, GRAFANA_TIMESTAMP = "x-grafana-alerting-signature", "x-grafana-alerting-timestamp"
PAGERDUTY_SIGNATURE = "x-pagerduty-signature"
SENTRY_SIGNATURE = "sentry-hook-signature"
_BEARER = "bearer "
_VERSION = "v1="

#: The signatures that a request gives, and what is signed, or None where it is too old.
_Signatures = tuple[list[str], bytes | None]


def check_sender(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    now: datetime,
    *,
    form: AlertFormat | None = None,
) -> None:
    """Pass if any of *secrets* signed *body*, or is the bearer token; every one is tried, in constant time.

    Debrief's own signature counts before that of *form*, and any signature before a token.

    Raises
    ------
    WrongSignatureError
        Otherwise; the reason is not told apart, nor is a source that does not exist: it takes as long as one with one
        secret.
    """
    if SIGNATURE_HEADER in headers:
        check_signature(headers, body, secrets, now)
        return
    own = _OF_FORMATS.get(form) if form else None
    if own and own.header in headers:
        given, signed = own.read(headers, body, now)
        wanted = [_digest(secret, signed or b"") for secret in secrets]
        is_proven = _is_any(given, wanted) and signed is not None
    else:
        if any(scheme.header in headers for scheme in _OF_FORMATS.values()):
            _digest(NOBODYS_SECRET, body)  # else the time tells which sources there are, and of which format
        is_proven = _is_any([_token(headers)], secrets)
    if not is_proven:
        raise WrongSignatureError


def _token(headers: Mapping[str, str]) -> str:
    given = headers.get("authorization", "")
    return given[len(_BEARER) :] if given[: len(_BEARER)].lower() == _BEARER else ""


def _digest(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _is_any(given: Sequence[str], wanted: Sequence[str]) -> bool:
    matches = [
        hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode()) for one in given for other in wanted
    ]
    return any(matches)


def _pagerduty(headers: Mapping[str, str], body: bytes, _: datetime) -> _Signatures:
    """Several while its secrets are changed: `v1=…,v1=…`; more than a few are nobody's."""
    given = [each.strip() for each in headers[PAGERDUTY_SIGNATURE].split(",", maxsplit=8)]
    return [each.removeprefix(_VERSION) for each in given if each.startswith(_VERSION)], body


def _sentry(headers: Mapping[str, str], body: bytes, _: datetime) -> _Signatures:
    return [headers[SENTRY_SIGNATURE]], body


def _grafana(headers: Mapping[str, str], body: bytes, now: datetime) -> _Signatures:
    """Over the time as well where Grafana is told to send it."""
    given = [headers[GRAFANA_SIGNATURE]]
    timestamp = headers.get(GRAFANA_TIMESTAMP)
    if timestamp is None:
        return given, body
    is_time = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12
    is_fresh = is_time and abs(now.timestamp() - int(timestamp)) <= WINDOW_SECONDS
    return given, f"{timestamp}:".encode() + body if is_fresh else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scheme:
    """Where a format's signature is, and how it is read."""

    header: str
    read: Callable[[Mapping[str, str], bytes, datetime], _Signatures]


_OF_FORMATS: Mapping[AlertFormat, _Scheme] = {
    AlertFormat.GRAFANA: _Scheme(header=GRAFANA_SIGNATURE, read=_grafana),
    AlertFormat.PAGERDUTY: _Scheme(header=PAGERDUTY_SIGNATURE, read=_pagerduty),
    AlertFormat.SENTRY: _Scheme(header=SENTRY_SIGNATURE, read=_sentry),
}
