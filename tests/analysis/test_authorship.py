"""How a draft says by whom it was written, of each count."""

import pytest

from analysis.authorship import by_whom


@pytest.mark.parametrize(
    ("asked", "kept", "said"),
    [
        (1, 1, " The one sentence that m gave stands in it."),
        (2, 1, " Of the 2 sentences that m gave, 1 stands in it."),
        (2, 2, " Both sentences that m gave stand in it."),
        (3, 2, " Of the 3 sentences that m gave, 2 stand in it."),
        (3, 3, " All 3 sentences that m gave stand in it."),
        (0, 0, " Made without the model: it was late."),
    ],
)
def test_sentence_is_said_as_people_say_it(asked: int, kept: int, said: str) -> None:
    """Of one, of both, of all and of some."""
    assert by_whom({"writing": {"model": "m", "asked": asked, "kept": kept, "because": "It was late"}}) == said


def test_draft_without_a_model_says_nothing_of_it() -> None:
    """Most drafts are of templates alone."""
    assert by_whom({}) == ""
