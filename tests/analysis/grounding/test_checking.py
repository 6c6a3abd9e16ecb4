import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.grounding.checking import MOST_CHARACTERS, check
from analysis.grounding.records import FailureCode, Ground, Sentence, Tier
from analysis.precision import Precision
from analysis.wording import apart, instant
from tests.effort import thinned
from tests.shared_data import RECORDS, needs_records

START = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        *(
            "not",
            "no ",
            "n't ",
            "all ",
            "first",
            "from ",
            "to ",
            "instead of ",
            "before ",
            "since",
            "because ",
            "due to ",
        ),
        *(
            "root cause ",
            "was ",
            "restarted ",
            "failed ",
            "node ",
            "US ",
            ", ",
            ". ",
            " and ",
            "12:30",
            "99:99 pm",
            "noon",
        ),
        *("2026-13-45", "February 31", "same day", "Monday ", "5", "%", "$", " minutes", "half an hour", "twenty", "-"),
        *(
            "million",
            "“",
            "”",
            "v1.2.3",
            "eu-west-1",
            "+02:00",
            "UTC",
            "(",
            ")",
            "9" * 40,
            "1,2",
            "~",
            "said ",
            "attempt to ",
            "nearly ",
            "partly ",
            "if ",
            "half of ",
            "that ",
            "per ",
            "? ",
        ),
    ]
)


def ground(minute: int, text: str, **over: object) -> Ground:
    """Return an entry some minutes after 14:05 UTC, promoted by a person unless *over* says otherwise."""
    fields: dict[str, object] = {
        "at": START + timedelta(minutes=minute),
        "precision": Precision.MINUTE,
        "text": text,
        "tier": Tier.PROMOTED,
    }
    return Ground(**(fields | over))  # type: ignore[arg-type]  # a factory takes any field


RECORD = {
    "E1": ground(0, "Latency alert of the payment gateway fired: p99 at 2400 ms.", tier=Tier.MACHINE),
    "E2": ground(4, "Ada Berg acknowledged the page and started investigating the connection pool."),
    "E3": ground(10, "the pool is exhausted because of the new batch job", tier=Tier.SAID, who="Jon Lund"),
    "E4": ground(21, "Deploy 8812 of the billing service rolled back to 8809."),
    "E5": ground(25, "Latency returned to normal; no payments were lost, 312 card authorisations were declined."),
    "E6": ground(90, "The batch job opened 400 connections and exhausted the pool.", tags=("cause",), kind="note"),
    "E7": ground(26, "Traffic moved from eu-west-1 to eu-central-1 instead of us-east-1."),
    "E8": ground(40, "Attempt to restart the ledger failed. Some reports were delayed by 12 minutes."),
}


def codes(text: str, *cites: str) -> set[FailureCode]:
    """Return in which ways *text* does not follow from the entries *cites* of RECORD."""
    return {failure.code for failure in check(Sentence(text=text, cites=cites), RECORD)}


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        pytest.param("The p99 latency of the payment gateway was at 2400 ms at 14:05 UTC.", "E1", id="words moved"),
        pytest.param("The gateway's p99 latency was at 2.4 seconds.", "E1", id="other unit of the same length"),
        pytest.param("At 15:09 CET Ada Berg acknowledged the page, four minutes after the alert.", "E1 E2", id="zone"),
        pytest.param("Jon Lund said that the pool was exhausted.", "E3", id="attributed"),
        pytest.param("The billing service was rolled back from deploy 8812 to 8809.", "E4", id="from and to"),
        pytest.param(
            "Twenty-one minutes after the alert the billing service was reverted to 8809.", "E1 E4", id="length"
        ),
        pytest.param("312 card authorisations were declined, but no payments were lost.", "E5", id="clauses moved"),
        pytest.param("The pool was exhausted by the batch job.", "E6", id="passive"),
        pytest.param("Because the batch job opened 400 connections, the pool was exhausted.", "E6", id="tagged cause"),
        pytest.param("Traffic was moved to eu-central-1 instead of us-east-1.", "E7", id="instead of"),
        pytest.param("On 2 March 2026 latency went back to normal.", "E5", id="date and phrase"),
        pytest.param("Somebody attempted to restart the ledger.", "E8", id="attempt"),
    ],
)
def test_check_lets_true_sentences_pass(text: str, cites: str) -> None:
    """In other words, another order, another voice and another zone."""
    assert codes(text, *cites.split()) == set()


