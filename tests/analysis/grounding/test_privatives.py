"""What is taken away in a sentence must be taken away in the entry, of the same thing, and the other way round."""

import re

import pytest

from tests.analysis.grounding.wording import FOLLOWING, failures_of, is_refused

_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?) (?=[a-z])")
_WITH = re.compile(r"\bwith (?=[a-z])")
_AND = re.compile(r"\band (?=[a-z])")
_DONE = re.compile(r"\b(\w{3,}[^e])ed (?=the |a |an )")
_BE = re.compile(r"\b(?:was|were|is|are|had been|has been) (?=\w)")
#: What is put into a sentence that stands, and for what.
INSERTED = (
    (_ARTICLE, "no "),
    (_ARTICLE, "the lack of "),
    (_ARTICLE, "the absence of "),
    (_ARTICLE, "neither "),
    (_WITH, "without "),
    (_WITH, "lacking "),
    (_AND, "instead of "),
    (_AND, "rather than "),
    (_AND, "without "),
    (_AND, "except "),
    (_BE, "was never "),
    (_BE, "was not "),
    (_DONE, r"failed to \1 "),
)
#: Entries that take something away, in two places or by each word for it, and what may and may not be said of them.
TAKEN_AWAY = """
The pipeline without a rollover step is being run. The previous rollover step failed.
The previous rollover step failed.
The rollover step was run by the pipeline.

The job ran without a timeout. A timeout was added later. The job was paused.
A timeout was added.
The job ran with a timeout.

Mails were rejected for lack of a signature.
The mails were rejected for lack of a signature.
The mails were rejected for a signature.

Alerts were sent for missing labels.
The alerts were sent for missing labels.
Alerts were sent for labels.

Mode was set to strict instead of lenient.
The mode was set to strict instead of lenient.
The mode was set to lenient.

All regions except Frankfurt recovered.
All regions except Frankfurt recovered.
Frankfurt recovered.

Pods failed to start.
The pods failed to start.
The pods started.

Some sets not scheduled, due to a scheduling storm.
Some sets were not scheduled.
Some sets were scheduled.

The deploy finished. The old job was not removed. The new job was removed.
The old job was not removed.
The old job was removed.

Traffic recovered and the queue drained.
The traffic recovered and the queue drained.
The traffic recovered without the queue.

Pods not ready. Antivirus did not detect malware.
The antivirus did not detect the malware.
The antivirus did not detect no malware.
""".strip().split("\n\n")


@pytest.mark.parametrize(("text", "cites"), FOLLOWING)
def test_check_refuses_what_a_sentence_takes_away_of_its_own(text: str, cites: str) -> None:
    """Wherever the word for it is put into a sentence that stands."""
    changed = [
        f"{text[: one.start()]}{one.expand(taken)}{text[one.end() :]}"
        for pattern, taken in INSERTED
        for one in pattern.finditer(text)
    ]

    assert [one for one in changed if not is_refused(one, cites)] == []


@pytest.mark.parametrize("row", TAKEN_AWAY, ids=lambda row: row.rpartition("\n")[2])
def test_check_keeps_what_an_entry_takes_away(row: str) -> None:
    """Also where the entry has the same thing elsewhere."""
    entry, true, false = row.split("\n")

    assert not failures_of(entry, true)
    assert failures_of(entry, false)
