"""The identity of an alert."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.identity import fingerprint
from analysis.alerts.watchers import about
from tests.alert_streams import START, alert

NAMES = st.sampled_from(["service", "pod", "instance", "node", "zone", "namespace", "device", "job", "code", "team"])
TEXT = st.text(max_size=12)
LABELS = st.dictionaries(NAMES, TEXT, min_size=1)


def labelled(labels: dict[str, str], **over: Any) -> Alert:
    """An alert with *labels*."""
    return alert("a", 0, labels=labels, **over)


@given(labels=LABELS, data=st.data())
def test_order_of_labels_does_not_matter(labels: dict[str, str], data: st.DataObject) -> None:
    """A label set has no order."""
    shuffled = dict(data.draw(st.permutations(list(labels.items()))))

    assert fingerprint(labelled(shuffled)) == fingerprint(labelled(labels))


@given(
    labels=LABELS,
    added=st.dictionaries(
        st.sampled_from(["replica", "prometheus_replica", "__replica__", "value", "severity", "Priority"]), TEXT
    ),
)
def test_replica_value_and_severity_do_not_matter(labels: dict[str, str], added: dict[str, str]) -> None:
    """Another watcher, another value, a rise in severity: the same series."""
    assert fingerprint(labelled({**labels, **added})) == fingerprint(labelled(labels))


@given(labels=LABELS, name=NAMES, value=TEXT)
def test_any_other_label_matters(labels: dict[str, str], name: str, value: str) -> None:
    """Another place is another series, whichever label says so; who watches is no place."""
    changed = {**labels, name: value}
    assume(about(changed) == changed)

    assert (fingerprint(labelled(changed)) == fingerprint(labelled(labels))) == (changed == labels)


@given(first=TEXT, second=TEXT, third=TEXT)
def test_labels_do_not_run_into_each_other(first: str, second: str, third: str) -> None:
    """Where one value ends and the next name begins is part of the identity, for every text without separators."""
    one = labelled({"node": first, "pod": second + third})
    other = labelled({"node": first + second, "pod": third})

    assert (fingerprint(one) == fingerprint(other)) == (second == "")


def test_what_changes_within_a_series_does_not_matter() -> None:
    """Times, prose, status and severity are events of a series, not other series."""
    one = labelled({"service": "cart"})
    other = labelled(
        {"service": "cart"},
        id="b",
        annotations={"summary": "Now at 97 %"},
        severity=AlertSeverity.CRITICAL,
        status=AlertStatus.RESOLVED,
        starts_at=START + timedelta(days=1),
    )

    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize("over", [{"source": "grafana"}, {"rule": "Other"}], ids=["source", "rule"])
def test_source_and_rule_matter(over: dict[str, str]) -> None:
    """What fired and who said so are part of the identity."""
    assert fingerprint(labelled({"service": "cart"}, **over)) != fingerprint(labelled({"service": "cart"}))


def test_alert_without_any_other_label_keeps_them_all() -> None:
    """Two alerts are never one because their names are."""
    low = labelled({"alertname": "Lag", "severity": "warning", "replica": "a"})
    high = labelled({"alertname": "Lag", "severity": "critical", "replica": "b"})
    twin = labelled({"alertname": "Lag", "severity": "warning", "replica": "b"})

    assert fingerprint(low) != fingerprint(high)
    assert fingerprint(low) == fingerprint(twin)
