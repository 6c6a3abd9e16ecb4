"""A group that was folded into one that was folded into another before anything was grouped in between."""

from tests.bot.flows.nights import NightSite
from tests.bot.store.parts import Store
from tests.dialects import on_both


@on_both("store")
def test_what_was_folded_earlier_stays_and_the_answer_says_so(store: Store) -> None:
    """Its series were not in the later group yet when that was folded: they leave by their own group's number."""
    site = NightSite(store)
    for number in range(3):
        site.arrive(number * 120, f"s{number}", f"Rule{number}")
        site.group()
    site.make_one(3, 2)
    site.make_one(2, 1)
    site.group()
    with store.snapshots.snapshot() as reads:
        folded = reads.groups.itself(site.workspace, 3)

    said = site.take_apart(2)
    after = {number: group.series for number, group in site.groups().items()}
    then = site.take_apart(3)

    assert folded is not None
    assert folded.digest.why == "it was one with G-2 before: a person said that they are one"
    assert said == (
        "What came in G-2 leaves G-1, 1 series: it gets a group of its own in a moment. "
        "What was folded into G-2 before stays; that leaves by `alerts G-3 apart`."
    )
    assert (after[1], after[4]) == (2, 1)
    assert then == "What came in G-3 leaves G-1, 1 series: it gets a group of its own in a moment."
    assert site.groups()[5].series == 1
