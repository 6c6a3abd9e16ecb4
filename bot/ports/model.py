"""What is asked of the language model, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from analysis.errors import Unavailable
from analysis.incident import Incident
from analysis.timeline import Entry

if TYPE_CHECKING:  # with it comes the whole verifier, which only a draft needs
    from analysis.writing.account import Restore


class NotSentError(Unavailable):
    """The endpoint did no work for this question, so that asking again costs nothing.

    It may say that this is of no use for so many seconds; nought where it does not.
    """

    def __init__(self, message: str, *, after_seconds: float = 0.0) -> None:
        """Say in *message* why."""
        super().__init__(message)
        self.after_seconds = after_seconds


class KeyRefusedError(NotSentError):
    """The endpoint did not let us in, for our key or what may be spent with it, ever or in one minute.

    Asking again at once would show it the same once more for nothing.
    """


class QuestionRefusedError(Unavailable):
    """The endpoint does not take what was asked as it was asked, such as an argument or a part of the schema.

    With fixed words `debrief doctor` finds out what it is.
    """


class SilentAnswerError(Unavailable):
    """The model answered without a text, and that did cost so many tokens; nought where nobody says.

    `is_cut` where its tokens were used up before, as of a model that thinks first; `is_free` where it says itself that
    the answer cost none, as where a filter kept it back.
    """

    def __init__(
        self,
        message: str,
        *,
        question_tokens: int,
        answer_tokens: int,
        is_cut: bool = False,
        is_free: bool = False,
    ) -> None:
        """Say in *message* why there is no text."""
        super().__init__(message)
        self.is_cut = is_cut
        self.is_free = is_free
        self.question_tokens = question_tokens
        self.answer_tokens = answer_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What leaves: redacted already. `schema` is the JSON schema that the answer is to follow.

    With a `seed` the endpoint is asked to choose alike each time, where it can.
    """

    instructions: str
    material: str
    schema: Mapping[str, Any]
    answer_tokens: int
    seed: int | None = None


#: Under this a draft keeps what the answers in it had around their JSON.
DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and what it cost in tokens; `is_whole` unless the limit of tokens cut it.

    `dropped` says in a sentence what it had around its JSON, which is not in `text`, with the `words` among that;
    `unclear` why nothing could be taken out of it.
    """

    text: str
    model: str
    fingerprint: str
    question_tokens: int
    answer_tokens: int
    is_whole: bool
    dropped: str = ""
    unclear: str = ""
    words: str = ""


class LanguageModel(Protocol):
    """One approved endpoint with one pinned model."""

    def ask(self, question: Question, *, seconds: float) -> Answer:
        """Ask once, and wait at most about *seconds*.

        Raises
        ------
        analysis.errors.Unavailable
            If there is no answer; the sentence says why, and nothing of the question.
        """
        ...


#: Sees the bytes of a request as they would leave, and raises where they must not; what it returns is told the status
#: under which an answer begins to come back.
Gate = Callable[[bytes], Callable[[int], object] | None]
#: Opens the way to the model for one draft, by that draft's own gate.
OpenModel = Callable[[Gate], AbstractContextManager[LanguageModel]]


#: What the endpoint can do, by name, asked through that gate; a sentence where it gave no answer that tells.
Probe = Callable[[Gate], Mapping[str, bool | str]]


class Prompts(Protocol):
    """The words by which the model is asked."""

    @property
    def version(self) -> str:
        """Names the templates by their hash."""
        ...

    def render(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The instructions and the material of one question."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What may leave of some entries: JSON values, what must not show in any bytes, and the way back."""

    events: Sequence[Mapping[str, Any]]
    gate: Gate
    restore: "Restore"

    @property
    def shown(self) -> Mapping[str, str]:
        """The words of each entry as they may leave, by its label."""
        return {str(event["id"]): str(event.get("text", "")) for event in self.events}


class Redaction(Protocol):
    """Takes out of a record what must stay."""

    @property
    def policy(self) -> str:
        """Names the rules by which that is done."""
        ...

    def __call__(self, incident: Incident, entries: Sequence[Entry], ledger_seq: int) -> Redacted:
        """What may leave of *entries*; what its placeholders stand for is stored before it returns.

        The record was read up to row *ledger_seq* of its ledger: where something was erased since, nothing is stored.
        """
        ...


#: Money is counted in so many parts of the site's own unit.
MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What calls cost: tokens, seconds, and money in millionths."""

    tokens: int = 0
    seconds: float = 0.0
    money: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One question that is about to leave, with the most that it may cost.

    `key` tells equal questions about one revision of an incident from others. It rests on the ledger up to row
    `ledger_seq`. `content` is what is asked, redacted already; the bytes that leave are logged by
    `bot.ports.paging.EgressLog` under the same id.
    """

    id: UUID
    key: str
    incident_id: UUID
    ledger_seq: int
    model: str
    policy: str
    began_at: datetime
    most: Usage
    content: str


class OverBudgetError(Unavailable):
    """The model's budget is used up."""


class ModelCalls(Protocol):
    """Every call to the model, written before it leaves: the budgets and the log of what left at once."""

    def answered(self, incident_id: UUID, key: str) -> Answer | None:
        """What the same question was answered before, so that a draft begun anew after a kill does not pay again."""
        ...

    def seconds_left(self, at: datetime) -> float:
        """What is left of the seconds of the day of *at*, beside all that is reserved; infinite without a limit."""
        ...

    def begin(self, call: ModelCall) -> None:
        """Reserve the most that it may cost; a call that never ends counts with all of it.

        Raises
        ------
        OverBudgetError
            If that is more than is left of a budget; nothing may leave then.
        analysis.errors.Conflict
            If something of the incident was erased after what the question rests on; nothing may leave then.
        """
        ...

    def end(self, call: ModelCall, outcome: str, used: Usage, answer: Answer | None = None) -> None:
        """Settle what it did cost, and keep what came back."""
        ...
