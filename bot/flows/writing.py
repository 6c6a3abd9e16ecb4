"""Asking the model for the account: redact, reserve, ask, judge, ask once more; in time, or without it.

Nothing here is stored with the record: the account goes into the revision that is composed, and each call is kept by
`ModelCalls` before it leaves. So a kill at any place leaves at most a reservation, and the lane makes the draft anew.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from analysis.authorship import none_follows
from analysis.canaries.observing import named
from analysis.document import Document
from analysis.errors import DebriefError, Unavailable
from analysis.timeline import timeline
from analysis.wording import counted
from analysis.writing.account import Judge, Judged, final, is_citable, with_account
from analysis.writing.answers import Proposed, Unusable, parse
from analysis.writing.marking import by_model, without_model
from analysis.writing.sampling import POLICY, sample
from bot.flows.model.governance import Governance
from bot.flows.model.leaving import Leaving, Place
from bot.flows.model.questions import UNFORESEEN, About, Asking, Terms, key_of, question_about
from bot.flows.patience import GivenUpError, Stopping
from bot.flows.redacting import CUT, MOST_LETTERS
from bot.ports.model import (
    DROPPED,
    Answer,
    ModelCalls,
    OpenModel,
    Prompts,
    Question,
    QuestionRefusedError,
    Redacted,
    Redaction,
)
from bot.ports.outside import Clock
from bot.ports.paging import EgressLog
from bot.usecases.postmortem.composing import Material, Written

__all__ = ["ModelWriting", "Terms"]

log = logging.getLogger(__name__)

#: How long before the deadline asking ends, so that rendering and storing the draft are not late; each entry of the
#: timeline takes the more of it, at most half of the time that there is.
MARGIN_SECONDS, MARGIN_SECONDS_AN_ENTRY = 1.0, 0.001
_BEGINS = re.compile(r"\s*(?:```\w*\s*)?\{")
#: What to do where the endpoint does not take a question as drafts ask it.
_FINDS_OUT = "`debrief doctor` asks it in fixed words, says what it has against them, and which settings help"
#: A second question needs at least so much time to be worth its money.
LEAST_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWriting:
    """The author of accounts (`bot.usecases.postmortem.composing.Author`).

    `words` names by their hash the words of the site that may leave, where there are any.
    """

    terms: Terms
    open_model: OpenModel
    prompts: Prompts
    redaction: Redaction
    calls: ModelCalls
    egress: EgressLog
    place: Place
    clock: Clock
    new_id: Callable[[], UUID]
    governance: Governance
    words: str = ""
    stopping: Stopping = field(default_factory=Stopping)

    def __call__(self, material: Material, document: Document, *, until: datetime | None) -> Written:
        """*document* with an account, or as it is with the reason; a draft comes in every case.

        Raises
        ------
        GivenUpError
            If the process ends meanwhile: the next one asks for what is left of the time.
        """
        now = self.clock.now()
        seconds = (until - now).total_seconds() if until else self.terms.patience_seconds
        ends = time.monotonic() + _for_asking(min(seconds, self.terms.patience_seconds), len(document.timeline))
        try:
            return self._write(material, document, ends)
        except GivenUpError:
            raise
        except QuestionRefusedError as error:
            because = f"{error.message.rstrip('.')}; {_FINDS_OUT}"
        except DebriefError as error:
            because = error.message
        except Exception:  # an edge: whatever a model or its endpoint does, there is a draft
            log.exception("account not written", extra={"incident": str(material.incident.id)})
            because = UNFORESEEN
        log.info("draft made without the model", extra={"incident": str(material.incident.id), "because": because})
        return Written(document=document, block=without_model(self.terms.model, self._versions, because))

    @property
    def _versions(self) -> Mapping[str, str]:
        """What of ours the draft is made with; the model's own version is added where it has a part."""
        words = {"words": self.words} if self.words else {}
        return {"sampling": POLICY, "redaction": self.redaction.policy, **words, **self.governance.versions}

    def _write(self, material: Material, document: Document, ends: float) -> Written:
        workspace_id = material.incident.workspace_id
        self.governance.permit(material.incident.id)
        versions = {**self._versions, **self.governance.take_stock(workspace_id)}
        citable = {row.label for row in document.timeline if is_citable(row)}
        entries = [entry for entry in timeline(material.events) if entry.label in citable]
        shown = sample(entries, most=self.terms.most_events)
        if not shown.entries:
            raise Unavailable("Nothing on record may be shown to it.")
        redacted = self.redaction(material.incident, shown.entries, material.ledger_seq)
        leaving = Leaving(log=self.egress, clock=self.clock, place=self.place, check=redacted.gate)
        with self.open_model(leaving.gate) as model:
            asking = Asking(
                terms=self.terms,
                calls=self.calls,
                clock=self.clock,
                new_id=self.new_id,
                permit=lambda: self.governance.permit(material.incident.id),
                versions=versions,
                about=About(incident_id=material.incident.id, ledger_seq=material.ledger_seq),
                leaving=leaving,
                model=model,
                ends=ends,
                stopping=self.stopping,
            )
            talk = _Talk(
                writing=self,
                asking=asking,
                workspace_id=workspace_id,
                number=material.number,
                document=document,
                redacted=redacted,
            )
            first = talk.first()
            second = talk.again([one for one in first if not one.stands])
        # What was answered while the model was switched off is of the model that must not be asked.
        self.governance.permit(material.incident.id)
        judged = final(first, second)
        made_with = {**versions, **talk.said_of_itself}
        note = f"{shown.note} {_cut(redacted)}".strip()
        block = by_model(self.terms.model, made_with, judged, [*first, *second], note)
        block |= {} if block["kept"] else {"because": none_follows(block["asked"])}
        block |= {DROPPED: " ".join(talk.dropped)} if talk.dropped else {}
        return Written(document=with_account(document, judged), block=block)


