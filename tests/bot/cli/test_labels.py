"""What people and tickets said of groups, as training reads it from the record."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.alerts.alert import AlertStatus
from analysis.alerts.site_labels import Truth
from analysis.events import EventKind
from analysis.lifecycle import Move
from bot.usecases.asking import Command
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.call_mattered import CallGroupMattered, CallNotMattered, call_group_mattered, call_not_mattered
from bot.usecases.groups.call_noise import CallNoise, CallNotNoise, call_noise, call_not_noise
from bot.usecases.groups.make_one import MakeOne, make_one
from bot.usecases.groups.split import PutBack, SplitGroup, put_back, split_group
from bot.usecases.groups.take_apart import TakeApart, take_apart
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.end import EndIncident, end_incident
from bot.usecases.learning.labelled_history import LabelledHistory, labelled_history
from bot.usecases.timeline.open_log import open_log
from bot.usecases.timeline.record_change import RecordChange, record_change
from tests.bot.cli.conftest import Debrief
from tests.labelled_site import LabelledSite, faults, graph, named

PARTS = ("FrontErrors", "BackErrors")
TICKET = "number,short_description,opened_at,close_code\nINC1,{rule} at {place},{at},{code}\n"


@pytest.fixture
def site(own_folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[LabelledSite]:
    """Yield a site with one fault, which the shipped weights put into two groups."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", database_url)
    found = LabelledSite()
    found.take(faults(1)[0])
    yield found
    found.close()


def read(site: LabelledSite, *, days: float = 30) -> LabelledHistory:
    """What there is to learn from."""
    since = datetime.now(UTC) - timedelta(days=days)
    return labelled_history(site.store.snapshots, site.workspace, since=since, graph=graph(), on_event=lambda: None)


def by_rule(site: LabelledSite, choose: Callable[[Truth], object] = lambda truth: truth.causes) -> dict[str, object]:
    """What the record says of each rule's firing."""
    history = read(site).history
    found = choose(history.truth)
    assert isinstance(found, dict)
    return {alert.rule: found[alert.id] for alert in history.alerts if alert.id in found}


def test_what_people_said_of_groups_is_read(site: LabelledSite) -> None:
    """A group that is called noise or not, and what is split from it, are causes of their own until taken back."""
    numbers = {rule: number for (rule, _, _), number in site.groups().items()}
    front, back = numbers["FrontErrors"], numbers["BackErrors"]

    nothing = by_rule(site)
    site.ask(call_noise, CallNoise(**site.asked(), group=front, span="1d", reason="a test"))
    noise, faults_then = by_rule(site), by_rule(site, lambda truth: truth.fault_causes)
    with site.store.snapshots.snapshot() as reads:
        group = reads.groups.by_number(site.workspace, back)
        assert group is not None
        series = next(one for one in reads.groups.series_of(group.id, 9) if one.rule == "BackQueue")
    site.ask(split_group, SplitGroup(**site.asked(), group=back, alert_id=series.alert_id))
    site.group()
    split = by_rule(site)
    with site.store.snapshots.snapshot() as reads:
        newest = reads.groups.next_number(site.workspace) - 1
    site.ask(put_back, PutBack(**site.asked(), group=newest))
    site.group()
    again = by_rule(site)
    site.ask(call_not_noise, CallNotNoise(**site.asked(), group=front))
    members = by_rule(site, lambda truth: truth.memberships)

    assert (nothing, faults_then) == ({}, {})
    assert set(noise) == {"FrontErrors", "FrontLatency"}
    assert len(set(noise.values())) == 1
    assert split["BackErrors"] == split["BackSaturated"] != split["BackQueue"]
    assert again["BackQueue"] == again["BackErrors"]
    assert set(members) == {"FrontErrors", "FrontLatency"}


