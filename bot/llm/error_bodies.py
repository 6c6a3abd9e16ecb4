"""What an endpoint says of an error, wherever in a body vendors and gateways write it, and what kind of error that is.

Its words may repeat what was asked. They are looked at to tell the kind of the error, are shown by `debrief doctor`
alone, which asks nothing but fixed words, and are kept nowhere.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto

from openai import APIStatusError

#: How endpoints write kinds of errors: `model_not_found`, `DeploymentNotFound`, `INVALID_ARGUMENT`.
_NAME = re.compile("[a-z]{2,30}(?:_[a-z]{1,30}){1,4}|(?:[A-Z][a-z]{1,30}){2,5}|[A-Z]{2,30}(?:_[A-Z]{1,30}){1,4}")
_NAMED = ("code", "type", "error_type", "status")
_CODE = re.compile("[45][0-9]{2}", re.ASCII)
#: So many of an error's words tell its kind; what is quoted of a question behind them does not.
_TELLING = 400


class Kind(StrEnum):
    """What kind of error it is, as far as it changes what is to be done."""

    SPENT = auto()
    FILTERED = auto()
    TOO_LONG = auto()
    UNKNOWN = auto()
    BUSY = auto()
    OTHER = auto()


_BY_NAME: Mapping[str, Kind] = {
    # A gateway gives it any status when nothing is left to spend there.
    **dict.fromkeys(("budget_exceeded", "insufficient_quota", "billing_hard_limit_reached"), Kind.SPENT),
    **dict.fromkeys(("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"), Kind.FILTERED),
    **dict.fromkeys(("context_length_exceeded", "exceed_context_size_error", "request_too_large"), Kind.TOO_LONG),
    **dict.fromkeys(("ContextWindowExceededError", "tokens_limit_reached"), Kind.TOO_LONG),
    **dict.fromkeys(("model_not_found", "DeploymentNotFound"), Kind.UNKNOWN),
    **dict.fromkeys(("rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED"), Kind.BUSY),
}
_BY_STATUS: Mapping[int, Kind] = {404: Kind.UNKNOWN, 413: Kind.TOO_LONG, 429: Kind.BUSY}
#: What OpenAI calls a rate limit where one question alone is more than a minute may have.
_TOO_LARGE = re.compile("request too large", re.IGNORECASE)
#: Where there is no name, as vLLM, Ollama, llama.cpp, TGI, Gemini's and LiteLLM's say it.
_BY_WORDS = (
    (re.compile("ContentPolicyViolation|content management policy", re.IGNORECASE), Kind.FILTERED),
    (
        re.compile(
            "context (?:length|window|size)|ContextWindowExceeded|(?:prompt|input|request) is too long|"
            "input token count|exceeds? the maximum number of tokens|max_new_tokens. must be|"
            "inputs. must have less than|must be at least 1, got -",
            re.IGNORECASE,
        ),
        Kind.TOO_LONG,
    ),
    (re.compile("invalid model name|model .{0,80}(?:does not exist|not found)", re.IGNORECASE), Kind.UNKNOWN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSaid:
    """An error as an endpoint told it.

    `status` is that of the answer, `code` the one that its body names where the answer's is no error's. `is_its_own`
    unless a proxy before the endpoint may have written it, and `is_worked_on` where a choice or costs stand beside it.
    """

    status: int
    code: int
    names: tuple[str, ...] = ()
    words: str = ""
    is_its_own: bool = False
    is_page: bool = False
    is_worked_on: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """By its names, its status, and only then by its words, but for one that is named as if waiting would help."""
        if _TOO_LARGE.match(self.words):
            return Kind.TOO_LONG
        by_name = next((_BY_NAME[name] for name in self.names if name in _BY_NAME), None)
        if by_name is not None:
            return by_name
        if self.code in _BY_STATUS:
            return _BY_STATUS[self.code]
        return next((kind for said, kind in _BY_WORDS if said.search(self.words[:_TELLING])), Kind.OTHER)

    @property
    def named(self) -> str:
        """Its status and what it is called there: nothing that anybody could have written into a question."""
        code = f" with code {self.code}" if self.code != self.status else ""
        return ", ".join([f"status {self.status}{code}", *self.names[:1]])


class ErrorInAnswer(Exception):
    """A body with an error in it, under a status that says that all is well."""

    def __init__(self, said: ErrorSaid) -> None:
        """Keep what it says."""
        super().__init__()
        self.said = said


def said_by(error: BaseException | None) -> ErrorSaid | None:
    """What the endpoint told in *error*; nothing where it told none."""
    if isinstance(error, ErrorInAnswer):
        return error.said
    if not isinstance(error, APIStatusError):
        return None
    response = error.response
    body = _parsed(response.content)
    found = _said(body, response.status_code)
    return ErrorSaid(
        status=response.status_code,
        code=response.status_code,
        names=found.names if found else (),
        words=found.words if found else _plain(response.content),
        is_its_own=_envelope(body) is not None,
        is_page=is_page(response.content),
        headers=response.headers,
    )


def said_in(body: bytes, status: int = 200) -> ErrorSaid | None:
    """The error in a *body* that should be a completion; nothing where it has none."""
    parsed = _parsed(body)
    choice = _first(parsed.get("choices")) if isinstance(parsed, dict) else None
    for place in (parsed, choice):
        if _envelope(place) is not None or _is_error(place):
            said = _said(place, status)
            return said and replace(said, is_worked_on=_is_worked_on(parsed))
    return None


def is_page(body: bytes) -> bool:
    """Whether it is HTML or XML, as people read it or proxies write it."""
    return body.lstrip().startswith(b"<")


def _said(body: object, status: int) -> ErrorSaid | None:
    error = _envelope(body)
    places = [place for place in (error, _first(body)) if isinstance(place, dict)]
    if not places and not isinstance(error, str):
        return None
    values = [value for place in places for value in _values(place)]
    codes = [int(value) for value in values if isinstance(value, int | str) and _CODE.fullmatch(str(value))]
    texts = [value for value in values if isinstance(value, str)]
    names = [text for text in texts if text in _BY_NAME or _NAME.fullmatch(text)]
    names += ["content_filter"] if any(_is_moderated(place) for place in places) else []
    return ErrorSaid(
        status=status,
        code=codes[0] if codes and status < 400 else status,
        names=tuple(names),
        words=_words(body),
        is_its_own=True,
    )


def _values(error: Mapping[str, object]) -> Iterator[object]:
    """What an error calls itself, outside before within."""
    for name in _NAMED:
        yield error.get(name)
    within = error.get("innererror")
    if isinstance(within, dict):
        yield within.get("code")


def _envelope(body: object) -> object:
    """What stands under `error`, alone or first of a list; nothing where there is nothing."""
    place = _first(body)
    error = place.get("error") if isinstance(place, dict) else None
    return error if error and isinstance(error, dict | str) else None


def _is_error(body: object) -> bool:
    """Whether it is an error without an envelope."""
    return isinstance(body, dict) and "error" in (body.get("object"), body.get("type"))


def _is_worked_on(body: object) -> bool:
    """Whether a body has a choice, or costs of any name, so that its error came over the work and not before."""
    if not isinstance(body, dict):
        return False
    usage = body.get("usage")
    costs = usage.values() if isinstance(usage, dict) else ()
    return bool(body.get("choices")) or any(isinstance(cost, int | float) and cost > 0 for cost in costs)


def _is_moderated(error: Mapping[str, object]) -> bool:
    """Whether a router says that a moderation flagged the question, which it calls forbidden."""
    metadata = error.get("metadata")
    return isinstance(metadata, dict) and "flagged_input" in metadata


def _words(body: object, depth: int = 3) -> str:
    """The words of an error, wherever endpoints write them, at most so deep."""
    if isinstance(body, list):
        return _words(body[0], depth - 1) if body and depth else ""
    if isinstance(body, dict) and depth:
        found = (_words(body.get(name), depth - 1) for name in ("message", "msg", "detail", "error"))
        metadata = body.get("metadata")
        behind = metadata.get("raw") if isinstance(metadata, dict) else None
        return ": ".join(filter(None, [next(filter(None, found), ""), behind if isinstance(behind, str) else ""]))
    return body if isinstance(body, str) else ""


def _plain(body: bytes) -> str:
    """The words of an error that is no JSON, such as a proxy's."""
    return "" if is_page(body) else body.decode("utf-8", "replace")


def _first(body: object) -> object:
    return body[0] if isinstance(body, list) and body else body


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
