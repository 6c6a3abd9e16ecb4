"""What a group says of itself stays short whatever comes, and is kept whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.digest import MOST_KEPT, MOST_RUNBOOKS, RATE_MINUTES, Digest, listed, to_digest, why_together
from analysis.alerts.reasons import Reason, ReasonCode
from tests.alert_streams import alert

texts = st.text(max_size=300)


@given(told=st.lists(st.tuples(st.integers(0, 20_000), texts, texts), max_size=60))
def test_digest_is_bounded_and_kept_whole(told: list[tuple[int, str, str]]) -> None:
    """Neither many rules and places nor long ones make it long, and JSON gives it back."""
    digest = Digest()
    for seconds, rule, place in told:
        notes = {"summary": rule, "runbook_url": f"https://r.example/{place}"}
        digest = digest.with_alert(alert("a", seconds, rule=rule, annotations=notes), place, "")

    assert len(digest.rules) <= MOST_KEPT
    assert len(digest.places) <= MOST_KEPT
    assert len(digest.rate) <= RATE_MINUTES
    assert len(digest.runbooks) <= MOST_RUNBOOKS
    assert all(len(link) <= 500 and " " not in link for link in digest.runbooks.values())
    assert all(len(name) <= 200 for name in (*digest.rules, *digest.places, digest.summary))
    assert to_digest(json.loads(json.dumps(digest.to_json()))) == digest


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
    ],
)
def test_sentence_is_the_one_that_people_should_read(annotations: dict[str, str], sentence: str) -> None:
    """Senders write links and notes beside it, and Alertmanager sorts them by name."""
    digest = Digest().with_alert(alert("a", 0, annotations=annotations), "store", "")

    assert digest.summary == sentence


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
        (ReasonCode.EARLIER, (1, 2), "1 of 2 alerts came more than 5 min before the declaration"),
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
        ("monitor 10", "[P2] [No Data on {host:i-0123}] [EU] Disk", "[EU] Disk"),
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


def test_news_names_a_rule_at_a_place_once() -> None:
    """A second site of what was told a moment ago does not push out another rule; the newest words of it stand."""
    told = Digest()
    for name, rule, where in (("a", "Slow", "cart"), ("b", "Down", "pay"), ("c", "Slow", "pay"), ("d", "Slow", "cart")):
        told = told.with_news(alert(name, 0, rule=rule, annotations={"summary": f"{name} says so"}), where)

    assert told.news == ("Slow at cart: d says so", "Slow at pay: c says so", "Down at pay: b says so")


def test_listed_names_the_most_frequent_and_counts_the_rest() -> None:
    """Ties keep their order."""
    assert listed({"a": 1, "b": 3, "c": 1}, 2) == (["b", "a"], 1)
