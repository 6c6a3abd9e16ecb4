"""What vendors, gateways and servers really answer, told in words of ours: never a word of theirs, or of the question.

The shapes are those of their documents, their source and what people reported of them.
"""

import http.server
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import SecretStr

from analysis.errors import Unavailable
from bot.llm.capabilities import refusal
from bot.llm.endpoint import Endpoint, EndpointSettings, read
from bot.llm.transport import AnswerLateError, BrokenAnswerError
from bot.ports.model import Answer, KeyRefusedError, NotSentError, Question, QuestionRefusedError, SilentAnswerError
from bot.settings import AnswerForm
from tests.effort import thinned
from tests.model_endpoint import Answering, endpoint, status

#: What of the question an endpoint may repeat in its words, and what it may say of itself.
WORDS = "the confidential timeline"
QUESTION = Question(instructions="Write.", material=WORDS, schema={"type": "object"}, answer_tokens=9)
TEXT = '{"sentences": []}'
LATER = {"hate": {"filtered": True, "severity": "high"}}


def error(code: int, /, **said: Any) -> Answering:
    """An error as most say it."""
    return status(code, json.dumps({"error": said}).encode())


def completion(choice: Any, **more: Any) -> Answering:
    """A completion with that one choice."""
    body = {"id": "c1", "object": "chat.completion", "model": "pinned", "choices": choice and [choice], **more}
    return status(200, json.dumps(body).encode())


def settings_for(url: str) -> EndpointSettings:
    """How it is asked."""
    loopback = (ip_network("127.0.0.0/8"),)
    return EndpointSettings(base_url=url, model="pinned", api_key=SecretStr("the-key"), networks=loopback)


def ask(url: str, seconds: float = 5, begun: Callable[[int], object] | None = None) -> Answer:
    """What it is answered; *begun* is told the status."""
    with closing(Endpoint(settings_for(url), gate=lambda _: begun)) as llm:
        return llm.ask(QUESTION, seconds=seconds)


def numbered(rows: Iterable[Any]) -> list[object]:
    """The rows of a table, named by their place."""
    return [pytest.param(*row, id=str(place)) for place, row in enumerate(rows)]


