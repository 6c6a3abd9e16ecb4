"""What an entry only supposes, attributes or limits is no fact in a sentence that cites it."""

from datetime import UTC, datetime

import pytest

from analysis.grounding.checking import check
from analysis.grounding.records import FailureCode, Ground, Sentence, Tier

CERTAINTY, QUANTIFIER = FailureCode.CERTAINTY, FailureCode.QUANTIFIER
NUMBER, DURATION = FailureCode.NUMBER, FailureCode.DURATION


def codes(entry: str, sentence: str) -> set[FailureCode]:
    """Return in which ways *sentence* does not follow from *entry*, the only one that it cites."""
    record = {"E1": Ground(at=datetime(2026, 3, 2, 14, 5, tzinfo=UTC), text=entry, tier=Tier.PROMOTED)}
    return {failure.code for failure in check(Sentence(text=sentence, cites=("E1",)), record)}


@pytest.mark.parametrize(
    ("entry", "sentence", "code"),
    [
        ("If the queue grows, payments fail.", "Payments fail.", CERTAINTY),
        ("Payments fail if the queue grows.", "Payments fail.", CERTAINTY),
        ("Unless the pool is restarted, payouts stop.", "Payouts stop.", CERTAINTY),
        ("Provided that the pool is restarted, payouts resume.", "Payouts resume.", CERTAINTY),
        ("In case of a failover, payouts stop.", "Payouts stop.", CERTAINTY),
        ("Should the queue grow, payments fail.", "Payments fail.", CERTAINTY),
        ("Once the pool is restarted, payouts resume.", "Payouts resumed.", CERTAINTY),
        ("Payouts stop as long as the pool is full.", "Payouts stop.", CERTAINTY),
        ("Was the gateway restarted?", "The gateway was restarted.", CERTAINTY),
        ("The vendor is investigating whether card data was exposed.", "Card data was exposed.", CERTAINTY),
        ("The disk is probably full.", "The disk is full.", CERTAINTY),
        ("It seems payments failed.", "Payments failed.", CERTAINTY),
        ("Refunds were nearly lost.", "Refunds were lost.", CERTAINTY),
        ("Payouts were about to stop.", "Payouts stopped.", CERTAINTY),
        ("The node was on the verge of crashing.", "The node crashed.", CERTAINTY),
        ("The rollback is underway.", "The rollback was done.", CERTAINTY),
        ("The migration is in progress.", "The migration was performed.", CERTAINTY),
        ("The cluster is being rebuilt.", "The cluster was rebuilt.", CERTAINTY),
        ("Kim is rolling back deploy 8812.", "Kim rolled back deploy 8812.", CERTAINTY),
        ("Restarting the gateway now.", "The gateway was restarted.", CERTAINTY),
        ("The gateway needs to be restarted.", "The gateway was restarted.", CERTAINTY),
        ("We are going to restart the gateway.", "The gateway was restarted.", CERTAINTY),
        ("According to the vendor, card data was exposed.", "Card data was exposed.", CERTAINTY),
        ("Card data was reportedly exposed.", "Card data was exposed.", CERTAINTY),
        ("In the vendor's view card data was exposed.", "Card data was exposed.", CERTAINTY),
        ("The customer says payments failed.", "Payments failed.", CERTAINTY),
        ('Customer impact: “Support wrote "card payments failed"”', "Card payments failed.", CERTAINTY),
        ('Customer impact: “"Card payments failed", wrote support”', "Card payments failed.", CERTAINTY),
        ("Kim wrote in the channel: “card payments failed”", "Card payments failed.", CERTAINTY),
        ('Support wrote "card payments failed', "Card payments failed.", CERTAINTY),
        ("Payments failed, the customer said.", "Payments failed.", CERTAINTY),
        ("Kim reported that refunds were lost.", "Refunds were lost.", CERTAINTY),
        ("Kim thinks the pool is full.", "The pool is full.", CERTAINTY),
        ("The vendor told us card data was exposed.", "Card data was exposed.", CERTAINTY),
        ("Half of the merchants were charged twice.", "Merchants were charged twice.", QUANTIFIER),
        ("Most payments failed.", "Payments failed.", QUANTIFIER),
        ("Part of the cluster was restarted.", "The cluster was restarted.", QUANTIFIER),
        ("30% of the merchants were charged twice.", "The merchants were charged twice.", QUANTIFIER),
        ("3 of the 5 nodes failed.", "The nodes failed.", QUANTIFIER),
        ("The deploy was partially rolled back.", "The deploy was rolled back.", QUANTIFIER),
        ("The deploy was rolled back partially.", "The deploy was rolled back.", QUANTIFIER),
        ("Errors fell to 12%.", "Errors fell by 12%.", NUMBER),
        ("Errors fell to 12%.", "Errors fell 12%.", NUMBER),
        ("Errors fell by about 12%.", "Errors fell to about 12%.", NUMBER),
        ("Errors fell to at most 12%.", "Errors fell by at most 12%.", NUMBER),
        ("Requests dropped to 300.", "Requests dropped by 300.", NUMBER),
        ("Latency rose by 200 ms.", "Latency rose to 200 ms.", DURATION),
    ],
)
def test_check_refuses_as_a_fact_what_the_entry_tells_with_a_reserve(
    entry: str, sentence: str, code: FailureCode
) -> None:
    """A condition, a question, somebody's words, what nearly happened or is under way, a part, an end of a change."""
    assert code in codes(entry, sentence)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("If the queue grows, payments fail.", "Payments fail when the queue grows."),
        ("When the queue grew, payments failed.", "Payments failed."),
        ("We checked if cards fail; the pool was restarted.", "The pool was restarted."),
        (
            "The vendor is investigating whether card data was exposed.",
            "The vendor investigated whether card data was exposed.",
        ),
        ("Errors rose, probably due to the deploy.", "Errors rose."),
        ("Refunds were nearly lost.", "Refunds were almost lost."),
        ("Nearly 300 payments failed.", "Payments failed."),
        ("The rollback is underway.", "The rollback was underway."),
        ("The investigation is ongoing and the pods were restarted.", "The pods were restarted."),
        ("Payments are failing.", "Payments failed."),
        ("Customers are being charged twice.", "Customers were charged twice."),
        ("Restarting the pool helped.", "The pool was restarted."),
        ("The gateway needs to be restarted.", "The gateway needed to be restarted."),
        ("According to the vendor, card data was exposed.", "The vendor said that card data was exposed."),
        ("According to the dashboard, errors rose.", "Errors rose."),
        ("The customer says payments failed.", "The customer reported that payments failed."),
        ("Monitoring reported that errors rose.", "Errors rose."),
        ('Customer impact: “Support wrote "card payments failed"”', "Support wrote that card payments failed."),
        ("Customer impact: “Card payments failed.”", "Card payments failed."),
        ("Stakeholders were told: “Card payments failed.”", "Card payments failed."),
        ('The alert said "card payments failed"', "Card payments failed."),
        ('Kim said the field "Status" was empty and cleared it.', "Kim said the field Status was empty."),
        ("The claims service was restarted.", "The claims service was restarted."),
        ("Kim restarted the node and says payments failed.", "Kim restarted the node."),
        ("Half of the merchants were charged twice.", "Half of the merchants were charged twice."),
        ("30% of the merchants were charged twice.", "30% of merchants were charged twice."),
        ("The most recent deploy was rolled back.", "The recent deploy was rolled back."),
        ("The deploy was partially rolled back.", "Part of the deploy was rolled back."),
        ("Errors fell from 12% to 3%.", "Errors fell to 3%."),
        ("Errors fell 12%.", "Errors fell by 12%."),
        ("Errors fell to 12%.", "Errors were at 12%."),
        ("The pool was restarted by 3 engineers.", "3 engineers restarted the pool."),
    ],
)
def test_check_lets_a_sentence_keep_the_reserve(entry: str, sentence: str) -> None:
    """The same reserve in other words passes, and so does what the reserve does not reach."""
    assert codes(entry, sentence) == set()
