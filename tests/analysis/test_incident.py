"""The words of an incident: how roles are read, how bad a severity is, and what a record refuses to hold."""

from datetime import datetime

import pytest

from analysis.errors import InvalidInput
from analysis.incident import FOUR_EYES_SEVERITIES, Role, Severity
from tests.factories import make_incident


@pytest.mark.parametrize(
    ("word", "role"),
    [
        pytest.param("commander", Role.INCIDENT_COMMANDER, id="short"),
        pytest.param(" IC ", Role.INCIDENT_COMMANDER, id="initials"),
        pytest.param("Incident Commander", Role.INCIDENT_COMMANDER, id="words"),
        pytest.param("communications-lead", Role.COMMUNICATIONS_LEAD, id="hyphen"),
        pytest.param("comms", Role.COMMUNICATIONS_LEAD, id="jargon"),
        pytest.param("scribe", Role.SCRIBE, id="name"),
    ],
)
def test_role_is_read_by_its_usual_names(word: str, role: Role) -> None:
    """People write roles as they speak."""
    assert Role.parse(word) is role


def test_word_that_is_no_role_is_refused_with_those_that_are() -> None:
    """The sentence has the word and the short forms."""
    with pytest.raises(InvalidInput, match=r"“boss” is not a role\. Use one of: commander, comms, "):
        Role.parse("boss")


def test_severities_rank_from_worst_to_mildest_and_the_worst_need_four_eyes() -> None:
    """The lower number is worse."""
    assert [severity.rank for severity in Severity] == [1, 2, 3, 4, 5]
    assert frozenset({Severity.SEV1, Severity.SEV2}) == FOUR_EYES_SEVERITIES


def test_incident_without_a_time_zone_is_refused() -> None:
    """A naive time would later be read in the wrong zone."""
    with pytest.raises(ValueError, match="declared_at needs a time zone"):
        make_incident(declared_at=datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("over", "is_open"),
    [
        pytest.param({}, True, id="open"),
        pytest.param({"channel_id": None}, False, id="none"),
        pytest.param({"is_channel_closed": True}, False, id="closed"),
    ],
)
def test_channel_is_open_until_it_is_known_to_be_closed(over: dict[str, object], is_open: bool) -> None:  # noqa: FBT001
    """Only a channel that there is can be written to."""
    assert make_incident(**over).has_open_channel is is_open
