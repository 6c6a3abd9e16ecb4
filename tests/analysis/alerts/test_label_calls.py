"""What calls what is read from labels that name both ends, and from nothing else."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.label_calls import MOST_LETTERS, calls_in


@pytest.mark.parametrize(
    ("labels", "calls"),
    [
        ({"client": "web", "server": "cart"}, [("web", "cart")]),
        ({"source_workload": "web", "destination_workload": "cart", "reporter": "source"}, [("web", "cart")]),
        ({"source_app": "web", "destination_app": "unknown"}, []),
        ({"deployment": "web", "dst_deployment": "cart"}, [("web", "cart")]),
        ({"caller": "web", "service": "cart", "pod": "cart-0"}, [("web", "cart")]),
        ({"caller": "web", "callee": "cart", "service": "probe"}, [("web", "cart")]),
        ({"caller": "web"}, []),
        ({"client": "web", "server": "web"}, []),
        ({"client": "web"}, []),
        ({"service": "cart", "pod": "cart-0", "deployment": "cart"}, []),
    ],
    ids=["tracing", "istio", "unknown", "linkerd", "beside its service", "both", "alone", "itself", "half", "neither"],
)
def test_both_ends_must_be_named(labels: Mapping[str, str], calls: list[tuple[str, str]]) -> None:
    """The caller comes first."""
    assert list(calls_in(labels)) == calls


@given(
    labels=st.dictionaries(
        st.sampled_from(["client", "server", "caller", "callee", "service", "source_app", "destination_app"]),
        st.text(max_size=300),
    )
)
def test_any_labels_name_few_short_calls(labels: dict[str, str]) -> None:
    """Whatever is in them, each call once, between two names that are not too long."""
    calls = list(calls_in(labels))

    assert len(calls) == len(set(calls)) <= 8
    assert all(0 < len(name) <= MOST_LETTERS for call in calls for name in call)
