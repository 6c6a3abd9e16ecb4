"""What the endpoint can do, found out by asking: documentation and names of products do not tell."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openai import APIStatusError, OpenAI, OpenAIError

from analysis.errors import DebriefError
from bot.llm.endpoint import unavailable
from bot.settings import AnswerForm


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

    def has(self, ability: Ability) -> bool:
        """Whether the endpoint does it."""
        return any(each.ability is ability and each.is_there for each in self.findings)

    @property
    def form(self) -> AnswerForm | None:
        """The strictest form that answers can be held to; nothing where drafting is not possible."""
        if self.has(Ability.JSON_SCHEMA):
            return AnswerForm.JSON_SCHEMA
        return AnswerForm.JSON_OBJECT if self.has(Ability.JSON_OBJECT) else None


def probe(client: OpenAI, model: str, *, seconds: float = 20) -> Capabilities:
    """Ask for each ability once, with fixed words that hold nothing of any incident."""
    asking = client.with_options(timeout=seconds)
    return Capabilities(findings=tuple(_found(ability, ask, asking, model) for ability, ask in _PROBES.items()))


def _found(ability: Ability, ask: Callable[[OpenAI, str], bool], client: OpenAI, model: str) -> Finding:
    try:
        is_there = ask(client, model)
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
_TOOL: Any = {"type": "function", "function": {"name": "paint", "parameters": _SCHEMA}}


def _chats(client: OpenAI, model: str) -> bool:
    return bool(_said(client, model))


def _keeps_schema(client: OpenAI, model: str) -> bool:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA}}
    answer = json.loads(_said(client, model, response_format=form))
    return isinstance(answer, dict) and answer.keys() == {"colour"} and answer["colour"] in {"green", "blue"}


def _keeps_json(client: OpenAI, model: str) -> bool:
    return isinstance(json.loads(_said(client, model, response_format={"type": "json_object"})), dict)


def _streams(client: OpenAI, model: str) -> bool:
    stream = client.chat.completions.create(
        model=model,
        messages=_WORDS,
        max_tokens=16,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    return any(part.usage is not None for part in stream)


def _uses_tools(client: OpenAI, model: str) -> bool:
    completion = client.chat.completions.create(
        model=model, messages=_WORDS, max_tokens=32, temperature=0, tools=[_TOOL], tool_choice="required"
    )
    return bool(completion.choices[0].message.tool_calls)


def _responds(client: OpenAI, model: str) -> bool:
    return bool(client.responses.create(model=model, input="Say green.", max_output_tokens=16).output_text)


def _said(client: OpenAI, model: str, **more: Any) -> str:  # noqa: ANN401 - the library's own arguments
    completion = client.chat.completions.create(model=model, messages=_WORDS, max_tokens=32, temperature=0, **more)
    return completion.choices[0].message.content or ""


_PROBES: dict[Ability, Callable[[OpenAI, str], bool]] = {
    Ability.CHAT: _chats,
    Ability.JSON_SCHEMA: _keeps_schema,
    Ability.JSON_OBJECT: _keeps_json,
    Ability.STREAMING: _streams,
    Ability.TOOLS: _uses_tools,
    Ability.RESPONSES: _responds,
}