TOO_LONG = "is longer than the model's endpoint takes"
FILTER = "A filter of the model's endpoint kept the question back"
UNKNOWN = "no such model, or nothing at its address"
BUSY = "endpoint is busy"
ERRORS = [
    # OpenAI, vLLM of today and of before, llama.cpp with and without a status, Ollama, TGI, Gemini, LiteLLM, Anthropic.
    (error(400, message=f"maximum {WORDS}", type="invalid_request_error", code="context_length_exceeded"), TOO_LONG),
    (error(400, message="This model's maximum context length is 4096 tokens.", type="BadRequestError"), TOO_LONG),
    (status(400, b'{"object": "error", "message": "max_tokens must be at least 1, got -186.", "code": 400}'), TOO_LONG),
    (error(400, code=400, message="the request exceeds", type="exceed_context_size_error", n_ctx=256), TOO_LONG),
    (error(200, code=400, message="the request exceeds", type="exceed_context_size_error", n_ctx=256), TOO_LONG),
    (
        status(422, b'{"error": "`inputs` tokens + `max_new_tokens` must be <= 15", "error_type": "validation"}'),
        TOO_LONG,
    ),
    (status(400, b'[{"error": {"code": 400, "message": "The input token count exceeds the maximum"}}]'), TOO_LONG),
    (error(400, message="litellm.BadRequestError: litellm.ContextWindowExceededError: x", code="400"), TOO_LONG),
    (status(200, b'{"type": "error", "error": {"message": "prompt is too long: 209303 tokens"}}'), TOO_LONG),
    (
        error(429, message="Request too large for x on tokens per min", type="tokens", code="rate_limit_exceeded"),
        TOO_LONG,
    ),
    (status(413, b"<html><h1>413 Request Entity Too Large</h1></html>"), TOO_LONG),
    # Azure before and behind the model, LiteLLM, OpenRouter, whose moderation says 403.
    (error(400, code="content_filter", status=400, innererror={"content_filter_result": LATER}), FILTER),
    (error(400, code="BadRequest", innererror={"code": "ResponsibleAIPolicyViolation"}), FILTER),
    (error(400, message="litellm.ContentPolicyViolationError: AzureException", code="400"), FILTER),
    (error(403, code=403, message="Flagged", metadata={"reasons": ["violence"], "flagged_input": WORDS}), FILTER),
    (error(200, code=403, message="Flagged", metadata={"flagged_input": WORDS, "provider_name": "x"}), FILTER),
    # OpenAI, Azure, Ollama, vLLM, LiteLLM, whose words may be an object.
    (error(404, message="The model `x` does not exist", type="invalid_request_error", code="model_not_found"), UNKNOWN),
    (error(404, code="DeploymentNotFound", message="The API deployment does not exist."), UNKNOWN),
    (error(404, message='model "x" not found, try pulling it first', type="api_error", code=None), UNKNOWN),
    (error(400, message={"error": "/chat/completions: Invalid model name passed in model=x."}, code="400"), UNKNOWN),
    (status(404, b'{"detail": "Not Found"}'), UNKNOWN),
    # OpenRouter behind a provider, Gemini, and a router that keeps the status for itself.
    (error(429, code=429, message="Provider returned error", metadata={"raw": WORDS}), BUSY),
    (error(200, code=429, message="Provider returned error", metadata={"raw": WORDS}), BUSY),
    (error(200, message="Too many", type="rate_limit_exceeded"), BUSY),
    (status(429, b'[{"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}}]'), BUSY),
    (status(503, b'[{"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}}]'), BUSY),
    (error(200, code=401, message="No auth credentials found"), "did not accept DEBRIEF_LLM_API_KEY"),
    (error(200, code="402", message="Insufficient credits"), r"is used up there \(status 200 with code 402\)"),
    (error(200, code="insufficient_quota"), "is used up there"),
    (error(408, message="Timeout"), "gave up before the answer was there"),
    (status(504, b"<html>504 Gateway Time-out</html>"), "gave up before the answer was there"),
    (error(200, code=502, message=f"Bad {WORDS}"), r"error instead of a completion \(status 200 with code 502\)"),
    (status(200, json.dumps({"error": WORDS}).encode()), r"error instead of a completion \(status 200\)"),
    (
        completion({"error": {"code": 502, "message": WORDS}, "finish_reason": "error", "message": {"content": ""}}),
        r"error instead of a completion \(status 200 with code 502\)",
    ),
    (error(400, message="max_tokens", param="max_tokens", code="unsupported_parameter"), "400, unsupported_parameter"),
    (status(422, b'{"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs"}]}'), r"with status 422\."),
    (status(204, b""), "answered with nothing"),
    (status(200, b'{"error": {"code": ' + b"[" * 900 + b"]" * 900 + b"}}"), "an error instead of a completion"),
    (status(400, b'{"error": {"code": ' + b"9" * 5000 + b"}}"), r"with status 400\."),
]
KINDS = {TOO_LONG: Unavailable, FILTER: Unavailable, UNKNOWN: Unavailable, BUSY: NotSentError}


@pytest.mark.parametrize(("answering", "sentence"), thinned(numbered(ERRORS), every=3))
def test_error_is_told_by_its_kind_and_in_no_words_of_theirs(answering: Answering, sentence: str) -> None:
    """Whoever reads the draft learns what to do, whatever status the error came under."""
    with endpoint(answering) as fake, pytest.raises(Unavailable, match=sentence) as told:
        ask(fake.url)

    assert isinstance(told.value, KINDS.get(sentence, Unavailable))
    assert "confidential" not in told.value.message
    assert len(fake.received) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, KeyRefusedError),
        (402, KeyRefusedError),
        (429, NotSentError),
        (503, Unavailable),
        (400, QuestionRefusedError),
    ],
)
def test_error_under_a_status_that_says_all_is_well_counts_as_what_it_names(code: int, kind: type[Unavailable]) -> None:
    """Nothing was worked on without a key or a turn; what had begun and failed may have cost something."""
    with endpoint(error(200, code=code, message="x")) as fake, pytest.raises(Unavailable) as told:
        ask(fake.url)

    assert type(told.value) is kind


COSTS = {"prompt_tokens": 5000, "completion_tokens": 800, "total_tokens": 5800}
EMPTY = {"finish_reason": "error", "message": {"content": ""}}


