"""What a group says of itself stays short whatever comes, and is kept whole."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.digest import (
    MOST_KEPT,
    MOST_LINKS,
    MOST_REACHED,
    RATE_MINUTES,
    Digest,
    listed,
    to_digest,
    why_together,
)
from analysis.alerts.reasons import Reason, ReasonCode
from tests.alert_streams import START, alert

texts = st.text(max_size=300)


@given(told=st.lists(st.tuples(st.integers(0, 20_000), texts, texts), max_size=60))
def test_digest_is_bounded_and_kept_whole(told: list[tuple[int, str, str]]) -> None:
    """Neither many rules and places nor long ones make it long, and JSON gives it back."""
    digest = Digest()
    for seconds, rule, place in told:
        notes = {"summary": rule, "runbook_url": f"https://r.example/{place}", "link": f"https://s.example/{rule}"}
        digest = digest.with_alert(alert("a", seconds, rule=rule, annotations=notes), place, "").with_reached(place)

    assert len(digest.reached) <= MOST_REACHED
    assert len(digest.rules) <= MOST_KEPT
    assert len(digest.places) <= MOST_KEPT
    assert len(digest.rate) <= RATE_MINUTES
    for links in (digest.runbooks, digest.pages):
        assert len(links) <= MOST_LINKS
        assert all(len(link) <= 1000 and " " not in link for link in links.values())
    assert all(len(name) <= 200 for name in (*digest.rules, *digest.places, *digest.reached, digest.summary))
    for since in (None, START):
        dated = replace(digest, since=since)
        assert to_digest(json.loads(json.dumps(dated.to_json()))) == dated


@pytest.mark.parametrize(
    ("annotations", "sentence"),
    [
        pytest.param(
            {"dashboard": "https://g.example/d/1", "description": "Long. Very long.", "summary": "Cart is slow"},
            "Cart is slow",
            id="its summary, wherever it stands",
        ),
        pytest.param({"Description": "Cart is slow", "__alertId__": "7"}, "Cart is slow", id="a description else"),
        pytest.param(
            {"dashboard": "https://g.example/d/1", "note": "Cart is slow"}, "Cart is slow", id="what is no link"
        ),
        pytest.param({"runbook_url": "https://r.example/cart"}, "", id="links say nothing"),
        pytest.param(
            {"__orgId__": "1", "__values__": '{"B":44}', "note": "Cart is slow"}, "Cart is slow", id="Grafana's own"
        ),
        pytest.param({"generatorURL": "prometheus-0/graph"}, "", id="a link without its beginning"),
    ],
)
def test_sentence_is_the_one_that_people_should_read(annotations: dict[str, str], sentence: str) -> None:
    """Senders write links and notes beside it, and Alertmanager sorts them by name."""
    digest = Digest().with_alert(alert("a", 0, annotations=annotations), "store", "")

    assert digest.summary == sentence


@pytest.mark.parametrize(
    ("over", "rule", "sentence"),
    [
        pytest.param(
            {"rule": "Cart is slow", "annotations": {"summary": "Cart is slow", "link": "https://p.example/1"}},
            "Cart is slow",
            "",
            id="PagerDuty has a title alone",
        ),
        pytest.param(
            {
                "rule": "monitor 10",
                "annotations": {"summary": "[P2] [Warn on {host:db-1}] Lag is 40 s", "description": "It falls behind."},
            },
            "Lag is 40 s",
            "It falls behind.",
            id="Datadog's title is a state and the name",
        ),
        pytest.param(
            {
                "rule": "monitor 10",
                "annotations": {"summary": "[No data on {host:db-1}] Lag is  s", "description": "It falls behind."},
            },
            "Lag is  s (no data)",
            "It falls behind.",
            id="Datadog's monitor has no data",
        ),
        pytest.param(
            {
                "rule": "DatasourceError",
                "labels": {"alertname": "DatasourceError", "rulename": "High CPU", "datasource_uid": "P1"},
                "annotations": {"summary": "CPU of  is above 90 %", "Error": "query A: i/o timeout"},
            },
            "DatasourceError of High CPU",
            "query A: i/o timeout",
            id="a query of Grafana's failed",
        ),
        pytest.param(
            {"rule": "DatasourceNoData", "labels": {"rulename": "High CPU"}, "annotations": {"summary": "CPU is high"}},
            "DatasourceNoData of High CPU",
            "",
            id="a rule of Grafana's has no data",
        ),
        pytest.param(
            {
                "rule": "Queue is long",
                "annotations": {"summary": "[no value] wait, more than 500", "grafana_state_reason": "NoData"},
            },
            "Queue is long (no data)",
            "It fires because its query gave no data",
            id="a rule of Grafana's fires where it has no data",
        ),
        pytest.param(
            {
                "rule": "Queue is long",
                "annotations": {"summary": "[no value] wait", "grafana_state_reason": "Error", "Error": "i/o timeout"},
            },
            "Queue is long (query failed)",
            "It fires because its query failed: i/o timeout",
            id="a rule of Grafana's fires where its query fails",
        ),
        pytest.param(
            {
                "rule": "Queue is long",
                "annotations": {"summary": "730 wait, more than 500", "grafana_state_reason": "NoData, KeepLast"},
            },
            "Queue is long",
            "730 wait, more than 500",
            id="a rule of Grafana's goes on as it was",
        ),
    ],
)
def test_group_says_which_rule_and_what_more(over: dict[str, Any], rule: str, sentence: str) -> None:
    """A title is said once, without the state that it had; data that is missing is missing of a rule."""
    digest = Digest().with_alert(alert("a", 0, **over), "store", "")

    assert (list(digest.rules), digest.summary) == ([rule], sentence)


def test_page_of_a_rule_is_that_of_its_latest_alert() -> None:
    """PagerDuty's next incident of the same name has a page of its own; what is to be done stays the same."""
    digest = Digest()
    for name in ("1", "2"):
        notes = {"link": f"https://p.example/{name}", "runbook_url": f"https://r.example/{name}"}
        digest = digest.with_alert(alert(name, 0, rule="Slow", annotations=notes), "cart", "")

    assert (dict(digest.pages), dict(digest.runbooks)) == (
        {"Slow": "https://p.example/2"},
        {"Slow": "https://r.example/1"},
    )
    assert (
        digest.merged(
            Digest().with_alert(alert("3", 0, rule="Slow", annotations={"link": "https://q.example"}), "", ""), ""
        ).pages
        == digest.pages
    )