def test_group_that_mattered_without_an_incident_may_not_be_missed(site: LabelledSite) -> None:
    """It makes no cause, since nobody looked at what else is in it; noise and taking it back end that."""
    number = {rule: number for (rule, _, _), number in site.groups().items()}["BackErrors"]
    rules = {rule for (rule, _, _), group in site.groups().items() if group == number}

    def members() -> dict[str, object]:
        return by_rule(site, lambda truth: truth.memberships)

    site.ask(call_group_mattered, CallGroupMattered(**site.asked(), group=number))
    mattered, causes = members(), by_rule(site)
    site.ask(call_not_mattered, CallNotMattered(**site.asked(), group=number))
    taken_back = members()
    site.ask(call_group_mattered, CallGroupMattered(**site.asked(), group=number))
    site.ask(call_noise, CallNoise(**site.asked(), group=number, span="1d", reason="a test"))

    assert (set(mattered), len(set(mattered.values())), causes) == (rules, 1, {})
    assert taken_back == {}
    assert members() == {}


def test_groups_that_were_made_one_have_one_cause(site: LabelledSite) -> None:
    """Also for the nightly replay, which goes by where alerts are now; taken apart they are two again."""
    front, back = ({rule: number for (rule, _, _), number in site.groups().items()}[one] for one in PARTS)

    site.ask(make_one, MakeOne(**site.asked(), group=back, other=front))
    site.group()
    one = by_rule(site)
    site.ask(take_apart, TakeApart(**site.asked(), group=max(front, back)))
    site.group()
    two = by_rule(site)

    assert len(set(one.values())) == 1
    assert set(one) == set(two) > set(PARTS)
    assert two[PARTS[0]] != two[PARTS[1]]


def split(site: LabelledSite, number: int, rule: str) -> int:
    """Put the series of *rule* apart from a group; the number of where it is then."""
    with site.store.snapshots.snapshot() as reads:
        group = reads.groups.by_number(site.workspace, number)
        assert group is not None
        series = next(one for one in reads.groups.series_of(group.id, 9) if one.rule == rule)
    site.ask(split_group, SplitGroup(**site.asked(), group=number, alert_id=series.alert_id))
    site.group()
    with site.store.snapshots.snapshot() as reads:
        return reads.groups.next_number(site.workspace) - 1


@pytest.mark.thorough
def test_series_that_is_split_twice_has_the_cause_of_where_it_went_last(site: LabelledSite) -> None:
    """Also its firings from the time between, when it was in a group that it has left since."""
    first = {rule: number for (rule, _, _), number in site.groups().items()}["BackErrors"]
    queue = next(one for one in faults(1)[0] if one.rule == "BackQueue")
    ended, again = queue.starts_at + timedelta(minutes=2), queue.starts_at + timedelta(minutes=3)
    second = split(site, first, "BackQueue")
    site.take(
        [
            replace(queue, status=AlertStatus.RESOLVED, ends_at=ended, received_at=ended),
            replace(queue, starts_at=again, received_at=again),
        ]
    )
    between = max((when, number) for (rule, _, when), number in site.groups().items() if rule == "BackQueue")[1]
    site.ask(put_back, PutBack(**site.asked(), group=second))
    site.group()

    split(site, first, "BackQueue")
    history = read(site).history
    told = [(one.rule, one.id) for one in history.alerts if one.status is AlertStatus.FIRING]
    of_queue = [history.truth.causes[each] for rule, each in told if rule == "BackQueue"]
    of_others = [history.truth.causes[each] for rule, each in told if rule in {"BackErrors", "BackSaturated"}]

    assert (between, len(of_queue)) == (second, 2)
    assert (len({*of_queue}), len({*of_others})) == (1, 1)
    assert {*of_queue}.isdisjoint(of_others)


def test_what_tickets_say_counts_for_what_must_be_told(site: LabelledSite, debrief: Debrief, own_folder: Path) -> None:
    """A ticket makes no cause; that it mattered makes its alert one that nobody may miss, and the hash another."""
    alert = next(one for one in faults(1)[0] if one.rule == "BackErrors")
    firing = next(each for each in site.groups() if each[0] == alert.rule)
    before = read(site)
    opened = (firing[2] + timedelta(minutes=2)).strftime("%Y-%m-%d %H:%M:%S")
    text = TICKET.format(rule=firing[0], place=firing[1], at=opened, code="Solved (Permanently)")
    (own_folder / "inc.csv").write_text(text)

    imported = json.loads(debrief("import", "tickets", "inc.csv", "--from", "servicenow", "--json").out)
    after = read(site)
    (own_folder / "inc.csv").write_text(text.replace("Solved (Permanently)", "False alarm"))
    debrief("import", "tickets", "inc.csv", "--from", "servicenow")
    taken_back = read(site)

    assert imported["recorded"] == 1
    assert before.history.truth.memberships == {}
    assert [one.incident for one in after.history.truth.memberships.values()] == ["ticket servicenow INC1"]
    assert after.history.truth.causes == {}
    assert after.labels == {"mattered (ticket)": 1, "incidents over": 0}
    assert taken_back.history.truth.memberships == {}
    assert before.data_hash == taken_back.data_hash != after.data_hash
    assert named(alert)[:2] == firing[:2]