@pytest.mark.parametrize("code", [401, 402, 429])
@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        pytest.param({"choices": [EMPTY], "usage": COSTS}, (5000, 800), id="within a choice that was paid for"),
        pytest.param({"choices": [EMPTY]}, (0, 0), id="within a choice"),
        pytest.param({"choices": [{"index": []}, 7], "usage": COSTS}, (0, 0), id="choices that cannot be read"),
        pytest.param({"usage": COSTS}, (0, 0), id="costs alone"),
        pytest.param({"usage": {"input_tokens": 5}}, (0, 0), id="costs by another name"),
    ],
)
def test_error_of_what_was_worked_on_is_none_of_what_was_not(
    code: int, body: Mapping[str, Any], tokens: tuple[int, int]
) -> None:
    """A provider that gave up over an answer bills what it wrote; nought stands for all that was reserved."""
    said = {"error": {"code": code, "message": WORDS}}
    choices = [{**one, **said} if isinstance(one, dict) else one for one in body.get("choices", [])]
    whole = {**body, "choices": choices} if choices else {**body, **said}

    with pytest.raises(SilentAnswerError, match=f"status 200 with code {code}") as told:
        read(json.dumps(whole).encode())

    assert (told.value.question_tokens, told.value.answer_tokens, told.value.is_free) == (*tokens, False)


@pytest.mark.parametrize("usage", [None, 7, {}, {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}])
@pytest.mark.parametrize("choices", [None, []])
def test_error_without_a_choice_or_costs_is_of_what_was_not_worked_on(usage: object, choices: object) -> None:
    """A router that fills in what a completion has beside its error did no more for it."""
    with pytest.raises(NotSentError):
        read(json.dumps({"error": {"code": 429}, "choices": choices, "usage": usage}).encode())


FILTERED = {"finish_reason": "content_filter", "index": 0}
SILENT = [
    (completion({**FILTERED, "content_filter_results": LATER}), "A filter"),
    (completion({"finish_reason": "content_filter: PROHIBITED_CONTENT", "message": {}}), "A filter"),
    (completion({"finish_reason": "length", "message": {"role": "assistant"}}), "DEBRIEF_LLM_ANSWER_TOKENS"),
    (completion({"finish_reason": "stop", "message": {"content": None, "reasoning_content": TEXT}}), "a thought"),
    (completion({"finish_reason": "stop", "message": {"content": "", "reasoning": TEXT}}), "a thought"),
    (completion({"finish_reason": "stop", "message": {"content": None, "refusal": "No."}}), "refused"),
    (completion({"finish_reason": "stop", "message": {"content": " \n"}}), "without a text"),
    (completion({"finish_reason": None, "message": {"content": None}}), "without a text"),
]


@pytest.mark.parametrize(("answering", "sentence"), thinned(numbered(SILENT), every=2))
def test_completion_without_a_text_says_why(answering: Answering, sentence: str) -> None:
    """What was only thought is no answer, although it looks like one."""
    with endpoint(answering) as fake, pytest.raises(SilentAnswerError, match=sentence):
        ask(fake.url)


FREE = {"prompt_tokens": 5000, "completion_tokens": 0, "total_tokens": 5000}
THINKING = {"content": [{"type": "thinking", "thinking": WORDS}]}


@pytest.mark.parametrize(
    ("finish", "message", "usage", "is_free"),
    [
        ("content_filter", {}, {}, True),
        ("content_filter: PROHIBITED_CONTENT", {"content": "", "reasoning": None}, {"completion_tokens": None}, True),
        ("content_filter", {}, {"total_tokens": None}, False),
        ("content_filter", {}, {"total_tokens": 5800}, False),
        ("content_filter", {}, {"completion_tokens": 7}, False),
        ("content_filter", {"reasoning": WORDS}, {}, False),
        ("content_filter", {"reasoning_content": WORDS}, {}, False),
        ("content_filter", {"reasoning_details": [{"text": WORDS}]}, {}, False),
        ("content_filter", {"content": f"<think>{WORDS}"}, {}, False),
        ("content_filter", THINKING, {}, False),
        ("content_filter", {"refusal": "No."}, {}, False),
        ("length", {"reasoning": WORDS}, {}, False),
        ("length", {"reasoning": WORDS}, {"completion_tokens": None}, False),
        ("length", {}, {}, False),
        ("stop", {}, {}, False),
        (None, {}, {}, False),
    ],
)
def test_only_what_a_filter_kept_back_before_a_word_was_written_is_free(
    finish: str | None, message: Mapping[str, Any], usage: Mapping[str, Any], *, is_free: bool
) -> None:
    """A server that counts no thoughts says of a whole limit of them that it cost nothing."""
    choices = [{"finish_reason": finish, "message": message}]

    with pytest.raises(SilentAnswerError) as told:
        read(json.dumps({"choices": choices, "usage": {**FREE, **usage}}).encode())

    assert told.value.is_free is is_free


