"""What an error of the endpoint means for a draft: one sentence that holds nothing of what was sent or received."""

import math
import re
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

from analysis.errors import DebriefError, Unavailable
from bot.ports.model import KeyRefusedError, NotSentError

E = TypeVar("E", bound=BaseException)

NO_COMPLETION = "The model's endpoint answered with something that is no completion."
A_PAGE = (
    "The model's endpoint answered with a page instead of a completion, as a proxy does, or a path that is not that of "
    "DEBRIEF_LLM_BASE_URL."
)
A_STREAM = (
    "The model's endpoint answered as a stream, which it was not asked for; have it, or its gateway, answer whole."
)
#: How endpoints write kinds of errors: `model_not_found`, `DeploymentNotFound`.
_NAME = re.compile("[a-z]{2,30}(?:_[a-z]{1,30}){1,4}|(?:[A-Z][a-z]{1,30}){2,5}")
#: By these an endpoint or a gateway says that we have nothing left to spend there, whatever status it gives it.
_SPENT = frozenset({"budget_exceeded", "insufficient_quota", "billing_hard_limit_reached"})
#: The status by which gateways say the same, whatever they call it.
_UNPAID = 402
_FILTERED = frozenset({"content_filter", "content_policy_violation"})
#: An endpoint answers with one of these where it does not know a path, an argument or a method.
_REFUSALS = frozenset({400, 404, 405, 415, 422, 501})
#: Busy where the endpoint itself says so: from a proxy these may mean that it went away over its work.
_OVERLOADED = frozenset({503, 529})
#: A number of seconds as a header may give it, and some servers write parts of one.
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
#: OpenSSL's codes for a certificate that nobody whom we know vouches for.
_UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
_MOST_WORDS = 200
#: What a header has that is shorter is the name of something, such as of an organisation, and no secret.
_LEAST_SECRET = 6


def unavailable(error: OpenAIError) -> DebriefError:
    """What the library's error means for a draft; its own words may repeat what was sent, so they are not kept."""
    refused = _caused_by(error, DebriefError)
    if refused is not None:
        return refused
    if isinstance(error, APIStatusError):
        return _status(error)
    if isinstance(error, APIConnectionError):
        is_connected = not isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        return (Unavailable if is_connected else NotSentError)(_connection(error))
    return Unavailable(NO_COMPLETION)


def says_no(error: BaseException | None) -> bool:
    """Whether the endpoint itself refused what was asked, rather than being away, busy or closed to us."""
    return (
        isinstance(error, APIStatusError)
        and error.status_code in _REFUSALS
        and not isinstance(_status(error), NotSentError)
    )


def own_words(error: BaseException | None, secrets: Iterable[str]) -> str:
    """What the endpoint itself says of its error, as the beginning of a line without *secrets*; empty where nothing.

    It may repeat what was asked, so this is for questions in fixed words alone.
    """
    if not isinstance(error, APIStatusError) or is_page(error.response.content):
        return ""
    said = _message(error.body)
    for secret in secrets:
        said = said.replace(secret, "…") if len(secret) >= _LEAST_SECRET else said
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}…"


def is_page(body: bytes) -> bool:
    """Whether it is HTML or XML, as people read it or proxies write it."""
    return body.lstrip().startswith(b"<")


def _message(body: object, depth: int = 3) -> str:
    """The words of an error, wherever endpoints write them, at most so deep."""
    if isinstance(body, list):
        return _message(body[0], depth - 1) if body and depth else ""
    if isinstance(body, dict) and depth:
        found = (_message(body.get(name), depth - 1) for name in ("message", "detail", "error"))
        return next(filter(None, found), "")
    return body if isinstance(body, str) else ""


def _connection(error: APIConnectionError) -> str:
    """What became of the connection; with TLS, why there is none."""
    if isinstance(error.__cause__, httpx2.ConnectTimeout):
        return "The model's endpoint could not be reached in time."
    if isinstance(error, APITimeoutError):
        return "The model's endpoint did not answer in time."
    refused = _caused_by(error, ssl.SSLError)
    if isinstance(refused, ssl.SSLCertVerificationError):
        because = refused.verify_message.rstrip(".")
        is_unknown = refused.verify_code in _UNKNOWN_AUTHORITY
        todo = "; your company's authority goes into DEBRIEF_LLM_CA_FILE" if is_unknown else ""
        return f"The certificate of the model's endpoint is not trusted here ({because}){todo}."
    if refused is not None:
        because = (refused.reason or "no reason given").replace("_", " ").lower()
        is_asked = "certificate" in because or "handshake" in because
        todo = "; where it wants a certificate of ours, that goes into DEBRIEF_LLM_CLIENT_FILE" if is_asked else ""
        return f"The model's endpoint cannot be reached by TLS ({because}){todo}."
    return "The connection to the model's endpoint failed."


def _status(error: APIStatusError) -> Unavailable:
    status, names = error.status_code, _names(error)
    said = ", ".join([f"status {status}", *names[:1]])
    if 300 <= status < 400:
        message = "answered with a redirect, which is never followed; DEBRIEF_LLM_BASE_URL must be where it leads"
        return Unavailable(f"The model's endpoint {message}.")
    if not _SPENT.isdisjoint(names) or (status == _UNPAID and _says_itself(error)):
        return KeyRefusedError(f"What may be spent at the model's endpoint is used up there ({said}).")
    if status in {401, 403}:
        return KeyRefusedError(_not_let_in(error, said))
    if status == 429 or (status in _OVERLOADED and _says_itself(error)):
        return _busy(error, said)
    if not _FILTERED.isdisjoint(names):
        return Unavailable(f"A filter of the model's endpoint kept the question back ({said}).")
    return Unavailable(f"The model's endpoint answered with {said}.")


def _busy(error: APIStatusError, said: str) -> NotSentError:
    """That it is busy, and for how long where it says so."""
    after = _after_seconds(error.response.headers)
    asks = f", and asks to be left alone for {math.ceil(after):,} s" if after else ""
    return NotSentError(f"The model's endpoint is busy ({said}){asks}.", after_seconds=after)


def _after_seconds(headers: httpx2.Headers) -> float:
    """What `Retry-After` says, in seconds or as a date, which is read by the endpoint's own clock; else nought."""
    said = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(said):
        return float(said)
    until, now = _instant(said), _instant(headers.get("date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0) if until else 0.0


def _instant(date: str) -> datetime | None:
    """A date of a header; nothing where it is none."""
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _not_let_in(error: APIStatusError, said: str) -> str:
    if is_page(error.response.content):
        return f"The model's endpoint, or a proxy before it, did not let us in ({said}, with a page)."
    return f"The model's endpoint did not accept DEBRIEF_LLM_API_KEY or DEBRIEF_LLM_HEADERS ({said})."


def _names(error: APIStatusError) -> list[str]:
    """What the endpoint calls the kind of error, rather than words, which may be anybody's."""
    found = [one for one in (error.code, error.type) if isinstance(one, str)]
    return [one for one in found if _NAME.fullmatch(one)]


def _says_itself(error: APIStatusError) -> bool:
    """Whether the endpoint says it in the form of its interface, rather than a proxy before it."""
    try:
        said = error.response.json()
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and isinstance(said.get("error"), dict | str)


def _caused_by(error: BaseException | None, kind: type[E]) -> E | None:
    """The error of that *kind*, such as a refusal of our own, that the library wrapped; nothing where it did not."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None
