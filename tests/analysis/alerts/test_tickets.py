"""How the words of a ticket's text are found, whatever people write into it."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from analysis.alerts.tickets import Firing, Firings, Ticket, TicketVerdict, Way, match

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
FIRING = Firing(
    seq=1,
    alert_id=UUID(int=1),
    fingerprint="0123456789abcdef",
    rule="DiskFull",
    starts_at=AT,
    labels={"host": "db-1.bank"},
)


TICKET = Ticket(where="row 1", system="jira", key="OPS-1", verdict=TicketVerdict.NOISE, because="Done", opened_at=AT)


def way_of(text: str) -> Way | None:
    """How a ticket with *text* finds the one alert."""
    return match(replace(TICKET, text=text), Firings([FIRING]), timedelta(hours=1)).way


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("DiskFull db-1.bank", True),
        ("(diskfull), on db-1.bank.", True),
        ("----- DiskFull: db-1.bank -----", True),
        ("DiskFull/db-1.bank", False),
        ("DiskFull at db-1", False),
    ],
)
def test_words_end_where_signs_end_that_names_have_not(text: str, *, is_found: bool) -> None:
    """Dots, slashes and dashes are part of a name only where more of it follows."""
    assert way_of(text) is (Way.RULE_AND_PLACE if is_found else None)


@pytest.mark.parametrize("unit", ["-", "=-", ".a", "://", "a-"])
def test_words_are_found_in_linear_time(unit: str) -> None:
    """Rules of dashes between mails are common; forty thousand cost no more than as many letters."""
    started = time.thread_time()

    assert way_of(f"DiskFull {unit * (40_000 // len(unit))} db-1.bank") is Way.RULE_AND_PLACE

    assert time.thread_time() - started < 2


def test_ticket_finds_an_alert_of_pagerduty_by_either_name() -> None:
    """The incident's id, or the key by which the system behind PagerDuty knows it."""
    firing = replace(FIRING, external_id="Q2AIV", labels={"incident_key": "card-api/declines"})
    tickets = [replace(TICKET, references=frozenset({name})) for name in ("Q2AIV", "card-api/declines", "")]

    found = [match(ticket, Firings([firing]), timedelta(hours=1)).way for ticket in tickets]
    assert found == [Way.ID, Way.ID, None]


def test_ticket_is_about_the_newest_firing_before_it_was_opened() -> None:
    """A series that fires again while the ticket is a minute old did not open it; one that is heard late did."""
    minutes = (-30, -1, 4)
    firings = [replace(FIRING, seq=each, starts_at=AT + timedelta(minutes=each)) for each in minutes]
    ticket = replace(TICKET, text="DiskFull db-1.bank")

    found = [match(ticket, Firings(part), timedelta(hours=1)).firings for part in (firings, firings[2:])]

    assert [[one.seq for one in each] for each in found] == [[-1], [4]]


def test_what_a_link_leaves_open_is_told_by_rule_and_place() -> None:
    """All alerts of a rule have its runbook; which of them a ticket is about, its words say, or nothing does."""
    runbook = frozenset({"https://runbooks.example/disk"})
    firings = [
        replace(FIRING, seq=number, fingerprint=f"{number:016x}", labels={"host": f"db-{number}"}, links=runbook)
        for number in (1, 2)
    ]
    texts = ("DiskFull on db-2, see https://runbooks.example/disk.", "See https://runbooks.example/disk.")

    found = [match(replace(TICKET, text=text), Firings(firings), timedelta(hours=1)) for text in texts]

    assert [(one.way, [each.seq for each in one.firings]) for one in found] == [(Way.RULE_AND_PLACE, [2]), (None, [])]
    assert found[1].problem == "by its link it may be about several alerts: DiskFull at db-1, DiskFull at db-2"