@pytest.mark.parametrize("choices", [None, []])
def test_completion_without_a_choice_is_none(choices: list[Any] | None) -> None:
    """As routers answer that lost what the provider said."""
    with endpoint(completion(choices, error=None)) as fake, pytest.raises(Unavailable, match="is no completion"):
        ask(fake.url)


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ({}, "pinned"),
        ({"model": "gpt-4o-2024-08-06"}, "gpt-4o-2024-08-06"),
        ({"model": None}, ""),
        ({"error": None}, "pinned"),
    ],
)
@pytest.mark.parametrize("ends", ["stop", None, "eos_token"])
def test_completion_is_read_whatever_is_beside_it(said: Mapping[str, Any], model: str, ends: str | None) -> None:
    """Another name of the model is for those to judge who accepted one; an end that nobody knows may be a cut."""
    choice = {"finish_reason": ends, "message": {"content": TEXT}, "error": None}
    body = {"model": "pinned", "choices": [choice], "usage": None, **said}

    answer = read(json.dumps(body).encode())

    assert (answer.text, answer.model, answer.is_whole, answer.answer_tokens) == (TEXT, model, ends == "stop", 0)


@pytest.mark.parametrize(
    ("answering", "words"),
    [
        (error(200, code=400, message="Unsupported parameter: seed", type="x_error"), "Unsupported parameter: seed"),
        (
            error(400, code=400, message="Provider returned error", metadata={"raw": "No seed"}),
            "returned error: No seed",
        ),
        (status(422, b'{"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs"}]}'), "Extra inputs"),
        (status(400, b"seed is not supported"), "seed is not supported"),
    ],
)
def test_what_speaks_against_fixed_words_is_repeated_wherever_it_stands(answering: Answering, words: str) -> None:
    """Doctor would else say that the endpoint takes questions as drafts ask them, or nothing of what it has against."""
    with endpoint(answering) as fake:
        said = refusal(settings_for(fake.url), AnswerForm.JSON_SCHEMA, gate=lambda _: None)

    assert words in (said or "")


def raw(*parts: bytes) -> Answering:
    """Exactly these bytes, and the end of the connection."""

    def answer(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        for part in parts:
            handler.wfile.write(part)
        handler.close_connection = True

    return answer


WHOLE = json.dumps({"model": "pinned", "choices": [{"finish_reason": "stop", "message": {"content": TEXT}}]}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def chunks(body: bytes) -> Iterator[bytes]:
    """*body* as HTTP sends what it does not know the length of."""
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for begins in range(0, len(body), 7):
        part = body[begins : begins + 7]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answering",
    [
        pytest.param(raw(b"HTTP/1.0 200 OK\r\n\r\n", WHOLE), id="HTTP/1.0"),
        pytest.param(raw(*chunks(WHOLE)), id="chunked"),
        pytest.param(raw(HEAD, b"\r\n\xef\xbb\xbf", WHOLE), id="a byte order mark"),
        pytest.param(raw(HEAD, b"Content-Length: %d\r\n\r\n\n" % (len(WHOLE) + 1), WHOLE), id="a line before it"),
    ],
)
def test_answer_is_read_however_it_is_sent(answering: Answering) -> None:
    """As old proxies and small servers send it."""
    statuses: list[int] = []
    with endpoint(answering) as fake:
        assert ask(fake.url, begun=statuses.append).text == TEXT

    assert statuses == [200]


@pytest.mark.parametrize(
    "parts", [(HEAD, b"Content-Length: 900\r\n\r\n", WHOLE), (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\n{")]
)
def test_answer_that_breaks_off_is_told_as_one_that_began(parts: tuple[bytes, ...]) -> None:
    """The model did work for it: nobody should look for a connection that was never there."""
    statuses: list[int] = []
    with endpoint(raw(*parts)) as fake, pytest.raises(BrokenAnswerError, match="began to answer, and broke off"):
        ask(fake.url, begun=statuses.append)

    assert statuses == [200]


def test_answer_that_stands_still_is_late() -> None:
    """A head that came and a body that does not are not the same as silence."""

    def stands_still(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        handler.wfile.write(HEAD + b"Content-Length: 900\r\n\r\n{")
        handler.rfile.read(1)  # until the other side hangs up
        handler.close_connection = True

    with endpoint(stands_still) as fake, pytest.raises(AnswerLateError):
        ask(fake.url, seconds=0.5)
