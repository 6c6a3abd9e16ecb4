"""A sentence agrees with the entries it cites, or it is named in what it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.document import Claim, Document, claims
from analysis.events import EventKind
from analysis.precision import Precision
from analysis.support import Evidence, disagreements
from tests.ledgers import START, eventful


def entry(minutes: float, text: str, kind: EventKind = EventKind.NOTE, **over: object) -> Evidence:
    """An entry of the timeline by somebody called Ada 2."""
    values = {
        "at": START + timedelta(minutes=minutes),
        "precision": Precision.SECOND,
        "text": text,
        "who": "responder (Ada “2”)",
        "kind": kind,
        "has_words": True,
        **over,
    }
    return Evidence(**values)


TIMELINE = {
    "E1": entry(-20, "Milestone of phase 1: detection.", EventKind.MILESTONE_SET, precision=Precision.MINUTE),
    "E2": entry(0, "Declared as SEV3: “Cards fail”", EventKind.DECLARED),
    "E3": entry(5, "“12 of 30 pods are down since 09:58”"),
    "E4": entry(6, "The text was erased on request.", has_words=False),
    "E5": entry(7, "A message was deleted in Slack.", EventKind.MESSAGE, is_deleted=True, has_words=False),
    "E6": entry(8, "“it is the network” (revised in Slack)", EventKind.MESSAGE, is_revised=True),
    "E7": entry(9, "Stakeholders were told: “We are on it”", EventKind.UPDATE_SENT),
    "E8": entry(60, "Milestone of phase 1: resolution.", EventKind.MILESTONE_SET, is_corrected=True),
}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param("Declared as SEV3 at 2024-03-01 10:00:00 UTC by Bo: “Cards fail”", ("E2",), id="quotation"),
        pytest.param("Resolved at 2024-03-01 11:00:00 UTC, 1 h 20 min after the detection.", ("E8", "E1"), id="length"),
        pytest.param("responder (Ada “2”): “12 of 30 pods are down since 09:58”", ("E3",), id="words"),
        pytest.param("The first of 2 notes and messages, Ada: “12 of 30 pods …”", ("E3",), id="excerpt"),
        pytest.param("1 message was deleted in Slack after being recorded.", ("E5",), id="deleted"),
        pytest.param("1 message was revised in Slack after being recorded.", ("E6",), id="revised"),
        pytest.param("1 update was sent to stakeholders.", ("E7",), id="updates"),
        pytest.param("1 entry was corrected after being recorded.", ("E8",), id="corrected"),
        pytest.param("Record: 8 entries over 1 h 20 min", ("E1", "E8"), id="entries"),
        pytest.param("Silent for 55 min, while it was SEV3 (limit 30 min).", ("E3", "E8", "E2"), id="limit"),
        pytest.param("Ada: A B. (tagged as resolution by responder (Bo 7))", ("E3",), id="tagger"),
    ],
)
def test_what_the_entries_say_is_supported(text: str, labels: tuple[str, ...]) -> None:
    """Times, lengths, counts, severities and words of the cited entries agree with them."""
    assert disagreements(text, labels, TIMELINE) == ()


@pytest.mark.parametrize(
    ("text", "labels", "why"),
    [
        pytest.param("It is over.", (), "it cites nothing", id="nothing"),
        pytest.param("It is over.", ("E8", "E99"), "E99 is not on the timeline", id="unknown"),
        pytest.param("At 2024-03-01 10:00:01 UTC.", ("E2",), "is not the time of a cited entry", id="another-time"),
        pytest.param("At 2024-03-01 09:40:00 UTC.", ("E1",), "is not the time of a cited entry", id="too-fine"),
        pytest.param("At 2024-03-01 10:00:00 UTC.", ("E3",), "is not the time of a cited entry", id="other-entry"),
        pytest.param("It took 1 h 21 min.", ("E1", "E8"), "does not lie between two cited entries", id="length"),
        pytest.param("It took 1 h 20 min 0 s.", ("E1", "E8"), "does not lie between", id="length-too-fine"),
        pytest.param("It took 1 h 20 min.", ("E2", "E8"), "does not lie between", id="length-of-others"),
        pytest.param("It was SEV1.", ("E2",), "no cited entry has sev1", id="severity"),
        pytest.param(
            "Seen 20 min before the mitigation.", ("E1", "E2"), "no cited entry has mitigation", id="milestone"
        ),
        pytest.param("Phase 2 began.", ("E1",), "no cited entry has 2", id="phase"),
        pytest.param("13 of 30 pods are down.", ("E3",), "no cited entry has 13", id="number"),
        pytest.param("He said “13 of 30 pods”", ("E3",), "no cited entry says “13 of 30 pods”", id="quotation"),
        pytest.param("She said “hunter2”", ("E5",), "no cited entry says “hunter2”", id="deleted"),
        pytest.param("She said “hunter2”", ("E4",), "no cited entry says “hunter2”", id="erased"),
        pytest.param("2 messages were deleted in Slack.", ("E5", "E6"), "2 is not what is counted", id="deleted-count"),
        pytest.param("2 updates were sent.", ("E7",), "2 is not what is counted", id="updates"),
        pytest.param("2 entries were corrected.", ("E7", "E8"), "2 is not what is counted", id="corrected"),
        pytest.param("Record: 7 entries", ("E1", "E8"), "7 is not what is counted", id="entries"),
        pytest.param("The last of 3 notes and messages", ("E6",), "3 is not what is counted", id="notes"),
    ],
)
def test_what_the_entries_do_not_say_is_named(text: str, labels: tuple[str, ...], why: str) -> None:
    """A wrong, too fine or borrowed time, length, count, number or quotation is not supported."""
    assert why in " ".join(disagreements(text, labels, TIMELINE))


_DOCUMENT = eventful().document()
_CLAIMS = claims(_DOCUMENT)


@given(st.sampled_from(_CLAIMS), st.data())
def test_no_claim_survives_another_entry_at_another_time(claim: Claim, data: st.DataObject) -> None:
    """A sentence with a time or length that cites only entries of other times is no longer supported."""
    own = {row.at for row in _DOCUMENT.timeline if row.label in claim.events}
    others = [row.label for row in _DOCUMENT.timeline if row.at not in own]
    label = data.draw(st.sampled_from(others))

    assert not _supported(_DOCUMENT, claim.text, (label,)) or not any(letter.isdigit() for letter in claim.text)


def test_every_kind_of_claim_of_a_document_is_put_to_the_test() -> None:
    """The eventful document agrees with its record, and none of its claims agrees with its first entry alone."""
    assert all(claim.supported for claim in _CLAIMS)
    others = [claim for claim in _CLAIMS if "E1" not in claim.events and _supported(_DOCUMENT, claim.text, ("E1",))]
    assert [claim.text for claim in others] == ["Visibility: public", "Incident commander: Bo"]


_HOSTILE = st.text(alphabet="ab1 ()“”:.…<12 h5 min@|", min_size=1, max_size=30)


@pytest.mark.parametrize("is_tagged", [True, False], ids=["tagged", "untagged"])
@given(name=_HOSTILE, texts=st.lists(_HOSTILE, min_size=1, max_size=5), times=st.integers(1, 20))
def test_nobody_makes_a_true_statement_false_by_a_name_or_a_text(
    name: str, texts: list[str], times: int, *, is_tagged: bool
) -> None:
    """Digits, lengths, brackets and quotation marks in names, titles and notes put no statement at odds."""
    ledger = eventful()
    ledger.events = [
        replace(event, text=texts[place % len(texts)] * times) if event.text and event.kind in _WORDED else event
        for place, event in enumerate(ledger.events)
        if is_tagged or event.kind is not EventKind.FACT_PROMOTED
    ]

    made = claims(ledger.document(names=lambda _actor: name))

    assert [claim.text for claim in made if not claim.supported] == []


@pytest.mark.parametrize("name", ["Bo :)", "Kim (she/her", "12 min", "“Q” Lee", "2024-03-01"])
def test_name_that_looks_like_evidence_puts_no_statement_at_odds(name: str) -> None:
    """A display name is a name, whatever it looks like."""
    made = claims(eventful().document(names=lambda _actor: name))

    assert [claim.text for claim in made if not claim.supported] == []


_WORDED = {EventKind.DECLARED, EventKind.NOTE, EventKind.MESSAGE, EventKind.UPDATE_SENT, EventKind.REOPENED}


def _supported(document: Document, text: str, labels: tuple[str, ...]) -> bool:
    timeline = {
        row.label: Evidence(
            at=row.at,
            precision=Precision(row.precision),
            text=row.text,
            who=row.who,
            kind=EventKind(row.kind),
            has_words=bool(row.said),
            is_revised=row.is_revised and not row.is_deleted,
            is_deleted=row.is_deleted,
            is_corrected=bool(row.history),
        )
        for row in document.timeline
    }
    return not disagreements(text, labels, timeline)
