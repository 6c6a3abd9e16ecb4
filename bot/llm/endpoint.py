"""One approved, OpenAI-compatible endpoint, asked with a pinned model and without retries of the library's own."""

import codecs
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx2
from openai import OpenAI, OpenAIError, omit
from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError

from analysis.addresses import Network
from analysis.errors import Unavailable
from bot.llm.addresses import Resolve, resolve
from bot.llm.costs import Costs, costs_in
from bot.llm.error_bodies import ErrorInAnswer, is_page, said_in
from bot.llm.failures import A_PAGE, A_STREAM, NO_COMPLETION, NOTHING, told, unavailable
from bot.llm.transport import ApprovedTransport, Gate, Origin
from bot.llm.wrapping import unwrapped
from bot.ports.model import Answer, NotSentError, Question, SilentAnswerError
from bot.settings import AnswerForm, AnswerLimits

_CONNECT_SECONDS = 5.0
#: Why there is no text, by what the endpoint says of its end.
_SILENT = {
    "length": "The model had used up DEBRIEF_LLM_ANSWER_TOKENS before it wrote anything.",
    "content_filter": "A filter of the model's endpoint kept the answer back.",
}
#: What a server's parser of thoughts took for one may have been the answer, which nobody can tell.
_ONLY_THOUGHT = (
    "The model's endpoint answered with what the model thought, and without a text: its server took all of it for a "
    "thought, or it thought for too long. Look there at how thoughts are parsed, or have it think less by "
    "DEBRIEF_LLM_EXTRA_BODY."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    """Where the endpoint is, how it lets us in, and how which model is asked there; `extra` goes into every body."""

    base_url: str
    model: str
    api_key: SecretStr
    headers: Mapping[str, SecretStr] = field(default_factory=dict)
    ca_file: Path | None = None
    client_file: Path | None = None
    networks: Sequence[Network] = ()
    limits: AnswerLimits = AnswerLimits.USUAL
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be in no message."""
        found = (self.api_key, *self.headers.values())
        return tuple(filter(None, (one.get_secret_value() for one in found)))


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
        self._extra = settings.extra
        self.client = connect(settings, gate=gate, resolver=resolver)

    def ask(self, question: Question, *, seconds: float) -> Answer:
        """Ask once. A repetition could cost twice, so that none is made here.

        Raises
        ------
        analysis.errors.Unavailable
            If there is no answer; `NotSentError` where the endpoint certainly did no work for it.
        """
        try:
            answer = self.client.with_options(timeout=timeout(seconds)).chat.completions.with_raw_response.create(
                model=self._model,
                messages=[
                    {"role": "system", "content": question.instructions},
                    {"role": "user", "content": question.material},
                ],
                response_format=response_format(self._form, question),
                seed=omit if question.seed is None or self._limits is not AnswerLimits.USUAL else question.seed,
                **limited(self._limits, question.answer_tokens),
                **added(self._extra),
            )
            return read(answer.http_response.content)
        except OpenAIError as error:
            raise unavailable(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


def connect(settings: EndpointSettings, *, gate: Gate, resolver: Resolve = resolve) -> OpenAI:
    """A client that can reach the endpoint and nothing else, whatever the environment says.

    Raises
    ------
    analysis.errors.Unavailable
        If a file of certificates cannot be used.
    """
    url, key = httpx2.URL(settings.base_url), settings.api_key.get_secret_value()
    headers = {name: value.get_secret_value() for name, value in settings.headers.items()}
    transport = ApprovedTransport(
        Origin.of(url),
        gate=gate,
        headers=[*headers, "authorization"] if key else headers,
        networks=settings.networks,
        inner=httpx2.HTTPTransport(trust_env=False, retries=0, verify=_tls(settings)),
        resolver=resolver,
    )
    return OpenAI(
        base_url=url.copy_with(query=None),
        api_key=key or "none",
        default_headers=headers,
        default_query=dict(url.params),
        max_retries=0,
        http_client=httpx2.Client(transport=transport, follow_redirects=False, trust_env=False),
    )


def _tls(settings: EndpointSettings) -> ssl.SSLContext:
    """By whose word the endpoint's certificate is good, and which certificate of ours it is shown."""
    try:
        if settings.ca_file is None:
            context = httpx2.create_ssl_context(trust_env=False)
        else:
            context = ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # as errors of TLS are
        message = f"DEBRIEF_LLM_CA_FILE ({settings.ca_file}) is no file of certificates in PEM that can be read."
        raise Unavailable(message) from error
    if settings.client_file is not None:
        try:
            # With a password, so that nobody is asked for one at the terminal.
            context.load_cert_chain(settings.client_file, password="")
        except OSError as error:
            message = (
                f"DEBRIEF_LLM_CLIENT_FILE ({settings.client_file}) is no file in PEM, with a certificate and its key "
                "without a password, that can be read."
            )
            raise Unavailable(message) from error
    return context


def limited(limits: AnswerLimits, tokens: int) -> dict[str, Any]:
    """The library's arguments that keep an answer within so many *tokens*, and the same each time where that is had."""
    if limits is AnswerLimits.REASONING:
        return {"max_completion_tokens": tokens}
    if limits is AnswerLimits.PLAIN:
        return {"max_tokens": tokens}
    return {"max_tokens": tokens, "temperature": 0}


def added(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The library's argument for what the settings add to a body."""
    return {"extra_body": dict(extra)} if extra else {}


def response_format(form: AnswerForm, question: Question) -> Any:  # noqa: ANN401 - a union of the library's own types
    """The library's way to say what form the answer is to have."""
    if form is AnswerForm.JSON_OBJECT:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": dict(question.schema)}}


def timeout(seconds: float) -> httpx2.Timeout:
    """For the library: an answer may take so long, a connection less."""
    return httpx2.Timeout(max(seconds, 0.1), connect=min(_CONNECT_SECONDS, max(seconds, 0.1)))


class _Message(BaseModel):
    content: str | list[Any] | None = None
    refusal: Any = None
    reasoning: Any = None
    reasoning_content: Any = None
    reasoning_details: Any = None

    @property
    def text(self) -> str:
        """The text of an answer, also of one in parts, of which others may say what was thought."""
        if not isinstance(self.content, list):
            return self.content or ""
        texts = [part.get("text") for part in self.content if isinstance(part, dict) and part.get("type") == "text"]
        return "".join(text for text in texts if isinstance(text, str))

    @property
    def is_empty(self) -> bool:
        """Whether not a word was written, of an answer or of a thought."""
        thought = self.reasoning or self.reasoning_content or self.reasoning_details
        return not (self.content or self.refusal or thought)


class _Choice(BaseModel):
    message: _Message = Field(default_factory=_Message)
    finish_reason: str | None = None

    @property
    def end(self) -> str:
        """The reason alone: some servers say behind a colon what was filtered."""
        return (self.finish_reason or "").partition(":")[0]

    def is_free(self, usage: Costs) -> bool:
        """Whether a filter kept the answer back before a word was written, and the total says so as well."""
        is_kept_back = self.end == "content_filter" and self.message.is_empty
        return is_kept_back and not usage.answer_tokens and 0 < usage.prompt_tokens == usage.total_tokens


class _Completion(BaseModel):
    """What is needed of a completion; the library's own class believes whatever came."""

    model: Annotated[str, BeforeValidator(lambda name: name or "")] = ""
    choices: Annotated[list[_Choice], Field(min_length=1)]
    system_fingerprint: str | None = None
    usage: Any = None


def read(body: bytes) -> Answer:
    """The answer that is in the body of a completion.

    Raises
    ------
    analysis.errors.Unavailable
        If there is none.
    """
    try:
        completion = _Completion.model_validate_json(body.removeprefix(codecs.BOM_UTF8))
    except ValidationError as error:
        _raise_error_in(body, Costs())
        raise Unavailable(_no_completion(body)) from error
    choice, usage = completion.choices[0], costs_in(completion.usage)
    is_whole = choice.finish_reason == "stop"
    answer = unwrapped(choice.message.text, is_whole=is_whole)
    if not answer.text.strip():
        _raise_error_in(body, usage)
        raise SilentAnswerError(
            _silence(choice),
            question_tokens=usage.prompt_tokens,
            answer_tokens=usage.answer_tokens,
            is_cut=choice.finish_reason == "length",
            is_free=choice.is_free(usage),
        )
    return Answer(
        text=answer.text,
        model=completion.model,
        fingerprint=completion.system_fingerprint or "",
        question_tokens=usage.prompt_tokens,
        answer_tokens=usage.answer_tokens,
        is_whole=is_whole,
        dropped=answer.dropped,
        unclear=answer.unclear,
        words=answer.words,
    )


def _raise_error_in(body: bytes, usage: Costs) -> None:
    """Raise what an endpoint says that went wrong, although its status says that all is well.

    Where something was worked on, that counts, and is not asked again, whatever the error is called.
    """
    said = said_in(body)
    if said is None:
        return
    error = told(said)
    if said.is_worked_on and isinstance(error, NotSentError):
        question, answer = usage.prompt_tokens, usage.answer_tokens
        error = SilentAnswerError(error.message, question_tokens=question, answer_tokens=answer)
    raise error from ErrorInAnswer(said)


def _no_completion(body: bytes) -> str:
    if not body.strip():
        return NOTHING
    if body.startswith(b"data:"):
        return A_STREAM
    return A_PAGE if is_page(body) else NO_COMPLETION


def _silence(choice: _Choice) -> str:
    """Why there is no text, by what the endpoint says of its end."""
    if choice.message.refusal:
        return "The model refused to answer."
    if choice.end not in _SILENT and (choice.message.reasoning_content or choice.message.reasoning):
        return _ONLY_THOUGHT
    return _SILENT.get(choice.end, "The model's endpoint answered without a text.")
