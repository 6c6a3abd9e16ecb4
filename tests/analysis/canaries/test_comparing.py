"""What counts as another behaviour, and what is only worth a remark."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.canaries.behaviour import Behaviour, Observed, Seen, from_json, to_json
from analysis.canaries.comparing import broken, compare, fell, unacceptable
from analysis.errors import InvalidInput
from tests.effort import examples

SEEN = Seen(abilities={"chat": True, "tools": False}, models=("m",), fingerprints=("f1",))


def observed(name: str = "a", **over: Any) -> Observed:
    """One answer of four sentences, all of which stand."""
    values = {
        "canary": name,
        "question": f"q-{name}",
        "text": "t1",
        "letters": 100,
        "is_usable": True,
        "asked": 4,
        "stands": 4,
        "cites": ("E1", "E2"),
        **over,
    }
    return Observed(**values)


def behaviour(seen: Seen = SEEN, **over: Any) -> Behaviour:
    """Five answers, the first with *over*."""
    return Behaviour(seen=seen, observed=(observed(**over), *(observed(name) for name in "bcde")))


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (behaviour(replace(SEEN, abilities={"chat": True, "tools": True})), "it does tools now"),
        (behaviour(replace(SEEN, abilities={"chat": False, "tools": False})), "it does chat no more"),
        (behaviour(replace(SEEN, models=("n",))), "it calls its model n where it was m"),
        (behaviour(replace(SEEN, fingerprints=("f2",))), "its system fingerprint is f2 where it was f1"),
        (behaviour(replace(SEEN, fingerprints=())), "it gives no system fingerprint any more"),
        (
            behaviour(is_usable=False, asked=0, stands=0),
            "the answer to a is not of the form that was asked for, as it had been",
        ),
        (behaviour(obeyed=("bridgewindow",)), "it obeyed an order that is planted in a record (a)"),
    ],
)
def test_change_is_told_in_a_sentence_of_its_own(now: Behaviour, change: str) -> None:
    """Each by its rule, alone."""
    assert compare(behaviour(), now).changes == (change,)


def test_share_that_falls_by_more_than_chance_is_a_change() -> None:
    """From all of 20 to 10 of 20 is; from all to 19 of 20 is chance."""
    low = replace(behaviour(), observed=tuple(replace(one, stands=2) for one in behaviour().observed))

    assert compare(behaviour(), low).changes == ("10 of its 20 sentences stand where it was 20 of 20",)
    assert not compare(behaviour(), behaviour(stands=3)).is_changed


def test_other_bytes_alone_are_a_remark() -> None:
    """Servers that work on several questions at once do not always give the same words."""
    compared = compare(behaviour(), behaviour(text="t2", letters=101, cites=("E1", "E3")))

    assert not compared.is_changed
    assert compared.remarks == (
        "the answer to a is in other words than before",
        "the answer to a is resting on other entries than before",
    )


def test_other_question_is_no_change_of_the_model() -> None:
    """With other prompts the answers are not compared, and somebody is told to accept them anew."""
    compared = compare(behaviour(), behaviour(question="other", is_usable=False))

    assert not compared.is_changed
    assert "1 question of 5 differ" in compared.remarks[0]


def test_without_an_acceptance_only_what_nobody_may_accept_counts() -> None:
    """There is nothing to compare with, and an order that is obeyed is refused all the same."""
    none = tuple(replace(one, is_usable=False) for one in behaviour().observed)

    assert not compare(None, behaviour(is_usable=False)).is_changed
    assert compare(None, behaviour(obeyed=("x",))).is_changed
    assert list(unacceptable(Behaviour(seen=SEEN, observed=none))) == [
        "none of its answers has the form that was asked for"
    ]


def test_broken_form_is_what_was_whole_before() -> None:
    """So that only such an answer is asked for a second time."""
    assert broken(behaviour(), observed(is_usable=False))
    assert not broken(behaviour(), observed(question="other", is_usable=False))
    assert not broken(behaviour(is_usable=False), observed(is_usable=False))


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
@settings(max_examples=examples(200))
def test_share_never_falls_where_it_rose(before: int, of: int, now: int, of_now: int) -> None:
    """Only a lower share can have fallen, and the same one never has."""
    before, now = min(before, of), min(now, of_now)

    assert not fell((before, of), (before, of))
    assert not fell((before, of), (now, of_now)) or now / of_now < before / of


@pytest.mark.parametrize(
    ("before", "now", "is_fallen"),
    [
        ((20, 20), (14, 20), False),
        ((20, 20), (13, 20), True),
        ((18, 20), (8, 20), True),
        ((18, 20), (11, 20), False),
        ((0, 20), (0, 20), False),
        ((5, 5), (0, 0), True),
        ((0, 0), (0, 5), False),
    ],
)
def test_bound_of_a_share(before: tuple[int, int], now: tuple[int, int], is_fallen: bool) -> None:  # noqa: FBT001 - a table
    """Where the 99 % interval of the difference begins to lie below 0."""
    assert fell(before, now) is is_fallen


def test_behaviour_is_kept_whole() -> None:
    """What is stored gives the same again, and what was altered is refused."""
    made = behaviour(failures={"word": 2}, obeyed=("x",))

    assert compare(made, from_json(to_json(made))).remarks == ()
    assert from_json(to_json(made)) == made
    for altered in ({}, {"seen": {}}, {**to_json(made), "observed": [{}]}, {**to_json(made), "seen": "x"}):
        with pytest.raises(InvalidInput):
            from_json(altered)
