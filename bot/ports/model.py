"""What is asked of the language model, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from analysis.errors import Unavailable


class NotSentError(Unavailable):
    """The endpoint did no work for this question, so that asking again costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What leaves: redacted already. `schema` is the JSON schema that the answer is to follow."""

    instructions: str
    material: str
    schema: Mapping[str, Any]
    answer_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, as it came, and what it cost in tokens; `is_whole` unless the limit of tokens cut it."""

    text: str
    model: str
    fingerprint: str
    question_tokens: int
    answer_tokens: int
    is_whole: bool


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
