"""What the endpoint can do, found out by asking: documentation and names of products do not tell."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from openai import OpenAI, OpenAIError

from analysis.errors import DebriefError
from analysis.writing.answers import Part, schema
from bot.llm.endpoint import Endpoint, EndpointSettings, added, connect, limited, read, timeout
from bot.llm.failures import own_words, says_no, unavailable
from bot.llm.transport import Gate
from bot.llm.wrapping import Around
from bot.ports.model import Question, SilentAnswerError
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

    Without `is_certain` it gave no answer that says so, such as because it is busy. `words` are the endpoint's own, for
    whoever sets it up: they are not kept. `dropped` says what its answer had around the JSON that was asked for; words
    there are no JSON, although drafts can do without them.
    """

    ability: Ability
    is_there: bool
    because: str = ""
    is_certain: bool = True
    words: str = ""
    dropped: str = ""


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
    """Whom to ask, and with which arguments its answers are kept short.

    Chat and the forms of answers are needed, so a model may think longer before these.
    """

    client: OpenAI
    settings: EndpointSettings
    dropped: list[str] = field(default_factory=list)

    def said(self, **more: Any) -> str:  # noqa: ANN401 - the library's own arguments
        """What it answers to the fixed words; what that had around its JSON is `dropped`."""
        completion = self.client.chat.completions.with_raw_response.create(
            model=self.settings.model, messages=_WORDS, **self.arguments(32, thought=_THOUGHT_TOKENS), **more
        )
        answer = read(completion.http_response.content)
        self.dropped[:] = filter(None, [answer.dropped])
        return answer.text

    def arguments(self, needed: int, *, thought: int = 0) -> dict[str, Any]:
        """Those by which a draft is asked as well, for an answer of *needed* tokens."""
        return {**limited(self.settings.limits, self.tokens(needed, thought=thought)), **added(self.settings.extra)}

    def tokens(self, needed: int, *, thought: int = 0) -> int:
        """How long an answer of *needed* tokens may be, with what is thought before it."""
        return max(_most_tokens(self.settings, needed), thought if self.thinks else 0)

    @property
    def thinks(self) -> bool:
        """Whether the settings say so."""
        return self.settings.limits is AnswerLimits.REASONING


def probe(
    settings: EndpointSettings, *, gate: Gate, patience_seconds: float = 120, seconds: float = 20
) -> Capabilities:
    """Ask for each ability once, with fixed words that hold nothing of any incident.

    What drafts need may take as long as a draft waits, *patience_seconds*: a server may have to load the model first,
    and some give that up when nobody waits any more. Where it does not even chat, and does not say so itself, nothing
    else is asked.
    """
    waits, findings = dict.fromkeys(_NEEDED, patience_seconds), list[Finding]()
    with closing(connect(settings, gate=gate)) as client:
        for ability, ask in _PROBES.items():
            most = waits.get(ability, min(seconds, patience_seconds))
            asking = _Asking(client=client.with_options(timeout=timeout(most)), settings=settings)
            findings.append(_found(ability, ask, asking))
            if ability is Ability.CHAT and not findings[0].is_there and not findings[0].is_certain:
                return Capabilities(findings=tuple(replace(findings[0], ability=one) for one in Ability))
    return Capabilities(findings=tuple(findings))


def refusal(settings: EndpointSettings, form: AnswerForm, *, gate: Gate) -> str | None:
    """What the endpoint says against a question just as a draft or the canary set asks it; nothing where it takes it.

    Endpoints differ in what of a schema they take, and a gateway may refuse a seed.
    """
    question = replace(_QUESTION, answer_tokens=_most_tokens(settings, 32))
    with closing(Endpoint(settings, gate=gate, form=form)) as endpoint:
        try:
            endpoint.ask(question, seconds=20)
        except DebriefError as error:
            if says_no(error.__cause__):
                return own_words(error.__cause__, settings.secrets) or error.message
    return None


def other_way(settings: EndpointSettings, form: AnswerForm, *, gate: Gate) -> tuple[AnswerForm, AnswerLimits] | None:
    """Another form and other arguments in which the endpoint does take a question, where there are any."""
    ways = [(one, limits) for one in (form, *AnswerForm) for limits in AnswerLimits]
    for one, limits in dict.fromkeys(ways):
        is_other = (one, limits) != (form, settings.limits)
        if is_other and refusal(replace(settings, limits=limits), one, gate=gate) is None:
            return one, limits
    return None