@pytest.mark.parametrize(
    ("text", "cites", "code"),
    [
        pytest.param("Latency returned to normal.", "", FailureCode.CITATION, id="cites nothing"),
        pytest.param("Latency returned to normal.", "E99", FailureCode.CITATION, id="no such entry"),
        pytest.param("Latency returned to normal.", "E5 E2", FailureCode.CITATION, id="no weight"),
        pytest.param("The pool is exhausted.", "E3", FailureCode.TIER, id="somebody's words as a fact"),
        pytest.param("Ada Berg said that the pool is exhausted.", "E3", FailureCode.TIER, id="another speaker"),
        pytest.param("The alert fired at 14:05 CET.", "E1", FailureCode.TIME, id="zone"),
        pytest.param("Latency returned to normal at 14:30 UTC on 3 March.", "E5", FailureCode.TIME, id="date"),
        pytest.param(
            "Ada Berg acknowledged the page at 14:05 UTC.", "E1 E2", FailureCode.TIME, id="other entry's time"
        ),
        pytest.param("Reports were delayed by 21 minutes.", "E8", FailureCode.DURATION, id="length"),
        pytest.param("Some reports were delayed by 12 hours.", "E8", FailureCode.UNIT, id="unit of a length"),
        pytest.param("312% of card authorisations were declined.", "E5", FailureCode.UNIT, id="unit"),
        pytest.param("213 card authorisations were declined.", "E5", FailureCode.NUMBER, id="number"),
        pytest.param("400 pools were exhausted.", "E6", FailureCode.NUMBER, id="number of something else"),
        pytest.param("The page was acknowledged by Priya.", "E2", FailureCode.ENTITY, id="name"),
        pytest.param("Refunds were paid.", "E5", FailureCode.WORD, id="word"),
        pytest.param("Traffic moved from eu-central-1 to eu-west-1.", "E7", FailureCode.ORDER, id="from and to"),
        pytest.param("Traffic moved to us-east-1 instead of eu-central-1.", "E7", FailureCode.ORDER, id="instead of"),
        pytest.param(
            "Latency returned to normal before deploy 8812 was rolled back.", "E4 E5", FailureCode.ORDER, id="before"
        ),
        pytest.param("Payments were lost.", "E5", FailureCode.POLARITY, id="denied"),
        pytest.param("No card authorisations were declined.", "E5", FailureCode.POLARITY, id="affirmed"),
        pytest.param("Payments were declined.", "E5", FailureCode.POLARITY, id="other clause"),
        pytest.param("The connection pool acknowledged the page.", "E2", FailureCode.ROLE, id="subject"),
        pytest.param("The ledger was restarted.", "E8", FailureCode.CERTAINTY, id="attempt as done"),
        pytest.param("All card authorisations were declined.", "E5", FailureCode.QUANTIFIER, id="all"),
        pytest.param(
            "Latency returned to normal because deploy 8812 was rolled back.", "E4 E5", FailureCode.CAUSE, id="cause"
        ),
        pytest.param("Ada Berg wrote “the pool is empty”.", "E2", FailureCode.QUOTE, id="quotation"),
        pytest.param("Latency " * 200, "E5", FailureCode.LENGTH, id="too long"),
    ],
)
def test_check_names_what_does_not_follow(text: str, cites: str, code: FailureCode) -> None:
    """Each way to depart from the record has its code."""
    assert code in codes(text, *cites.split())


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_check_catches_every_other_clock(hour: int, minute: int) -> None:
    """Whatever digit of the time is changed."""
    is_right = (hour, minute) == (14, 30)

    found = codes(f"Latency returned to normal at {hour:02}:{minute:02} UTC.", "E5")

    assert (FailureCode.TIME in found) is not is_right


@given(number=st.integers(0, 10_000))
def test_check_catches_every_other_number(number: int) -> None:
    """A count that is not the entry's is refused."""
    found = codes(f"{number} card authorisations were declined.", "E5")

    assert bool(found & {FailureCode.NUMBER, FailureCode.UNIT}) is (number != 312)


@given(minutes=st.integers(1, 600))
def test_check_catches_every_other_length(minutes: int) -> None:
    """A length is the entry's or the difference of two cited instants, and nothing else."""
    stated = codes(f"Some reports were delayed by {minutes} minutes.", "E8")
    between = codes(f"Deploy 8812 was rolled back {minutes} minutes after the alert fired.", "E1", "E4")

    assert (FailureCode.DURATION in stated) is (minutes != 12)
    assert (FailureCode.DURATION in between) is (minutes != 21)


