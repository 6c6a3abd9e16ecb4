"""One question after another to the model, through the one door: permitted, reserved, logged, asked, settled."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from analysis.document import Document
from analysis.errors import DebriefError, Unavailable
from analysis.writing.account import Judged
from analysis.writing.answers import MOST_SENTENCES, Part, parts_of, schema
from analysis.writing.refusals import MEANINGS, refused
from analysis.writing.slots import numbers_of
from bot.flows.model.leaving import Leaving
from bot.flows.patience import Stopping, within
from bot.ports.model import (
    Answer,
    KeyRefusedError,
    LanguageModel,
    ModelCall,
    ModelCalls,
    NotSentError,
    Prompts,
    Question,
    Redacted,
    SilentAnswerError,
    Usage,
)
from bot.ports.outside import Clock

#: How often a question that certainly was not worked on is asked again.
TRIES = 3
FIRST_PAUSE_SECONDS = 0.5
#: What a sentence takes with its events and its form, at most as a rule.
SENTENCE_TOKENS = 100
#: What became of a question that ended by an error of no kind that is known.
UNFORESEEN = "an unexpected error, which is in the log"
#: What a question costs beside its bytes, for the form that a model's own template adds.
_OVERHEAD_TOKENS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under what terms the model is asked; prices are in millionths of the site's unit for a million tokens."""

    model: str
    patience_seconds: float = 120.0
    answer_tokens: int = 800
    most_events: int = 60
    question_price: int = 0
    answer_price: int = 0

    @property
    def most_sentences(self) -> int:
        """How many sentences fit into an answer, so that it is not cut."""
        return max(1, min(MOST_SENTENCES, self.answer_tokens // SENTENCE_TOKENS))

    def money(self, question_tokens: int, answer_tokens: int) -> int:
        """What so many tokens cost, rounded up."""
        return -(-(question_tokens * self.question_price + answer_tokens * self.answer_price) // 1_000_000)

    def most(self, asked: str, answer_tokens: int, seconds: float) -> Usage:
        """The most that asking so may cost: no tokenizer makes more tokens of a text than it has bytes."""
        question_tokens = len(asked.encode()) + _OVERHEAD_TOKENS
        money = self.money(question_tokens, answer_tokens)
        return Usage(tokens=question_tokens + answer_tokens, seconds=seconds, money=money)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The incident that is asked about, and the row of its ledger up to which the questions rest on it."""

    incident_id: UUID
    ledger_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Asks until the instant *ends* of the monotonic clock; *permit* raises where the model may not be asked."""

    terms: Terms
    calls: ModelCalls
    clock: Clock
    new_id: Callable[[], UUID]
    permit: Callable[[], None]
    versions: Mapping[str, str]
    about: About
    leaving: Leaving
    model: LanguageModel
    ends: float
    stopping: Stopping = field(default_factory=Stopping)

    def patiently(self, question: Question, key: str) -> Answer:
        """What it is answered; asked again only where nothing of it was worked on."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(question, key)
            except KeyRefusedError:
                raise
            except NotSentError as error:
                pause = max(FIRST_PAUSE_SECONDS * 2**attempt, error.after_seconds)
                if attempt == TRIES or self.seconds() <= pause:
                    raise
                self.stopping.rest(pause)
        raise AssertionError

    def seconds(self) -> float:
        """How much time is left."""
        return self.ends - time.monotonic()

    def _once(self, question: Question, key: str) -> Answer:
        seconds = self.seconds()
        if seconds <= 0:
            raise Unavailable("There was no time left to ask it.")
        self.stopping.check()
        self.permit()
        call = self._call(question, key, seconds)
        self.calls.begin(call)
        self.leaving.expect(call)
        began = time.monotonic()
        try:
            answer = within(seconds, lambda: self.model.ask(question, seconds=seconds), self.stopping)
        except NotSentError as error:
            self._end(call, error.message, Usage(), is_sent=False)
            raise
        except SilentAnswerError as error:
            self._end(call, error.message, self._used(call, error, time.monotonic() - began))
            raise
        except Exception as error:
            # What never left, as what the gate held back, cost nothing; of anything else nobody knows what it cost.
            used = replace(call.most, seconds=time.monotonic() - began) if self.leaving.close() else Usage()
            self._end(call, error.message if isinstance(error, DebriefError) else UNFORESEEN, used)
            raise
        self._end(call, "answered", self._used(call, answer, time.monotonic() - began), answer)
        return answer

    def _call(self, question: Question, key: str, seconds: float) -> ModelCall:
        content = content_of(question)
        return ModelCall(
            id=self.new_id(),
            key=key,
            incident_id=self.about.incident_id,
            ledger_seq=self.about.ledger_seq,
            model=self.terms.model,
            policy=json.dumps(dict(self.versions), sort_keys=True),
            began_at=self.clock.now(),
            most=self.terms.most(content, question.answer_tokens, seconds),
            content=content,
        )

    def _used(self, call: ModelCall, answer: Answer | SilentAnswerError, seconds: float) -> Usage:
        """What the endpoint says that it cost; all that was reserved where it does not say."""
        is_free = isinstance(answer, SilentAnswerError) and answer.is_free
        if not answer.question_tokens or not (answer.answer_tokens or is_free):
            return replace(call.most, seconds=seconds)
        return Usage(
            tokens=answer.question_tokens + answer.answer_tokens,
            seconds=seconds,
            money=self.terms.money(answer.question_tokens, answer.answer_tokens),
        )

    def _end(
        self, call: ModelCall, outcome: str, used: Usage, answer: Answer | None = None, *, is_sent: bool = True
    ) -> None:
        self.leaving.ended(outcome, answer, is_sent=is_sent)
        self.calls.end(call, outcome, used, answer)


def question_about(
    prompts: Prompts,
    terms: Terms,
    document: Document,
    redacted: Redacted,
    *,
    failed: Sequence[Judged] = (),
    seed: int | None = None,
) -> Question:
    """The question for an account of *document*, of which *redacted* is shown; with *failed*, for these once more."""
    parts, again = parts_of(document.timeline), [refused(one) for one in failed]
    events = [_with_numbers(event) for event in redacted.events]
    return question_of(prompts, terms, events, parts, again=again, seed=seed)


def question_of(
    prompts: Prompts,
    terms: Terms,
    events: Sequence[Mapping[str, Any]],
    parts: Sequence[Part],
    *,
    again: Sequence[Mapping[str, Any]] = (),
    seed: int | None = None,
) -> Question:
    """The question that shows these *events*, and asks *again* for what `refused` tells of an answer."""
    numbers = [int(one["number"]) for one in again]
    codes = sorted({code for one in again for code in one["wrong"]})
    instructions, material = prompts.render(
        {
            "most": len(numbers) or terms.most_sentences,
            "sections": [part.value for part in parts],
            "events": [dict(event) for event in events],
            "again": [dict(one) for one in again],
            "meanings": [(code, MEANINGS[code]) for code in codes],
        }
    )
    labels = [str(event["id"]) for event in events]
    return Question(
        instructions=instructions,
        material=material,
        schema=schema(labels, parts, numbers=numbers, most=terms.most_sentences),
        answer_tokens=terms.answer_tokens,
        seed=seed,
    )


def _with_numbers(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry with the slots of its numbers, since a model that counts them itself miscounts."""
    numbers = numbers_of(str(event["id"]), str(event.get("text", "")))
    return {**event, "numbers": numbers} if numbers else event


def content_of(question: Question) -> str:
    """What is asked, as one text."""
    return json.dumps(
        {
            "instructions": question.instructions,
            "material": question.material,
            "schema": question.schema,
            "answer_tokens": question.answer_tokens,
        },
        ensure_ascii=False,
    )


def key_of(identity: str, occasion: str, question: Question) -> str:
    """Tells equal questions of one *occasion* to one model, by its *identity*, from others."""
    return hashlib.sha256(f"{identity}\x00{occasion}\x00{content_of(question)}".encode()).hexdigest()
