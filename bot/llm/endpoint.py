"""One approved, OpenAI-compatible endpoint, asked with a pinned model and without retries of the library's own."""

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import httpx2
from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAI, OpenAIError, omit
from pydantic import BaseModel, Field, SecretStr, ValidationError

from analysis.addresses import Network
from analysis.errors import DebriefError, Unavailable
from bot.llm.addresses import Resolve, resolve
from bot.llm.transport import ApprovedTransport, Gate, Origin
from bot.ports.model import Answer, KeyRefusedError, NotSentError, Question
from bot.settings import AnswerForm, AnswerLimits

E = TypeVar("E", bound=BaseException)

_CONNECT_SECONDS = 5.0
_CODE = re.compile("[a-z]{2,30}(?:_[a-z]{1,30}){1,4}")
#: Why there is no text, by what the endpoint says of its end.
_SILENT = {
    "length": "The model had used up DEBRIEF_LLM_ANSWER_TOKENS before it wrote anything.",
    "content_filter": "A filter of the model's endpoint kept the answer back.",
}
_NO_COMPLETION = "The model's endpoint answered with something that is no completion."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    """Where the endpoint is and which model is asked there."""

    base_url: str
    model: str
    api_key: SecretStr
    networks: Sequence[Network] = ()
    limits: AnswerLimits = AnswerLimits.USUAL


class Endpoint:
    """Asks the one model at the one address; see `bot.ports.model.LanguageModel`."""

    def __init__(
        self,
        settings: EndpointSettings,
        *,
        gate: Gate,
        form: AnswerForm = AnswerForm.JSON_SCHEMA,
        resolver: Resolve = resolve,
    ) -> None:
        """*gate* sees the bytes of each request and raises where they must not leave."""
        self._model = settings.model
        self._form = form
        self._limits = settings.limits
        self.client = connect(settings, gate=gate, resolver=resolver)

    def ask(self, question: Question, *, seconds: float) -> Answer:
        """Ask once. A repetition could cost twice, so that none is made here.

        Raises
        ------
        analysis.errors.Unavailable
            If there is no answer; `NotSentError` where the endpoint certainly did no work for it.
        """
        try:
            answer = self.client.with_options(timeout=_patience(seconds)).chat.completions.with_raw_response.create(
                model=self._model,
                messages=[
                    {"role": "system", "content": question.instructions},
                    {"role": "user", "content": question.material},
                ],
                response_format=response_format(self._form, question),
                seed=omit if question.seed is None or self._limits is AnswerLimits.REASONING else question.seed,
                **limited(self._limits, question.answer_tokens),
            )
            return _answer(answer.http_response.content)
        except OpenAIError as error:
            raise unavailable(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


def connect(settings: EndpointSettings, *, gate: Gate, resolver: Resolve = resolve) -> OpenAI:
    """A client that can reach the endpoint and nothing else, whatever the environment says."""
    url = httpx2.URL(settings.base_url)
    transport = ApprovedTransport(Origin.of(url), gate=gate, networks=settings.networks, resolver=resolver)
    return OpenAI(
        base_url=url,
        api_key=settings.api_key.get_secret_value() or "none",
        max_retries=0,
        http_client=httpx2.Client(transport=transport, follow_redirects=False, trust_env=False),
    )


def limited(limits: AnswerLimits, tokens: int) -> dict[str, Any]:
    """The library's arguments that keep an answer within so many *tokens*, and the same each time where that is had."""
    if limits is AnswerLimits.REASONING:
        return {"max_completion_tokens": tokens}
    return {"max_tokens": tokens, "temperature": 0}


def response_format(form: AnswerForm, question: Question) -> Any:  # noqa: ANN401 - a union of the library's own types
    """The library's way to say what form the answer is to have."""
    if form is AnswerForm.JSON_OBJECT:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": dict(question.schema)}}


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
    return Unavailable(_NO_COMPLETION)


def _connection(error: APIConnectionError) -> str:
    """What became of the connection; with TLS, why there is none."""
    if isinstance(error.__cause__, httpx2.ConnectTimeout):
        return "The model's endpoint could not be reached in time."
    if isinstance(error, APITimeoutError):
        return "The model's endpoint did not answer in time."
    refused = _caused_by(error, ssl.SSLError)
    if isinstance(refused, ssl.SSLCertVerificationError):
        because = refused.verify_message.rstrip(".")
        return f"The certificate of the model's endpoint is not trusted here ({because})."
    if refused is not None:
        because = (refused.reason or "no reason given").replace("_", " ").lower()
        return f"The model's endpoint cannot be reached by TLS ({because})."
    return "The connection to the model's endpoint failed."


def _status(error: APIStatusError) -> Unavailable:
    status = error.status_code
    said = f"status {status}, {error.code}" if _is_code(error.code) else f"status {status}"
    if 300 <= status < 400:
        return Unavailable("The model's endpoint answered with a redirect, which is never followed.")
    if status == 429 or (status == 503 and _says_itself(error)):
        return NotSentError(f"The model's endpoint is busy ({said}).")
    if status in {401, 403}:
        return KeyRefusedError(f"The model's endpoint did not accept DEBRIEF_LLM_API_KEY ({said}).")
    return Unavailable(f"The model's endpoint answered with {said}.")


def _says_itself(error: APIStatusError) -> bool:
    """Whether the endpoint says in the form of its interface that it is busy.

    The same status from a proxy may mean that the endpoint went away over its work.
    """
    try:
        said = error.response.json()
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("error"), dict | str)


def _is_code(code: object) -> bool:
    """Whether it is the name of a kind of error, such as `model_not_found`, rather than words."""
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def _caused_by(error: BaseException | None, kind: type[E]) -> E | None:
    """The error of that *kind*, such as a refusal of our own, that the library wrapped; nothing where it did not."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None


def _patience(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(max(seconds, 0.1), connect=min(_CONNECT_SECONDS, max(seconds, 0.1)))


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: Annotated[int, Field(ge=0)] = 0
    completion_tokens: Annotated[int, Field(ge=0)] = 0


class _Completion(BaseModel):
    """What is needed of a completion; the library's own class believes whatever came."""

    model: str
    choices: Annotated[list[_Choice], Field(min_length=1)]
    system_fingerprint: str | None = None
    usage: Any = None


def _answer(body: bytes) -> Answer:
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise Unavailable(_NO_COMPLETION) from error
    choice, usage = completion.choices[0], _usage(completion.usage)
    if not choice.message.content:
        raise Unavailable(_SILENT.get(choice.finish_reason or "", "The model's endpoint answered without a text."))
    return Answer(
        text=choice.message.content,
        model=completion.model,
        fingerprint=completion.system_fingerprint or "",
        question_tokens=usage.prompt_tokens,
        answer_tokens=usage.completion_tokens,
        is_whole=choice.finish_reason == "stop",
    )


def _usage(said: object) -> _Usage:
    """What the endpoint says that it cost; nothing, as of one that does not say, where that cannot be."""
    try:
        return _Usage.model_validate(said)
    except ValidationError:
        return _Usage()