@given(label=st.sampled_from(sorted(RECORD)), other=st.sampled_from(sorted(RECORD)))
def test_check_catches_a_swapped_citation(label: str, other: str) -> None:
    """A sentence of one entry does not follow from another that says something else."""
    text = f"Jon Lund said: “{RECORD[label].text}”" if label == "E3" else RECORD[label].text

    assert bool(codes(text, other)) is (label != other)


@pytest.mark.parametrize("label", ["E1", "E2", "E4", "E6", "E7"])
def test_check_catches_an_added_not(label: str) -> None:
    """Whatever word `not` is put before, something that the entry affirms is denied."""
    words = RECORD[label].text.split()
    denied = [" ".join([*words[:place], "not", *words[place:]]) for place in range(len(words) - 1)]

    assert all(FailureCode.POLARITY in codes(text, label) for text in denied)


@given(st.text(max_size=1_200), st.text(max_size=1_200))
def test_check_has_an_answer_for_any_text(text: str, said: str) -> None:
    """No text of a sentence or an entry makes it fail, and asking again gives the same."""
    record = {"E1": ground(0, said), "E2": ground(3, said, tier=Tier.SAID, who=text[:40])}
    sentence = Sentence(text=text, cites=("E1", "E2"))

    assert check(sentence, record) == check(sentence, record)


@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map("".join))
@example("n't", "n't")
def test_check_has_an_answer_for_any_words(text: str, said: str) -> None:
    """Nor do words that the checks look for, in any order."""
    assert isinstance(check(Sentence(text=text, cites=("E1",)), {"E1": ground(0, said)}), tuple)


@pytest.mark.parametrize(
    "piece",
    thinned(
        [
            *("a", "restarted ", "no ", "1 node and ", "from a to b ", "- ", "9:05 ", "because ", "a/", "a.", "1:"),
            *("once ", "partly ", "is to ", "he said. ", "no disk. ", "5% of disks ", "after it failed before "),
        ],
        every=9,
    ),
)
def test_check_bounds_its_work_on_a_long_text(piece: str) -> None:
    """A text of 100 kB as sentence is refused at once, and as an entry read to its limit."""
    long = piece * (100_000 // len(piece))
    record = {"E1": ground(0, long)}
    began = time.thread_time()

    refused = check(Sentence(text=long, cites=("E1",)), record)
    check(Sentence(text=long[: MOST_CHARACTERS // 4], cites=("E1",)), record)

    assert [failure.code for failure in refused] == [FailureCode.LENGTH]
    assert time.thread_time() - began < 20


@needs_records
def test_check_lets_real_entries_say_what_they_say() -> None:
    """Each entry of 34 real incidents follows from itself, with its time before it, but for one in a hundred."""
    refused = 0
    total = 0
    for path in RECORDS:
        timeline = json.loads(path.read_text("utf-8"))["timeline"]
        record = {
            f"E{number}": ground(0, one["text"], at=datetime.fromisoformat(one["at"]))
            for number, one in enumerate(timeline, 1)
        }
        for label, one in record.items():
            total += 1
            refused += bool(check(Sentence(text=one.text, cites=(label,)), record))

    assert total > 300
    assert refused <= total // 100


@pytest.mark.parametrize("start", list(Precision))
@pytest.mark.parametrize("end", list(Precision))
def test_times_and_lengths_as_a_document_writes_them_are_those_of_the_record(start: Precision, end: Precision) -> None:
    """However exactly each is known: what the document says beside a time, “(time uncertain)”, is no assertion."""
    first, second = datetime(2026, 3, 2, 12, 0, 50, tzinfo=UTC), datetime(2026, 3, 4, 9, 31, 20, tzinfo=UTC)
    record = {
        "E1": Ground(at=first, precision=start, text="The queue stood still", who="Ada", tier=Tier.PROMOTED),
        "E2": Ground(at=second, precision=end, text="The queue was drained", who="Ada", tier=Tier.PROMOTED),
    }
    shown = apart(first, start, second, end)

    at = check(Sentence(text=f"The queue was drained at {instant(second, end)}.", cites=("E2",)), record)
    later = check(
        Sentence(text=f"The queue was drained {shown} after the queue stood still.", cites=("E1", "E2")), record
    )
    wrong = check(Sentence(text=f"The queue was drained at {instant(first, end)}.", cites=("E2",)), record)

    assert (at, later) == ((), ())
    assert {one.code for one in wrong} == {FailureCode.TIME}