def _most_tokens(settings: EndpointSettings, needed: int) -> int:
    """How long an answer of *needed* tokens may be, with what is thought before it."""
    return _SHORT_THOUGHT_TOKENS if settings.limits is AnswerLimits.REASONING else needed


def _found(ability: Ability, ask: Callable[[_Asking], bool], asking: _Asking) -> Finding:
    asking.dropped.clear()
    try:
        is_there = ask(asking)
    except OpenAIError as error:
        because, words = unavailable(error).message, own_words(error, asking.settings.secrets)
        return Finding(ability=ability, is_there=False, because=because, is_certain=says_no(error), words=words)
    except DebriefError as error:
        because = _thought(asking) if isinstance(error, SilentAnswerError) and error.is_cut else error.message
        told, words = error.__cause__, own_words(error.__cause__, asking.settings.secrets)
        return Finding(ability=ability, is_there=False, because=because, is_certain=says_no(told), words=words)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        # An endpoint may answer anything; whatever the library cannot read is not the ability that was asked for.
        return Finding(ability=ability, is_there=False, because="Its answer could not be read.")
    dropped = "".join(asking.dropped) if is_there else ""
    is_there = is_there and not (ability in _FORMS and Around.WORDS in dropped)
    because = "" if is_there else "It answered in another form."
    return Finding(ability=ability, is_there=is_there, because=because, dropped=dropped)


def _thought(asking: _Asking) -> str:
    """That it used up its tokens, and the settings that help: how long drafts' answers may be has no part in it."""
    if asking.thinks:
        return f"{_THINKS} does: have it think less, by DEBRIEF_LLM_EXTRA_BODY."
    return f"{_THINKS} does: set DEBRIEF_LLM_ANSWER_LIMITS=reasoning, and several times DEBRIEF_LLM_ANSWER_TOKENS."


#: What of it is a form that answers are held to.
_FORMS = frozenset({Ability.JSON_SCHEMA, Ability.JSON_OBJECT})
#: Without which there are no drafts.
_NEEDED = (Ability.CHAT, *_FORMS)
_WORDS: Any = [{"role": "user", "content": 'Answer with the JSON object {"colour": "green"} and nothing else.'}]
_SCHEMA: Any = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["green", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
#: What a model may think before so short an answer, and where no draft needs what is asked for.
_THOUGHT_TOKENS, _SHORT_THOUGHT_TOKENS = 1_024, 256
#: What to do about a model that writes nothing within a short answer.
_THINKS = "It wrote nothing within the tokens of a short answer, as a model that thinks first"
#: Two entries that nobody ever recorded, and all that a question to a model can have.
_QUESTION = Question(
    instructions="Answer with JSON of the form that is asked for.",
    material='{"events": [{"id": "E1", "text": "green"}, {"id": "E2", "text": "blue"}]}',
    schema=schema(["E1", "E2"], tuple(Part), numbers=[1, 2]),
    answer_tokens=32,
    seed=1,
)
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
        model=asking.settings.model,
        messages=_WORDS,
        stream=True,
        stream_options={"include_usage": True},
        **asking.arguments(16),
    )
    return any(part.usage is not None for part in stream)


def _uses_tools(asking: _Asking) -> bool:
    completion = asking.client.chat.completions.create(
        model=asking.settings.model,
        messages=_WORDS,
        tools=[_TOOL],
        tool_choice="required",
        **asking.arguments(32),
    )
    return bool(completion.choices[0].message.tool_calls)


def _responds(asking: _Asking) -> bool:
    tokens = asking.tokens(16)
    answer = asking.client.responses.create(model=asking.settings.model, input="Say green.", max_output_tokens=tokens)
    return bool(answer.output_text)


_PROBES: dict[Ability, Callable[[_Asking], bool]] = {
    Ability.CHAT: _chats,
    Ability.JSON_SCHEMA: _keeps_schema,
    Ability.JSON_OBJECT: _keeps_json,
    Ability.STREAMING: _streams,
    Ability.TOOLS: _uses_tools,
    Ability.RESPONSES: _responds,
}