def test_series_that_leaves_takes_no_rule_with_it_that_another_fires_by() -> None:
    """It was counted once under another name, because its data were missing then."""
    missing = alert("a", 0, rule="CPU is high", annotations={"grafana_state_reason": "NoData"})
    newest, other = alert("a", 60, rule="CPU is high"), alert("b", 60, rule="CPU is high")
    digest = Digest()
    for one, where in ((missing, "cart"), (newest, "cart"), (other, "pay")):
        digest = digest.with_alert(one, where, "")

    left = digest.without(newest, "cart", (), 2, [other])

    assert (left.rules["CPU is high"], dict(left.places)) == (1, {"pay": 1})
    assert "CPU is high" not in digest.without(newest, "cart", (), 2, []).rules


def test_rule_is_called_by_what_stays() -> None:
    """A number in a title may be a value or the name of a part: no group goes on to name the part that left it."""
    third, seventh = (
        alert(part, 0, rule="monitor 10", annotations={"title": f"Partition {part} is stuck"}) for part in ("3", "7")
    )
    digest = Digest().with_alert(third, "a", "").with_alert(seventh, "b", "")

    left = digest.without(third, "a", (), 1, [seventh])

    assert dict(digest.rules) == {"Partition 3 is stuck": 2}
    assert dict(left.rules) == {"Partition 7 is stuck": 1}
    assert dict(left.with_alert(seventh, "b", "").rules) == {"Partition 7 is stuck": 2}


def test_rate_is_one_bar_a_minute_up_to_the_latest() -> None:
    """Minutes without an alert have the lowest bar."""
    digest = Digest()
    for minute, count in ((0, 1), (1, 4), (4, 2)):
        for _ in range(count):
            digest = digest.with_alert(alert("a", 60 * minute), "store", "")

    assert digest.rate == "▃█▁▁▅"


def test_merged_digest_counts_both() -> None:
    """Two groups that are one have the rules, places and minutes of both."""
    one = Digest().with_alert(alert("a", 0, rule="Slow"), "cart", "")
    other = Digest().with_alert(alert("b", 60, rule="Slow"), "pay", "")

    both = one.merged(other, "one cause")

    assert (dict(both.rules), dict(both.places), both.why) == ({"Slow": 2}, {"cart": 1, "pay": 1}, "one cause")
    assert len(both.rate) == 2


def test_why_begins_with_how_the_places_stand_to_each_other() -> None:
    """What holds for every pair is left out; the heaviest reason against comes last."""
    reasons = (
        Reason(ReasonCode.BASE, 4.2, ()),
        Reason(ReasonCode.RELATION, -1.2, ("a1",), ("caller", "service:cart")),
        Reason(ReasonCode.BURST, 0.6, ("a1",), (4,)),
        Reason(ReasonCode.DELAY, -0.5, ("a1",), (38.0,)),
    )

    told = why_together(reasons)

    assert told == ("calls cart, alerts in the group within a minute: 4; against: 38 s after the group’s first alert")


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        (ReasonCode.DELAY, (5400.0,), "90 min after the group’s first alert"),
        (ReasonCode.SURGE, (20.4,), "it came 20 s into a burst of alerts that began after the group"),
        (ReasonCode.OWN_RHYTHM, (1,), "it fired 1 time by itself within 24 hours"),
        (ReasonCode.CHRONIC, (1000,), "the series fired 1000 times within 24 hours and has a lane of its own"),
        (ReasonCode.RULE_PAIR, ("A", "B", 1), "A and B were seen together in 1 earlier group"),
        (ReasonCode.EARLIER, (1, 2), "1 of 2 alerts came more than 5 min before it was declared or reopened"),
    ],
)
def test_reason_reads_as_people_say_it(code: ReasonCode, facts: tuple[object, ...], said: str) -> None:
    """Whatever the number, and at three in the morning."""
    assert Reason(code, 1.0, (), facts).text == said


