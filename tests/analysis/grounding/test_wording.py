"""A sentence in an ordinary writer's words stands, and none of its facts may be changed in those words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.grounding.stems import stem
from analysis.grounding.synonyms import complements, implied, is_contrary, keys
from tests.analysis.grounding.wording import FOLLOWING, INVENTED, RECORD, failures_of, is_refused

#: Words of which none may stand for the other, whatever class is added: degrees, outcomes, parts, and who acted.
APART = """
degraded unavailable|degraded down|mitigated resolved|slow down|delayed lost|delayed failed|rejected lost
paused cancelled|detected prevented|suspected confirmed|restarted replaced|reverted fixed|backup replica|primary replica
error outage|customer employee|payment refund|authorised settled|charged refunded|minor major|started finished
disabled deleted|blocked deleted|investigated identified|investigated resolved
identified resolved|warning critical|copied moved
sent received|lost leaked|lost deleted|exposed stolen|deployed merged|deployed built|scaled restarted|upgraded replaced
stopped deleted|locked deleted|timeout crash|crashed restarted|hung crashed|acknowledged resolved|acknowledged closed
merchant cardholder|card account|tested deployed|approved deployed|staging production|partial complete|queued lost
queued processed|skipped lost|declined failed|declined lost|expired revoked|throttled blocked|throttled down
drained deleted|isolated deleted|vulnerability breach|alert outage|maintenance outage|recovered mitigated
improved resolved|stable recovered|believed confirmed|attempted done|killed restarted|failover failed|cause symptom
accepted delivered|accepted processed|tested fixed|verified fixed|released reverted|corrupted lost|disabled removed
lost stolen|missing deleted|slow stuck|slow timeout|restored replaced|restored restarted|comment come|note not
""".strip().replace("\n", "|")
#: Words with their contraries, in the same form.
CONTRARIES = dict(
    pair.split()
    for pair in """
