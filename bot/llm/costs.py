"""What a completion says that it cost, in tokens."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

#: What no model reads or writes at once.
_MOST_TOKENS = 1_000_000_000
#: A number that a server leaves open is one that it does not say.
_Tokens = Annotated[int, BeforeValidator(lambda said: said or 0), Field(ge=0, le=_MOST_TOKENS)]


class Costs(BaseModel):
    """The `usage` of a completion."""

    prompt_tokens: _Tokens = 0
    completion_tokens: _Tokens = 0
    total_tokens: _Tokens = 0

    @property
    def answer_tokens(self) -> int:
        """With what was thought, which some endpoints bill as part of the answer and name in the total alone."""
        thought = self.total_tokens - self.prompt_tokens if self.prompt_tokens else 0
        return max(self.completion_tokens, thought)


def costs_in(said: object) -> Costs:
    """What the endpoint says that it cost; nothing, as of one that does not say, where that cannot be."""
    try:
        return Costs.model_validate(said)
    except ValidationError:
        return Costs()
