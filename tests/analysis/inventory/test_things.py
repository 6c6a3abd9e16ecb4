"""The inventory's cards, owners and validations fit the code, the settings and the pages."""

from pathlib import Path

import pytest

from analysis.alerts.attaching import ATTACHING
from analysis.alerts.prior import SHIPPED
from analysis.inventory.things import CARDS, SENDING, Thing, digest, owner_of, without_owner
from analysis.inventory.validations import VALIDATIONS, validations_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("thing", Thing)
def test_each_thing_says_what_it_is_for_and_where_its_limits_are(thing: Thing) -> None:
    """In whole sentences, with a page that exists."""
    card = CARDS[thing]

    assert card.purpose.endswith(".")
    assert card.limits.endswith(".")
    assert (ROOT / card.page).is_file()


@pytest.mark.parametrize("share", ["a quarter to more than half", "none of 28 cases to two of five", "one in ten"])
def test_limits_of_the_verifier_are_those_of_its_page(share: str) -> None:
    """An auditor who asks `debrief inventory verifier` reads no other shares than whoever opens the page."""
    card = CARDS[Thing.VERIFIER]
    page = " ".join((ROOT / card.page).read_text().split())

    assert share in card.limits
    assert share in page


@pytest.mark.parametrize(
    "one", VALIDATIONS, ids=[f"{one.thing}-{one.version}-{place}" for place, one in enumerate(VALIDATIONS)]
)
def test_validation_is_of_a_version_that_the_page_of_scores_has(one: object) -> None:
    """Nobody can enter a figure for a version that was never scored."""
    pages = "".join(path.read_text() for path in (ROOT / "docs/benchmarks").glob("*.md"))

    assert getattr(one, "version", "") in pages
    assert len(getattr(one, "version", "")) == 16


def test_versions_that_were_measured_are_those_of_the_code() -> None:
    """The weights of grouping and attaching are validated as they are shipped."""
    assert validations_of(Thing.GROUPING, SHIPPED.digest())
    assert validations_of(Thing.ATTACHING, ATTACHING.digest())
    assert not validations_of(Thing.GROUPING, ATTACHING.digest())


def test_owner_is_the_one_of_the_thing_or_of_everything() -> None:
    """A name of spaces is nobody."""
    owners = {"all": "ada", "model": "ben", "verifier": " "}

    assert [owner_of(thing, owners) for thing in (Thing.MODEL, Thing.PROMPTS)] == ["ben", "ada"]
    assert without_owner(owners) == ()
    assert without_owner({"all": " "}) == SENDING
    assert without_owner({"model": "ben", "schema": "ben"}) == (Thing.PROMPTS, Thing.VERIFIER, Thing.REDACTOR)


def test_version_depends_on_content_alone() -> None:
    """Not on the order in which it is written down."""
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