@pytest.mark.parametrize(
    ("rule", "summary", "called"),
    [
        ("monitor 10", "[Triggered on {host:i-0123}] Disk is full", "Disk is full"),
        ("monitor 10", "[Re-Warn on {service:a,env:b}] [payments] Latency is high", "[payments] Latency is high"),
        ("monitor 10", "[P2] [No data on {host:i-0123}] [EU] Disk", "[EU] Disk (no data)"),
        (
            "monitor 10",
            f"[Triggered on {{{','.join(f'kube_label_{n}:of-a-cluster' for n in range(30))}}}] Pods",
            "Pods",
        ),
        ("issue 78", "[ledger] TypeError", "[ledger] TypeError"),
        ("issue 77", "TypeError: fee is None", "TypeError: fee is None"),
        ("monitor 10", "[Triggered]", "monitor 10"),
        ("monitor 10", "", "monitor 10"),
        ("monitor of fees", "Fees are off", "monitor of fees"),
    ],
)
def test_what_a_sender_knows_by_a_number_is_called_by_its_title(rule: str, summary: str, called: str) -> None:
    """Nobody knows at night what monitor 10 is; a rule that has a name keeps it."""
    digest = Digest().with_alert(alert("a", 0, rule=rule, annotations={"summary": summary}), "cart", "")

    assert list(digest.rules) == [called]


@pytest.mark.parametrize(
    ("rule", "titles", "called"),
    [
        ("monitor 10", ("CPU is 91 %", "CPU is 95.5 %", "CPU is 100 %"), {"CPU is 91 %": 3}),
        ("monitor 10", ("Lag is 94s", "Lag is 1,400ms"), {"Lag is 94s": 2}),
        ("monitor 10", ("web-1 is at 91%", "web-2 is at 95%"), {"web-1 is at 91%": 1, "web-2 is at 95%": 1}),
        ("Disk 91 %", ("", ""), {"Disk 91 %": 2}),
    ],
)
def test_monitor_whose_title_has_its_value_is_one_rule(
    rule: str, titles: tuple[str, ...], called: Mapping[str, int]
) -> None:
    """A night of one monitor does not read like many rules; what tells hosts apart stays, also after a restart."""
    digest = Digest()
    for title in titles:
        told = alert("a", 0, rule=rule, annotations={"summary": f"[Triggered] {title}"})
        digest = to_digest(digest.to_json()).with_alert(told, "web", "")

    merged = digest.merged(Digest(), "").with_alert(told, "web", "")

    assert dict(digest.rules) == called
    assert list(merged.rules) == list(called)


def test_monitors_whose_titles_differ_in_a_number_alone_are_two_rules() -> None:
    """What is “1” in their titles is no value of one thing."""
    digest = Digest()
    for number in ("1", "2"):
        told = alert("a", 0, rule=f"monitor {number}", annotations={"summary": f"[Triggered] Queue {number} is full"})
        digest = digest.with_alert(told, "web", "")

    assert list(digest.rules) == ["Queue 1 is full", "Queue 2 is full"]


def test_news_names_a_rule_at_a_place_once() -> None:
    """A second site of what was told a moment ago does not push out another rule; the newest words of it stand."""
    told = Digest()
    for name, rule, where in (("a", "Slow", "cart"), ("b", "Down", "pay"), ("c", "Slow", "pay"), ("d", "Slow", "cart")):
        told = told.with_news(alert(name, 0, rule=rule, annotations={"summary": f"{name} says so"}), where)

    assert told.news == ("Slow at cart: d says so", "Slow at pay: c says so", "Down at pay: b says so")


def test_listed_names_the_most_frequent_and_counts_the_rest() -> None:
    """Ties keep their order."""
    assert listed({"a": 1, "b": 3, "c": 1}, 2) == (["b", "a"], 1)


def test_places_of_what_an_earlier_version_kept_are_known() -> None:
    """They were told, so that an upgrade makes no messages."""
    kept = Digest().with_alert(alert("a", 0), "store", "").to_json()
    del kept["reached"]
    digest = to_digest(kept)
    assert digest.with_reached("store").reached == ("store",)
    assert digest.with_reached("cart").reached == ("store", "cart")


def test_place_is_new_again_once_its_only_series_has_left() -> None:
    """What comes back to it is something else."""
    told = alert("a", 0)
    digest = Digest().with_alert(told, "store", "").with_alert(alert("b", 0, service="cart"), "cart", "")
    both = digest.with_reached("store").with_reached("cart")
    assert both.without(told, "store", (), 1).reached == ("cart",)
    assert Digest(reached=("pay",)).merged(both, "one cause").reached == ("pay", "store", "cart")
