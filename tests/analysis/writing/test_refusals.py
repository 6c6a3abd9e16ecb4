from analysis.grounding.records import FailureCode
from analysis.writing.account import AT_ODDS, Judged
from analysis.writing.answers import Proposed
from analysis.writing.refusals import MEANINGS, refused
from analysis.writing.slots import Flaw, FlawCode


def test_every_code_can_be_told_to_a_model() -> None:
    """No refusal is without words."""
    assert set(MEANINGS) == {*(one.value for one in FlawCode), *(one.value for one in FailureCode), AT_ODDS}


def test_model_is_told_its_own_words_that_are_wrong_and_no_others() -> None:
    """What was put back, or stands in the record alone, is not repeated to it."""
    given = Proposed(number=2, part="impact", events=("E2", "E4"), text="[[PERSON_1]] lost all money, Money and more")
    flaws = (
        Flaw(code="word", detail="no cited entry has “Money”"),
        Flaw(code="word", detail="no cited entry has “Anna”"),
        Flaw(code="quantifier", detail="no cited entry says “all” of this"),
        Flaw(code="word", detail="no cited entry has “mone”"),
    )

    assert refused(Judged(proposed=given, text="Anna lost all money", cites=("E2",), flaws=flaws)) == {
        "number": 2,
        "events": ["E2", "E4"],
        "text": given.text,
        "wrong": ["word", "quantifier"],
        "words": ["Money", "all"],
    }


def test_model_whose_slot_has_no_value_is_told_which_slots_its_question_offers() -> None:
    """An entry with two numbers offers `{n:E4#2}` alone, and a length runs from the earlier entry."""
    meaning = MEANINGS[FlawCode.SLOT]

    assert '"numbers"' in meaning
    assert "earlier entry first" in meaning
    assert "{n:" not in meaning
