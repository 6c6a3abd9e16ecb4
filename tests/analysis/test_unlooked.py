import pytest

from analysis.document import claims
from analysis.events import EventKind
from analysis.findings import find
from analysis.milestones import phases
from analysis.postmortem import compose
from analysis.timeline import timeline
from analysis.unlooked import Unlooked, unlooked
from tests.factories import make_incident
from tests.ledgers import Ledger

RULE = "CardAuthLatency"
#: What Debrief says of a group that it attaches by itself.
BY_ITSELF = {"because": "it began a minute before", "logit": "2.100"}


def with_alerts(*, minutes: float = 5, group: str = "G-4") -> Ledger:
    """Return a ledger with one attached group of alerts."""
    ledger = Ledger()
    ledger.declare()
    attach(ledger, minutes, group)
    return ledger


def attach(ledger: Ledger, minutes: float, group: str, kind: EventKind = EventKind.ALERT_GROUP_ATTACHED) -> None:
    """Attach or detach a group."""
    payload = {"group": group, "rule": RULE, "alerts": 3, "since": "2024-03-01T10:00:00Z", **BY_ITSELF}
    ledger.add(kind, minutes, f"Alerts {group} attached: {RULE}, 3 alerts", payload)


def found(ledger: Ledger) -> tuple[Unlooked, ...]:
    """Return what is found in a ledger."""
    return unlooked(timeline(ledger.events))


def test_alerts_that_nobody_speaks_of_are_found() -> None:
    """The entry that attached them is the evidence."""
    ledger = with_alerts()
    ledger.note(7, "restarted the pool")

    assert found(ledger) == (Unlooked(group="G-4", label="E2"),)


@pytest.mark.parametrize("words", ["looked at g-4, it is the pool", "CardAuthLatency is back to normal"])
def test_alerts_that_somebody_names_are_looked_at(words: str) -> None:
    """By their group or by their rule, in any case."""
    ledger = with_alerts()
    ledger.note(7, words)

    assert found(ledger) == ()


def test_alerts_of_a_longer_name_are_not_named() -> None:
    """G-41 is another group than G-4."""
    ledger = with_alerts()
    ledger.note(7, "G-41 is the pool, CardAuthLatencyHigh too")

    assert found(ledger) == (Unlooked(group="G-4", label="E2"),)


def test_alerts_that_were_detached_are_looked_at() -> None:
    """Taking them off is an act; attaching them again begins anew."""
    ledger = with_alerts()
    attach(ledger, 9, "G-4", EventKind.ALERT_GROUP_DETACHED)
    detached = found(ledger)
    attach(ledger, 12, "G-4")

    assert detached == ()
    assert found(ledger) == (Unlooked(group="G-4", label="E4"),)


def test_alerts_an_incident_was_declared_from_are_looked_at() -> None:
    """Whoever declares it from them has read them."""
    ledger = Ledger()
    declared = ledger.declare()
    payload = {"group": "G-4", "rule": RULE, "alerts": 3, "since": "2024-03-01T10:00:00Z", **BY_ITSELF}
    ledger.add(EventKind.ALERT_GROUP_ATTACHED, 0, "Alerts G-4 attached", payload, recorded_at=declared.recorded_at)

    assert found(ledger) == ()


def test_alerts_that_a_person_attached_are_looked_at() -> None:
    """Attaching them by hand is an act, also where Debrief had attached them before."""
    ledger = with_alerts()
    payload = {"group": "G-4", "rule": RULE, "alerts": 3, "since": "2024-03-01T10:00:00Z"}
    ledger.add(EventKind.ALERT_GROUP_DETACHED, 6, "Alerts G-4 detached", payload)

    ledger.add(EventKind.ALERT_GROUP_ATTACHED, 9, "Alerts G-4 attached", payload)

    assert found(ledger) == ()


def test_draft_lists_alerts_that_nobody_looked_at() -> None:
    """As a statement that agrees with the entry that it cites."""
    ledger = with_alerts()
    entries, of_record = timeline(ledger.events), phases(ledger.events)

    document = compose(make_incident(), entries, of_record, find(entries, of_record), names={})

    said = [claim for claim in claims(document) if "G-4 fired" in claim.text]
    assert [(claim.section, claim.events, claim.supported) for claim in said] == [("open_questions", ("E2",), True)]
