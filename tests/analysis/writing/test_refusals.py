from analysis.grounding.records import FailureCode
from analysis.writing.account import AT_ODDS
from analysis.writing.refusals import MEANINGS
from analysis.writing.slots import FlawCode


def test_every_code_can_be_told_to_a_model() -> None:
    """No refusal is without words."""
    assert set(MEANINGS) == {*(one.value for one in FlawCode), *(one.value for one in FailureCode), AT_ODDS}
