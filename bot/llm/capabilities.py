"""What the endpoint can do, found out by asking: documentation and names of products do not tell."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openai import APIStatusError, OpenAI, OpenAIError

from analysis.errors import DebriefError
from bot.llm.endpoint import limited, unavailable
from bot.settings import AnswerForm, AnswerLimits


class Ability(StrEnum):
    """A part of the interface that an endpoint may or may not have."""

    CHAT = "chat"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    STREAMING = "streaming with usage"
    TOOLS = "tools"
    RESPONSES = "responses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Whether the endpoint has an ability, and why not where it does not.

    Without `is_certain` it gave no answer that says so, such as because it is busy.
    """

    ability: Ability
    is_there: bool
    because: str = ""
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What was found, in the order of `Ability`."""

    findings: tuple[Finding, ...]

    def finding(self, ability: Ability) -> Finding:
        """What was found of it."""
        return next(each for each in self.findings if each.ability is ability)

    def has(self, ability: Ability) -> bool:
        """Whether the endpoint does it."""
        return self.finding(ability).is_there

    @property
    def form(self) -> AnswerForm | None:
        """The strictest form that answers can be held to; nothing where drafting is not possible."""
        if self.has(Ability.JSON_SCHEMA):
            return AnswerForm.JSON_SCHEMA
        return AnswerForm.JSON_OBJECT if self.has(Ability.JSON_OBJECT) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Whom to ask, and with which arguments its answers are kept short."""

    client: OpenAI
    model: str
    limits: AnswerLimits

    def said(self, **more: Any) -> str:  # noqa: ANN401 - the library's own arguments
        """What it answers to the fixed words."""
        completion = self.client.chat.completions.create(
            model=self.model, messages=_WORDS, **limited(self.limits, self.tokens(32)), **more
        )
        return completion.choices[0].message.content or ""

    def tokens(self, needed: int) -> int:
        """How long an answer of *needed* tokens may be, with what is thought before it."""
        return _THOUGHT_TOKENS if self.limits is AnswerLimits.REASONING else needed


def probe(
    client: OpenAI, model: str, *, limits: AnswerLimits = AnswerLimits.USUAL, seconds: float = 20
) -> Capabilities:
    """Ask for each ability once, with fixed words that hold nothing of any incident."""
    asking = _Asking(client=client.with_options(timeout=seconds), model=model, limits=limits)
    return Capabilities(findings=tuple(_found(ability, ask, asking) for ability, ask in _PROBES.items()))


def other_limits(client: OpenAI, model: str, limits: AnswerLimits, *, seconds: float = 20) -> AnswerLimits | None:
    """Which other arguments than *limits* the endpoint takes, where there are any."""
    options = client.with_options(timeout=seconds)
    for other in AnswerLimits:
        asking = _Asking(client=options, model=model, limits=other)
        if other is not limits and _found(Ability.CHAT, _chats, asking).is_there:
            return other
    return None


def _found(ability: Ability, ask: Callable[[_Asking], bool], asking: _Asking) -> Finding:
    try:
        is_there = ask(asking)
    except OpenAIError as error:
        because = unavailable(error).message
        return Finding(ability=ability, is_there=False, because=because, is_certain=_says_no(error))
    except DebriefError as error:
        return Finding(ability=ability, is_there=False, because=error.message, is_certain=False)
    except (ValueError, LookupError, AttributeError, TypeError):
        # An endpoint may answer anything; whatever the library cannot read is not the ability that was asked for.
        return Finding(ability=ability, is_there=False, because="Its answer could not be read.")
    return Finding(ability=ability, is_there=is_there, because="" if is_there else "It answered in another form.")


def _says_no(error: OpenAIError) -> bool:
    """Whether the endpoint itself refused what was asked, rather than being away, busy or closed to us."""
    return isinstance(error, APIStatusError) and error.status_code in _REFUSALS


#: An endpoint answers with one of these where it does not know a path, an argument or a method.
_REFUSALS = frozenset({400, 404, 405, 415, 422, 501})
_WORDS: Any = [{"role": "user", "content": 'Answer with the JSON object {"colour": "green"} and nothing else.'}]
_SCHEMA: Any = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["green", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
#: What a model may think before so short an answer.
_THOUGHT_TOKENS = 256
_TOOL: Any = {"type": "function", "function": {"name": "paint", "parameters": _SCHEMA}}


def _chats(asking: _Asking) -> bool:
    return bool(asking.said())


def _keeps_schema(asking: _Asking) -> bool:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA}}
    answer = json.loads(asking.said(response_format=form))
    return isinstance(answer, dict) and answer.keys() == {"colour"} and answer["colour"] in {"green", "blue"}


def _keeps_json(asking: _Asking) -> bool:
    return isinstance(json.loads(asking.said(response_format={"type": "json_object"})), dict)


def _streams(asking: _Asking) -> bool:
    stream = asking.client.chat.completions.create(
        model=asking.model,
        messages=_WORDS,
        stream=True,
        stream_options={"include_usage": True},
        **limited(asking.limits, asking.tokens(16)),
    )
    return any(part.usage is not None for part in stream)


def _uses_tools(asking: _Asking) -> bool:
    completion = asking.client.chat.completions.create(
        model=asking.model,
        messages=_WORDS,
        tools=[_TOOL],
        tool_choice="required",
        **limited(asking.limits, asking.tokens(32)),
    )
    return bool(completion.choices[0].message.tool_calls)


def _responds(asking: _Asking) -> bool:
    tokens = asking.tokens(16)
    answer = asking.client.responses.create(model=asking.model, input="Say green.", max_output_tokens=tokens)
    return bool(answer.output_text)


_PROBES: dict[Ability, Callable[[_Asking], bool]] = {
    Ability.CHAT: _chats,
    Ability.JSON_SCHEMA: _keeps_schema,
    Ability.JSON_OBJECT: _keeps_json,
    Ability.STREAMING: _streams,
    Ability.TOOLS: _uses_tools,
    Ability.RESPONSES: _responds,
}