def _for_asking(seconds: float, entries: int) -> float:
    """How much of so many *seconds* may pass with asking about a record of so many *entries*."""
    rendering = MARGIN_SECONDS_AN_ENTRY * entries
    return seconds - MARGIN_SECONDS - min(rendering, max(seconds - MARGIN_SECONDS, 0.0) / 2)


def _cut(redacted: Redacted) -> str:
    """What a reader must know of entries that are not shown whole, as a sentence; empty where all are."""
    cut = sum(str(event.get("text", "")).endswith(CUT) for event in redacted.events)
    if not cut:
        return ""
    return f"Of {counted(cut, 'entry', 'entries')} the model was shown the first {MOST_LETTERS:,} letters alone."


def _sentences(answer: Answer, numbers: Sequence[int]) -> Sequence[Proposed]:
    """The sentences of an answer.

    Raises
    ------
    analysis.errors.DebriefError
        If it has none; where it was cut before the end of its first one, the sentence says what to change.
    """
    if answer.unclear:
        raise Unavailable(answer.unclear)
    try:
        return parse(answer.text, numbers=numbers, is_whole=answer.is_whole)
    except Unusable as error:
        if answer.is_whole or not _breaks_off(answer.text):
            raise
        message = (
            "The model's answer breaks off within its first sentence, as where DEBRIEF_LLM_ANSWER_TOKENS are too few "
            "or a filter steps in."
        )
        raise Unavailable(message) from error


def _breaks_off(text: str) -> bool:
    """Whether it begins as JSON, perhaps in a fence of code, and is none."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return bool(_BEGINS.match(text))
    return False


@dataclass(slots=True, kw_only=True)
class _Talk:
    """The one or two questions about draft *number*.

    Of answers that are used it keeps what the endpoint said of itself in them, and what was dropped of them.
    """

    writing: ModelWriting
    asking: Asking
    workspace_id: UUID
    number: int
    document: Document
    redacted: Redacted
    said_of_itself: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def first(self) -> list[Judged]:
        return self._judged()

    def again(self, failed: Sequence[Judged]) -> list[Judged]:
        """What became of the sentences that failed; nothing where there is no time, money or answer for it."""
        failed = [one for one in failed if self._may_leave(one)]
        if not failed or self.asking.seconds() < LEAST_SECONDS:
            return []
        try:
            return self._judged(failed, attempt=2)
        except GivenUpError:
            raise
        except DebriefError as error:
            log.info("second question without an answer", extra={"because": error.message})
        except Exception:  # an edge: what the first question gave must not be lost by the second
            log.exception("second question without an answer")
        return []

    def _may_leave(self, judged: Judged) -> bool:
        """Whether the model's own sentence may go back to it: “fixed the secret {t:E7}” reads as one, and is left."""
        try:
            self.redacted.gate(judged.proposed.text.encode())
        except DebriefError:
            return False
        return True

    def _judged(self, failed: Sequence[Judged] = (), *, attempt: int = 1) -> list[Judged]:
        writing = self.writing
        answer = self._ask(question_about(writing.prompts, writing.terms, self.document, self.redacted, failed=failed))
        said = {"reported": named(answer.model), "fingerprint": named(answer.fingerprint)}
        writing.governance.recognise(self.workspace_id, said["reported"], said["fingerprint"])
        proposed = _sentences(answer, [one.proposed.number for one in failed])
        judge = Judge(self.document, self.redacted.restore, self.redacted.shown)
        judged = [judge(one, attempt=attempt) for one in proposed]
        self._remember(said)
        self.dropped += [answer.dropped] if answer.dropped and answer.dropped not in self.dropped else []
        return judged

    def _remember(self, said: Mapping[str, str]) -> None:
        """Keep what an answer that is used says of itself; both where two of them differ."""
        for name, value in said.items():
            known = self.said_of_itself.get(name, value)
            self.said_of_itself[name] = value if known == value else f"{known}, {value}"

    def _ask(self, question: Question) -> Answer:
        """What it is answered, now or before."""
        key = key_of(self.writing.governance.identity, str(self.number), question)
        known = self.writing.calls.answered(self.asking.about.incident_id, key)
        return known or self.asking.patiently(question, key)
