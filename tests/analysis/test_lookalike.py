"""Open incidents that look like a new one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lookalike import Lookalike, lookalikes
from tests.effort import examples

OPEN = [
    (1, "Search is down"),
    (2, "Payments failing for users"),
    (3, "card authorisation failures"),
    (4, "Checkout errors in the EU"),
    (5, "High latency on the search API"),
]
TITLES = st.lists(
    st.sampled_from(["card", "cards", "payment", "payments", "failing", "down", "the", "EU", "Zahlung", "sev1"])
    | st.text(max_size=4),
    max_size=6,
).map(" ".join)


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Payments are down", [2]),
        ("Card authorisations failing", [3]),
        ("EU checkout returns 500s", [4]),
        ("SEARCH outage", [1, 5]),
        ("Everything is down", []),
        ("Login errors for users", []),
        ("", []),
        ("the of and", []),
    ],
)
def test_lookalikes_finds(title: str, numbers: list[int]) -> None:
    """Titles that name the same thing are found; words of any incident are not enough."""
    found = [one.number for one in lookalikes(title, OPEN)]

    assert found == numbers


def test_lookalikes_say_what_is_shared() -> None:
    """The same words in another form are shared in full, and are shown as the new title has them."""
    found = lookalikes("Authorisations of cards failing", [(3, "card authorisation failures")])

    assert found == (
        Lookalike(
            number=3, title="card authorisation failures", score=1.0, shared=("authorisations", "cards", "failing")
        ),
    )


def test_lookalikes_put_the_best_and_then_the_latest_first() -> None:
    """Equal scores are ordered by number, and no more than asked for come back."""
    titles = [(1, "card payments"), (2, "card terminals"), (9, "card payments"), (4, "card payments in Spain")]

    found = [[one.number for one in lookalikes("card payments", titles, limit=limit)] for limit in (2, 9, 0, -1)]

    assert found == [[9, 1], [9, 1, 4, 2], [], []]


@given(TITLES, TITLES)
@settings(deadline=None, max_examples=examples(200))
def test_lookalikes_are_symmetric(one: str, other: str) -> None:
    """A title resembles another as much as that resembles it."""
    there, back = lookalikes(one, [(1, other)]), lookalikes(other, [(1, one)])

    assert [found.score for found in there] == [found.score for found in back]
    assert all(0 < found.score <= 1 and found.shared for found in there)


@given(TITLES, st.lists(st.tuples(st.integers(1, 9), TITLES), max_size=8))
@settings(deadline=None, max_examples=examples(200))
def test_lookalikes_do_not_depend_on_the_order(title: str, titles: list[tuple[int, str]]) -> None:
    """The same open incidents in another order give the same answer."""
    found = lookalikes(title, titles)

    assert found == lookalikes(title, titles[::-1])


def test_lookalikes_bound_their_work() -> None:
    """Many long titles cost little, and the latest are among those looked at."""
    titles = [(number, "x y z " * 20_000) for number in range(3_000)] + [(9_999, "card payments")]
    started = time.thread_time()

    found = [one.number for one in lookalikes("card payments " + "word " * 100_000, titles)]

    assert time.thread_time() - started < 2
    assert found == [9_999]
