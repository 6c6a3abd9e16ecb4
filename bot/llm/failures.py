"""What an error of the endpoint means for a draft: one sentence that holds nothing of what was sent or received."""

import math
import re
import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
from openai import APIConnectionError, APITimeoutError, OpenAIError

from analysis.errors import Unavailable
from bot.llm.error_bodies import ErrorSaid, Kind, said_by
from bot.ports.model import KeyRefusedError, NotSentError, QuestionRefusedError

E = TypeVar("E", bound=BaseException)

NO_COMPLETION = "The model's endpoint answered with something that is no completion."
A_PAGE = (
    "The model's endpoint answered with a page instead of a completion, as a proxy does, or a path that is not that of "
    "DEBRIEF_LLM_BASE_URL."
)
NOTHING = "The model's endpoint answered with nothing."
A_STREAM = (
    "The model's endpoint answered as a stream, which it was not asked for; have it, or its gateway, answer whole."
)
#: The status by which gateways say that nothing is left to spend there, whatever they call it.
_UNPAID = 402
_TOO_MANY = 429
#: By the first a proxy asks for credentials of its own, by the second an endpoint says what it once had is no more.
_PROXY_ASKS, _RETIRED = 407, 410
#: By these an endpoint, or a proxy before it, says that it waited for the model for too long.
_GAVE_UP = frozenset({408, 504, 524})
#: An endpoint answers with one of these where it does not know a path, an argument or a method.
_REFUSALS = frozenset({400, 404, 405, _RETIRED, 415, 422, 501})
#: Busy where the endpoint itself says so: from a proxy these may mean that it went away over its work.
_OVERLOADED = frozenset({503, 529})
#: A number of seconds as a header may give it, and some servers write parts of one.
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
#: OpenSSL's codes for a certificate that nobody whom we know vouches for.
_UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
_MOST_WORDS = 200
#: What a header has that is shorter is the name of something, such as of an organisation, and no secret.
_LEAST_SECRET = 6


def unavailable(error: OpenAIError) -> Unavailable:
    """What the library's error means for a draft; its own words may repeat what was sent, so they are not kept."""
    said = said_by(error)
    if said is not None:
        return told(said)
    if isinstance(error, APIConnectionError):
        is_connected = not isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        return (Unavailable if is_connected else NotSentError)(_connection(error))
    return Unavailable(NO_COMPLETION)


def says_no(error: BaseException | None) -> bool:
    """Whether the endpoint itself refused what was asked, rather than being away, busy or closed to us."""
    said = said_by(error)
    return said is not None and said.code in _REFUSALS and not isinstance(told(said), NotSentError)


def own_words(error: BaseException | None, secrets: Iterable[str]) -> str:
    """What the endpoint itself says of its error, as the beginning of a line without *secrets*; empty where nothing.

    It may repeat what was asked, so this is for questions in fixed words alone.
    """
    found = said_by(error)
    if found is None or found.is_page:
        return ""
    said = found.words
    for secret in secrets:
        said = said.replace(secret, "…") if len(secret) >= _LEAST_SECRET else said
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}…"


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


def told(said: ErrorSaid) -> Unavailable:
    """What an error means for a draft, by its kind and status, in words of ours alone."""
    kind = said.kind
    if 300 <= said.status < 400:
        message = "answered with a redirect, which is never followed; DEBRIEF_LLM_BASE_URL must be where it leads"
        return Unavailable(f"The model's endpoint {message}.")
    if kind is Kind.SPENT or (said.code == _UNPAID and said.is_its_own):
        return KeyRefusedError(f"What may be spent at the model's endpoint is used up there ({said.named}).")
    if kind is Kind.FILTERED:
        return Unavailable(f"A filter of the model's endpoint kept the question back ({said.named}).")
    if said.code in {401, 403, _PROXY_ASKS}:
        return KeyRefusedError(_not_let_in(said))
    if kind is Kind.BUSY or (said.status in _OVERLOADED and said.is_its_own):
        return _busy(said)
    return _undone(said, kind)


def _undone(said: ErrorSaid, kind: Kind) -> Unavailable:
    """Of a question that the endpoint did take, and perhaps worked on."""
    if kind is Kind.TOO_LONG:
        todo = "lower DEBRIEF_LLM_MOST_EVENTS, or have the endpoint take longer ones"
        is_turned_away = said.code == _TOO_MANY  # by what a minute may have: nothing was worked on
        return (KeyRefusedError if is_turned_away else Unavailable)(
            f"The question is longer than the model's endpoint takes ({said.named}); {todo}."
        )
    if said.code == _RETIRED:
        todo = "set DEBRIEF_LLM_MODEL, or DEBRIEF_LLM_BASE_URL, to what took its place"
        return Unavailable(f"The model, or the path at its endpoint, is retired there ({said.named}); {todo}.")
    if kind is Kind.UNKNOWN:
        todo = "look at DEBRIEF_LLM_MODEL, and at DEBRIEF_LLM_BASE_URL, which ends before /chat/completions"
        return Unavailable(f"The model's endpoint has no such model, or nothing at its address ({said.named}); {todo}.")
    if said.code in _GAVE_UP:
        message = "The model's endpoint, or a proxy before it, gave up before the answer was there"
        return Unavailable(f"{message} ({said.named}).")
    refused = QuestionRefusedError if said.code in _REFUSALS else Unavailable
    if said.status < 300:
        return refused(f"The model's endpoint answered with an error instead of a completion ({said.named}).")
    return refused(f"The model's endpoint answered with {said.named}.")


def _busy(said: ErrorSaid) -> NotSentError:
    """That it is busy, and for how long where it says so."""
    after = _after_seconds(said.headers)
    asks = f", and asks to be left alone for {math.ceil(after):,} s" if after else ""
    return NotSentError(f"The model's endpoint is busy ({said.named}){asks}.", after_seconds=after)


def _after_seconds(headers: Mapping[str, str]) -> float:
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


def _not_let_in(said: ErrorSaid) -> str:
    if said.code == _PROXY_ASKS:
        todo = (
            "put the header that it wants, such as Proxy-Authorization, into DEBRIEF_LLM_HEADERS, or lead "
            "DEBRIEF_LLM_BASE_URL past it"
        )
        return f"A proxy before the model's endpoint asks for credentials ({said.named}); {todo}."
    if said.is_page:
        return f"The model's endpoint, or a proxy before it, did not let us in ({said.named}, with a page)."
    return f"The model's endpoint did not accept DEBRIEF_LLM_API_KEY or DEBRIEF_LLM_HEADERS ({said.named})."


def _caused_by(error: BaseException | None, kind: type[E]) -> E | None:
    """The error of that *kind*, such as one of TLS, that the library wrapped; nothing where it did not."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None
