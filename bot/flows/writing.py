"""Asking the model for the account: redact, reserve, ask, judge, ask once more; in time, or without it.

Nothing here is stored with the record: the account goes into the revision that is composed, and each call is kept by
`ModelCalls` before it leaves. So a kill at any place leaves at most a reservation, and the lane makes the draft anew.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from analysis.document import Document
from analysis.errors import DebriefError, Unavailable
from analysis.timeline import timeline
from analysis.writing.account import Judge, Judged, final, is_citable, with_account
from analysis.writing.answers import MOST_SENTENCES, Proposed, parse, parts_of, schema
from analysis.writing.marking import by_model, without_model
from analysis.writing.refusals import MEANINGS
from analysis.writing.sampling import POLICY, Sample, sample
from bot.flows.leaving import Leaving, Place
from bot.flows.patience import within
from bot.ports.model import (
    Answer,
    LanguageModel,
    ModelCall,
    ModelCalls,
    NotSentError,
    OpenModel,
    Prompts,
    Question,
    Redacted,
    Redaction,
    Usage,
)
from bot.ports.outside import Clock
from bot.ports.paging import EgressLog
from bot.usecases.composing import Material, Written

log = logging.getLogger(__name__)

#: How long before the deadline asking ends, so that rendering and storing the draft are not late.
MARGIN_SECONDS = 1.0
#: A second question needs at least so much time to be worth its money.
LEAST_SECONDS = 2.0
#: How often a question that certainly was not worked on is asked again.
TRIES = 3
FIRST_PAUSE_SECONDS = 0.5
#: What a sentence takes with its events and its form, at most as a rule.
SENTENCE_TOKENS = 100
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWriting:
    """The author of accounts (`bot.usecases.composing.Author`)."""

    terms: Terms
    open_model: OpenModel
    prompts: Prompts
    redaction: Redaction
    calls: ModelCalls
    egress: EgressLog
    place: Place
    clock: Clock
    new_id: Callable[[], UUID]

    def __call__(self, material: Material, document: Document, *, until: datetime | None) -> Written:
        """*document* with an account, or as it is with the reason; a draft comes in every case."""
        now = self.clock.now()
        seconds = (until - now).total_seconds() if until else self.terms.patience_seconds
        ends = time.monotonic() + min(seconds, self.terms.patience_seconds) - MARGIN_SECONDS
        try:
            return self._write(material, document, ends)
        except DebriefError as error:
            because = error.message
        except Exception:  # an edge: whatever a model or its endpoint does, there is a draft
            log.exception("account not written", extra={"incident": str(material.incident.id)})
            because = "an unexpected error, which is in the log"
        log.info("draft made without the model", extra={"incident": str(material.incident.id), "because": because})
        return Written(document=document, block=without_model(self.terms.model, self._versions, because))

    @property
    def _versions(self) -> Mapping[str, str]:
        return {"prompts": self.prompts.version, "sampling": POLICY, "redaction": self.redaction.policy}

    def _write(self, material: Material, document: Document, ends: float) -> Written:
        citable = {row.label for row in document.timeline if is_citable(row)}
        entries = [entry for entry in timeline(material.events) if entry.label in citable]
        shown = sample(entries, most=self.terms.most_events)
        if not shown.entries:
            raise Unavailable("Nothing on record may be shown to it.")
        redacted = self.redaction(material.incident, shown.entries, material.ledger_seq)
        leaving = Leaving(log=self.egress, clock=self.clock, place=self.place, check=redacted.gate)
        with self.open_model(leaving.gate) as model:
            talk = _Talk(self, material, document, shown, redacted, leaving, model, ends)
            first = talk.first()
            second = talk.again([one for one in first if not one.stands])
        judged = final(first, second)
        block = by_model(self.terms.model, self._versions, judged, [*first, *second], shown.note)
        return Written(document=with_account(document, judged), block=block)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The one or two questions about one draft."""

    writing: ModelWriting
    material: Material
    document: Document
    shown: Sample
    redacted: Redacted
    leaving: Leaving
    model: LanguageModel
    ends: float

    def first(self) -> list[Judged]:
        judge = Judge(self.document, self.redacted.restore)
        return [judge(proposed) for proposed in self._proposed()]

    def again(self, failed: Sequence[Judged]) -> list[Judged]:
        """What became of the sentences that failed; nothing where there is no time, money or answer for it."""
        if not failed or self._seconds() < LEAST_SECONDS:
            return []
        judge = Judge(self.document, self.redacted.restore)
        try:
            return [judge(proposed, attempt=2) for proposed in self._proposed(failed)]
        except DebriefError as error:
            log.info("second question without an answer", extra={"because": error.message})
        except Exception:  # an edge: what the first question gave must not be lost by the second
            log.exception("second question without an answer")
        return []

    def _proposed(self, failed: Sequence[Judged] = ()) -> tuple[Proposed, ...]:
        numbers = [one.proposed.number for one in failed]
        answer = self._ask(self._question(failed, numbers))
        return parse(answer.text, numbers=numbers, is_whole=answer.is_whole)

    def _question(self, failed: Sequence[Judged], numbers: Sequence[int]) -> Question:
        parts, terms = parts_of(self.document.timeline), self.writing.terms
        codes = sorted({flaw.code for one in failed for flaw in one.flaws})
        instructions, material = self.writing.prompts.render(
            {
                "most": len(numbers) or terms.most_sentences,
                "sections": [part.value for part in parts],
                "events": [dict(event) for event in self.redacted.events],
                "again": [_refused(one) for one in failed],
                "meanings": [(code, MEANINGS[code]) for code in codes],
            }
        )
        return Question(
            instructions=instructions,
            material=material,
            schema=schema(
                [entry.label for entry in self.shown.entries], parts, numbers=numbers, most=terms.most_sentences
            ),
            answer_tokens=terms.answer_tokens,
        )

    def _ask(self, question: Question) -> Answer:
        """What it is answered, now or before; asked again only where nothing of it was worked on."""
        content = _content(question)
        about = f"{self.writing.terms.model}\x00{self.material.number}\x00{content}"
        key = hashlib.sha256(about.encode()).hexdigest()
        known = self.writing.calls.answered(self.material.incident.id, key)
        if known:
            return known
        for attempt in range(1, TRIES + 1):
            try:
                return self._ask_once(question, key, content)
            except NotSentError:
                pause = FIRST_PAUSE_SECONDS * 2**attempt
                if attempt == TRIES or self._seconds() <= pause:
                    raise
                time.sleep(pause)
        raise AssertionError

    def _ask_once(self, question: Question, key: str, content: str) -> Answer:
        seconds = self._seconds()
        if seconds <= 0:
            raise Unavailable("There was no time left to ask it.")
        call = self._call(question, key, content, seconds)
        self.writing.calls.begin(call)
        self.leaving.expect(call)
        began = time.monotonic()
        try:
            answer = within(seconds, lambda: self.model.ask(question, seconds=seconds))
        except NotSentError as error:
            self._end(call, error.message, Usage())
            raise
        except DebriefError as error:
            # What the gate held back cost nothing; of anything else nobody knows what it cost.
            used = replace(call.most, seconds=time.monotonic() - began) if self.leaving.close() else Usage()
            self._end(call, error.message, used)
            raise
        self._end(call, "answered", self._used(call, answer, time.monotonic() - began), answer)
        return answer

    def _call(self, question: Question, key: str, content: str, seconds: float) -> ModelCall:
        writing, terms = self.writing, self.writing.terms
        # No tokenizer makes more tokens of a text than it has bytes.
        question_tokens = len(content.encode()) + _OVERHEAD_TOKENS
        most = Usage(
            tokens=question_tokens + question.answer_tokens,
            seconds=seconds,
            money=terms.money(question_tokens, question.answer_tokens),
        )
        return ModelCall(
            id=writing.new_id(),
            key=key,
            incident_id=self.material.incident.id,
            ledger_seq=self.material.ledger_seq,
            model=terms.model,
            policy=json.dumps(writing._versions, sort_keys=True),  # noqa: SLF001 - one flow in two classes
            began_at=writing.clock.now(),
            most=most,
            content=content,
        )

    def _used(self, call: ModelCall, answer: Answer, seconds: float) -> Usage:
        """What the endpoint says that it cost; all that was reserved where it does not say."""
        if not answer.question_tokens or not answer.answer_tokens:
            return replace(call.most, seconds=seconds)
        return Usage(
            tokens=answer.question_tokens + answer.answer_tokens,
            seconds=seconds,
            money=self.writing.terms.money(answer.question_tokens, answer.answer_tokens),
        )

    def _end(self, call: ModelCall, outcome: str, used: Usage, answer: Answer | None = None) -> None:
        self.leaving.ended(outcome, answer)
        self.writing.calls.end(call, outcome, used, answer)

    def _seconds(self) -> float:
        return self.ends - time.monotonic()


def _refused(judged: Judged) -> dict[str, Any]:
    """A sentence as the model itself gave it, so that nothing which was put back leaves."""
    codes = list(dict.fromkeys(flaw.code for flaw in judged.flaws))
    return {"number": judged.proposed.number, "text": judged.proposed.text, "wrong": codes}


def _content(question: Question) -> str:
    return json.dumps(
        {
            "instructions": question.instructions,
            "material": question.material,
            "schema": question.schema,
            "answer_tokens": question.answer_tokens,
        },
        ensure_ascii=False,
    )
