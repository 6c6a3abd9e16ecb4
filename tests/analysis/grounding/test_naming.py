"""A sentence that only names something says nothing of it, and does not stand."""

import pytest

from analysis.grounding.records import FailureCode
from tests.analysis.grounding.wording import failures_of


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("[[PERSON_1]] acknowledged the page", "[[PERSON_1]]"),
        ("[[PERSON_1]] acknowledged the page", "[[PERSON_1]]."),
        ("[[PERSON_1]] and [[PERSON_2]] joined", "[[PERSON_1]] and [[PERSON_2]]."),
        ("Mina acknowledged the page", "Mina."),
        ("Mina and Tomas joined", "Mina and Tomas."),
        ("Rolled back ledger-writer to 7729", "ledger-writer."),
        ("Rolled back ledger-writer to 7729", "At 14:05 UTC."),
        ("PR #1187 merged", "PR #1187."),
        ("Merchants lost orders", "Merchants."),
    ],
)
def test_check_refuses_a_name_alone(entry: str, text: str) -> None:
    """Placeholders, people, services, times and bare nouns, whatever the entry tells of them."""
    assert FailureCode.CITATION in {failure.code for failure in failures_of(entry, text)}


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("[[PERSON_1]] acknowledged the page", "[[PERSON_1]] acknowledged the page."),
        ("KubeNodeNotReady", "KubeNodeNotReady."),
        ("VPN gateway down", "VPN gateway down."),
        ("Errors gone", "Errors gone."),
        ("Incident mitigated", "Mitigated."),
    ],
)
def test_check_lets_a_short_sentence_say_what_its_entry_says(entry: str, text: str) -> None:
    """Also where the entry is no more than a name."""
    assert not failures_of(entry, text)
