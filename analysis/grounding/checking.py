"""The public door: `check`."""

from collections.abc import Mapping

from analysis.grounding.records import Failure, FailureCode, Ground, Sentence


def check(sentence: Sentence, record: Mapping[str, Ground]) -> tuple[Failure, ...]:
    """Why *sentence* does not follow from the entries of *record* that it cites; empty where it does.

    Every failure is found by code from the record alone. The same arguments give the same answer, any text has one.
    """
    return tuple(_citations(sentence, record))


def _citations(sentence: Sentence, record: Mapping[str, Ground]) -> list[Failure]:
    if not sentence.cites:
        return [Failure(code=FailureCode.CITATION, detail="it cites nothing")]
    return [
        Failure(code=FailureCode.CITATION, detail=f"{label} is not on the record")
        for label in dict.fromkeys(sentence.cites)
        if label not in record
    ]