def test_last_closing_of_a_ticket_counts_whichever_export_comes_last(
    site: LabelledSite, debrief: Debrief, own_folder: Path
) -> None:
    """A team brings its newest export first, and then those of the months before."""
    rule, place, began = next(each for each in site.groups() if each[0] == "BackErrors")
    header = "number,short_description,opened_at,resolved_at,close_code\n"
    opened = (began + timedelta(minutes=2)).strftime("%Y-%m-%d %H:%M:%S")
    for minutes, code in ((90, "Solved (Permanently)"), (30, "False alarm")):
        closed = (began + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
        (own_folder / "inc.csv").write_text(f"{header}INC1,{rule} at {place},{opened},{closed},{code}\n")
        imported = debrief("import", "tickets", "inc.csv", "--from", "servicenow", "--json")
        assert json.loads(imported.out)["recorded"] == 1

    members = read(site).history.truth.memberships

    assert [one.incident for one in members.values()] == ["ticket servicenow INC1"]


def test_labels_of_other_alerts_than_those_looked_at_are_not_counted(site: LabelledSite) -> None:
    """The card states the labels beside the window that they are of, also where somebody gave them only now."""
    group = min(site.groups().values())
    site.ask(call_noise, CallNoise(**site.asked(), group=group, span="1d", reason="a test"))

    of_all, of_none = read(site).labels, read(site, days=1 / 24).labels

    assert of_all == {"noise": 1, "incidents over": 0}
    assert of_none == {"incidents over": 0}


def test_past_that_was_imported_later_is_learnt_from_in_its_place(site: LabelledSite) -> None:
    """What is older than the days that are asked for is none of them, and of the rest the older comes first."""
    before = read(site)
    site.take(faults(1, until=datetime.now(UTC) - timedelta(days=60))[0])

    after, longer = read(site), read(site, days=90)

    assert (len(before.history.alerts), after.data_hash) == (5, before.data_hash)
    heard = [alert.received_at for alert in longer.history.alerts]
    assert len(heard) == 10
    assert heard == sorted(heard)


def test_deploy_is_of_the_environment_that_it_names(site: LabelledSite) -> None:
    """One to staging explains no alert of production: what is judged is what the running bot goes by."""
    site.ask(open_log, Command(**site.asked()))
    change = RecordChange(
        **site.asked(),
        kind=EventKind.DEPLOY,
        text="front0 deployed",
        occurred_at=datetime.now(UTC),
        service="front0",
        details={"environment": "staging"},
    )
    site.ask(record_change, change)
    site.group()

    (deploy,) = read(site).history.happenings

    assert (deploy.service, deploy.environment) == ("front0", "staging")


def test_alerts_of_a_duplicate_must_be_told_as_those_of_its_original(site: LabelledSite) -> None:
    """They teach no weight, because nobody said that both are one fault; to miss them is to miss the original."""
    original = site.ask(declare, Declare(**site.asked(), title="Cards fail")).number or 0
    other = site.ask(declare, Declare(**site.asked(), title="Cards fail, too")).number or 0
    group = min(site.groups().values())
    site.ask(attach_group, AttachGroup(**site.asked(), number=other, group=group))
    end = EndIncident(**site.asked(), number=other, move=Move.DUPLICATE, duplicate_of=original)
    site.ask(end_incident, end)

    truth = read(site).history.truth

    with site.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, original)
    assert incident is not None
    assert {one.incident for one in truth.memberships.values()} == {str(incident.id)}
    assert truth.causes == {}