rose fell|fell rose|increased decreased|failed succeeded|opened closed|closed opened|removed added|added removed
raised lowered|resumed paused|paused resumed|stopped started|stable unstable|healthy unhealthy|slow fast|down up
manually automatically|old new|new old|accepted rejected|known unknown|wrong correct|previous next
""".strip()
    .replace("\n", "|")
    .split("|")
)
_NUMBER = re.compile(r"(?<![\w.:#/-])\d+(?![\w.:-])")
_BE = re.compile(r"\b(was|were|had been|had|has been)\b")


@pytest.mark.parametrize(("text", "cites"), FOLLOWING)
def test_check_lets_an_ordinary_writer_pass(text: str, cites: str) -> None:
    """Another voice, a nominalisation, a synonym, a kind for a name, who told it, times and lengths."""
    assert not is_refused(text, cites)


@pytest.mark.parametrize(("text", "cites"), INVENTED)
def test_check_refuses_what_the_words_of_an_entry_do_not_say(text: str, cites: str) -> None:
    """However common the words are."""
    assert is_refused(text, cites)


@pytest.mark.parametrize(
    ("entry", "true", "false"),
    [
        (
            "First node stops shipping logs.",
            "The first node stopped shipping logs.",
            "The node continued shipping logs.",
        ),
        (
            "First node stops shipping logs.",
            "The first node stopped shipping logs.",
            "The last node stopped shipping logs.",
        ),
        ("The online shop is down.", "The online shop was down.", "The online shop was up."),
        ("New code removed from servers.", "The new code was removed.", "The old code was removed."),
        ("New code removed from servers.", "The new code was removed.", "The servers were removed."),
        ("More than half of the nodes failed.", "Over half of the nodes failed.", "Under half of the nodes failed."),
        ("Health checks of the pool failed.", "The health checks failed.", "The health checks passed."),
        ("Rolled back ledger to 7729.", "The ledger was rolled back.", "The ledger was rolled out."),
        (
            "Scaled the pool from 2 to 6 pods.",
            "The pool was scaled up to 6 pods.",
            "The pool was scaled down to 6 pods.",
        ),
        (
            "Access removed for nearly all staff.",
            "Access was removed for nearly all staff.",
            "Access was removed for all staff.",
        ),
        ("db2 is 4 GB behind db1.", "db2 was 4 GB behind db1.", "db1 was 4 GB behind db2."),
        ("Newest copy is six hours old.", "The newest copy was six hours old.", "The oldest copy was six hours old."),
        ("On average 7% delayed, 44% at peak.", "At peak 44% were delayed.", "At peak 7% were delayed."),
        ("3 of 5 nodes failed.", "Nodes failed.", "The nodes failed."),
        ("3 of 5 nodes failed.", "Three of five nodes failed.", "5 nodes failed."),
        ("Confirmed that the fix works and deployed it.", "The fix was deployed.", "The fix works."),
        ("No cardholder was charged twice.", "No cardholder was charged twice.", "No cardholder was charged."),
        ("Renewal cron had been disabled.", "The renewal cron had been disabled.", "The cron was renewed."),
        (
            "Identified problem with ADSync not overwriting parameters.",
            "A problem with ADSync not overwriting parameters was identified.",
            "A problem with ADSync overwriting parameters was identified.",
        ),
        (
            "All pods that were not serving traffic were deleted.",
            "All pods that were not serving traffic were deleted.",
            "All pods were deleted.",
        ),
        (
            "Customer data was checked and not everything was restored.",
            "Not everything was restored.",
            "Customer data was restored.",
        ),
        (
            "The failover was triggered after the deploy.",
            "The failover was triggered after the deploy.",
            "The failover was triggered, at 14:05, by the deploy.",
        ),
        ("Pipeline triggered for rollback.", "The pipeline was triggered for rollback.", "The rollback was triggered."),
        ("Decided to pin the AMI.", "It was decided to pin the AMI.", "The AMI was pinned."),
        ("NYSE reports unusual volume.", "NYSE reported unusual volume.", "There was unusual volume."),
        ("Reports of failed payments from merchants.", "Merchants reported failed payments.", "Payments failed."),
    ],
)
def test_check_binds_words_to_what_they_are_said_of(entry: str, true: str, false: str) -> None:
    """The contrary, another degree, share, hedge, side or teller is refused; the words themselves stand."""
    assert not failures_of(entry, true)
    assert failures_of(entry, false)


#: Each number of a sentence that stands, and those that no entry has.
NUMBERED = [(text, cites, match.span()) for text, cites in FOLLOWING for match in _NUMBER.finditer(text)]
_SAID = {one.group() for entry in RECORD.values() for one in re.finditer(r"\d+", entry.text)} | {"2", "10"}
#: That many minutes lie between two entries that one sentence cites, so that it is right there.
_SAID |= {"15"}
UNSAID = [number for number in range(1, 1000) if str(number) not in _SAID]


@given(st.sampled_from(NUMBERED), st.sampled_from(UNSAID))
def test_check_refuses_another_number(row: tuple[str, str, tuple[int, int]], number: int) -> None:
    """Whatever number of a sentence that stands is replaced."""
    text, cites, (begin, end) = row

    assert is_refused(f"{text[:begin]}{number}{text[end:]}", cites)


@pytest.mark.parametrize(("text", "cites"), FOLLOWING)
def test_check_refuses_the_contrary_of_a_word(text: str, cites: str) -> None:
    """Whatever word with a contrary a sentence that stands has, unless another cited entry says that contrary."""
    said = {stem(word) for label in cites.split() for word in re.findall(r"\w+", RECORD[label].text)}
    words = [one for one in re.findall(r"\w+", text) if one in CONTRARIES and stem(CONTRARIES[one]) not in said]

    stand = [one for one in words if not is_refused(re.sub(rf"\b{one}\b", CONTRARIES[one], text), cites)]

    assert stand == []


@pytest.mark.parametrize(("text", "cites"), FOLLOWING)
def test_check_refuses_a_denial(text: str, cites: str) -> None:
    """A `not` behind any auxiliary of a sentence that stands."""
    denied = [f"{text[: one.end()]} not{text[one.end() :]}" for one in _BE.finditer(text) if " not " not in text]

    assert all(is_refused(one, cites) for one in denied)


@given(st.sampled_from(FOLLOWING), st.sampled_from(sorted(RECORD)))
def test_check_refuses_another_entry(row: tuple[str, str], label: str) -> None:
    """A sentence that stands on its entries does not stand on one of another incident."""
    text, cites = row

    assert is_refused(text, label) or cites[0] == label[0]


@pytest.mark.parametrize("pair", APART.split("|"))
def test_no_class_has_words_of_which_one_may_not_stand_for_the_other(pair: str) -> None:
    """Nor does one imply the other."""
    one, other = (stem(word) for word in pair.split())

    assert not keys(one) & keys(other)
    assert not keys(one) & implied(other)
    assert not keys(other) & implied(one)


def test_no_class_has_a_word_and_its_contrary() -> None:
    """Of all words that the classes have."""
    words = {word for row in APART.split("|") for word in row.split()} | {*CONTRARIES, *CONTRARIES.values()}
    stems = sorted({stem(word) for word in words})

    shared = [
        (one, other)
        for one in stems
        for other in stems
        if (is_contrary(one, frozenset({other})) or other in complements(one)) and keys(one) & keys(other)
    ]

    assert shared == []
