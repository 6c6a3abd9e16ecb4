"""Which version of what was measured, by which command, when, and with which figures.

A row is added when a score is taken, with the version that it was taken on, and none is ever changed: another version
of the thing is “not validated” until it is measured itself. `docs/benchmarks/` has each score in full, and
a test holds that it has the version. How the model at an endpoint was validated is in the database, because it is the
site's own.
"""

from dataclasses import dataclass

from analysis.inventory.figures import (
    OF_2_000_CANARIES,
    OF_12_000_CANARIES,
    OF_12_000_CANARIES_AND_PASTED_LINES,
    OF_34_RECORDS,
    OF_34_RECORDS_AGAIN,
    OF_34_RECORDS_ANEW,
    OF_34_RECORDS_BY_SCORE_25,
    OF_34_RECORDS_BY_SCORE_28,
    OF_SCORE_25,
    OF_SCORE_28,
    OF_SCORE_29,
    OF_SCORES_20_TO_22,
    OF_SCORES_23_AND_24,
    OF_SCORES_26_AND_27,
)
from analysis.inventory.things import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """One measurement of one version; `on` is its day, `figures` what came out, with what it falls short of."""

    thing: Thing
    version: str
    command: str
    on: str
    figures: str


#: Prompts and schema are asked and answered together, so that one run of the benchmark is a measurement of both.
_DRAFT_ANSWERS = "python -m benchmarks.draft_answers ../shared/data/incidents/dfds/*.json"


def _on_unread_parts(version: str, on: str, figures: str) -> Validation:
    command = "python -m benchmarks.grounding --splits unseen third-unseen plain-4 plain-6 answers-2 long-5"
    return Validation(thing=Thing.VERIFIER, version=version, command=command, on=on, figures=figures)


def _on_12_000_canaries(version: str, on: str, figures: str) -> Validation:
    command = "python -m benchmarks.redaction --canaries 12000 --part unseen"
    return Validation(thing=Thing.REDACTOR, version=version, command=command, on=on, figures=figures)


VALIDATIONS = (
    Validation(
        thing=Thing.PROMPTS,
        version="b810b6bd8b333e44",
        command=_DRAFT_ANSWERS,
        on="2026-11-26",
        figures=OF_34_RECORDS,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="a22d2dc5a00b6b32",
        command=_DRAFT_ANSWERS,
        on="2026-11-26",
        figures=OF_34_RECORDS,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="ca3d0bf128756c50",
        command=_DRAFT_ANSWERS,
        on="2026-11-26",
        figures=OF_34_RECORDS,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="24e3b4472da310d7",
        command=_DRAFT_ANSWERS,
        on="2026-11-26",
        figures=OF_34_RECORDS,
    ),
    Validation(
        thing=Thing.PROMPTS,
        version="4d07e24564dd7975",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_ANEW,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="2d0bcd1d18d0b879",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_ANEW,
    ),
    Validation(
        thing=Thing.PROMPTS,
        version="4d07e24564dd7975",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_AGAIN,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="5b152089f1d8c0c7",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_AGAIN,
    ),
    Validation(
        thing=Thing.PROMPTS,
        version="4d07e24564dd7975",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_BY_SCORE_25,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="5b152089f1d8c0c7",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_BY_SCORE_25,
    ),
    Validation(
        thing=Thing.PROMPTS,
        version="4d07e24564dd7975",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_BY_SCORE_28,
    ),
    Validation(
        thing=Thing.SCHEMA,
        version="fecc85cfc29e8b61",
        command=_DRAFT_ANSWERS,
        on="2026-11-27",
        figures=OF_34_RECORDS_BY_SCORE_28,
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="2664556a296d61c6",
        command="python -m benchmarks.grounding --splits dev seen unseen",
        on="2026-11-26",
        figures=(
            "unseen part: 79 of 83 edits refused (95 % interval 88.3–98.1), 43 of 46 short inventions, 29 of 29 times, "
            "numbers and citations; false alarms 26 of 87 (21.3–40.2)"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="dafff203091480c5",
        command="python -m benchmarks.grounding --splits dev seen unseen",
        on="2026-11-26",
        figures=(
            "unseen part: 80 of 83 edits refused (95 % interval 89.9–98.8), 43 of 46 short inventions, 29 of 29 times, "
            "numbers and citations; false alarms 26 of 87 (21.3–40.2)"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="8eb1d485ff56a000",
        command="python -m benchmarks.grounding --splits dev seen unseen third-seen third-unseen",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 25 of 94 on the second set and 62 of 111 on the third (5 of 40 near the entries' words)"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="72e93bb793bcc464",
        command="python -m benchmarks.grounding --splits dev seen unseen third-seen third-unseen",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 22 of 94 on the second set and 61 of 111 on the third (4 of 40 near the entries' words); on "
            "long entries, parts that were looked at, 92 of 110 false sentences refused and 16 of 135 true ones"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="2b99c0739d20d6d8",
        command="python -m benchmarks.grounding --splits dev seen unseen third-seen third-unseen",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 22 of 94 on the second set and 61 of 111 on the third (4 of 40 near the entries' words); of "
            "50 sentences of a small model that it let through, on records that were looked at, readers found 4 "
            "unsupported"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="908cca7c56b2e00b",
        command="python -m benchmarks.grounding --splits dev seen unseen third-seen third-unseen",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 22 of 94 on the second set and 61 of 111 on the third (4 of 40 near the entries' words); of "
            "49 sentences of a small model that it let through, on records that were looked at, readers found 3 "
            "unsupported"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="31601c0099b83532",
        command="python -m benchmarks.grounding --splits unseen third-unseen long-3",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 23 of 94 on the second set and 62 of 111 on the third (4 of 40 near the entries' words); on "
            "long entries that nobody had looked at, 76 of 100 false sentences refused and 8 of 46 true ones"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="7fa2831b7bedfe0f",
        command="python -m benchmarks.grounding --splits unseen third-unseen long-4 long-5",
        on="2026-11-26",
        figures=(
            "unseen parts: 198 of 204 edits refused, 72 of 74 short inventions, 78 of 78 times, numbers and citations; "
            "false alarms 24 of 94 on the second set and 62 of 111 on the third (4 of 40 near the entries' words); on "
            "long entries that nobody had looked at, 205 of 248 false sentences refused and 27 of 90 true ones"
        ),
    ),
    Validation(
        thing=Thing.VERIFIER,
        version="86e7da4e011067e7",
        command="python -m benchmarks.grounding --splits unseen third-unseen plain-4 plain-5 plain-6 answers-2 long-5",
        on="2026-11-26",
        figures=(
            "parts that nobody had looked at: 870 of 942 false sentences refused (90.5%–93.9%), 201 of 201 times, "
            "numbers and citations, and 159 of 598 true ones; of these false alarms 24 of 94 on the second set, 63 of "
            "111 on the third (4 of 40 near the entries' words), 27 of 282 near them on the seventh and eighth, 31 of "
            "65 of an able model's answers, 14 of 46 on long entries, where 112 of 125 false ones are refused"
        ),
    ),
    _on_unread_parts(
        "1e99e0ed74197a98",
        "2026-11-26",
        "parts that nobody had looked at: 746 of 794 false sentences refused (92.1%–95.4%), 162 of 162 times, "
        "numbers and citations, 45 of 54 exchanged words, and 149 of 497 true ones; of these false alarms 24 of 94 "
        "on the second set, 63 of 111 on the third (4 of 40 near the entries' words), 17 of 181 near them on the "
        "seventh and eighth, 31 of 65 of an able model's answers, 14 of 46 on long entries, where 112 of 125 false "
        "ones are refused",
    ),
    _on_unread_parts(
        "dc56d90e9c9b9a81",
        "2026-11-27",
        "parts that nobody had looked at: 746 of 794 false sentences refused (92.1%–95.4%), 162 of 162 times, "
        "numbers and citations, and 148 of 497 true ones; in the answers of able writers, which were looked at, "
        "22 of 254 refused at first, and of 451 that stand blind readers held none unsupported",
    ),
    _on_unread_parts(
        "5597103dcd807094",
        "2026-11-27",
        "parts that nobody had looked at: 746 of 794 false sentences refused (92.1%–95.4%), 162 of 162 times, "
        "numbers and citations, and 148 of 497 true ones; in the answers of able writers, which were looked at, "
        "23 of 254 refused at first, and of 451 that stand blind readers held none unsupported",
    ),
    _on_unread_parts("91b8043cea7bd760", "2026-11-27", OF_SCORES_20_TO_22),
    _on_unread_parts("f8fa06add0351ebd", "2026-11-27", OF_SCORES_20_TO_22),
    _on_unread_parts("1cdf8270657152e8", "2026-11-27", OF_SCORES_20_TO_22),
    _on_unread_parts("1a721d94a50de7ba", "2026-11-27", OF_SCORES_23_AND_24),
    _on_unread_parts("b9a307c91ce506aa", "2026-11-27", OF_SCORES_23_AND_24),
    _on_unread_parts("7780f63c8dc04bd8", "2026-11-27", OF_SCORE_25),
    _on_unread_parts("46509f8c5406932f", "2026-11-27", OF_SCORES_26_AND_27),
    _on_unread_parts("6b92e912adb405ac", "2026-11-27", OF_SCORES_26_AND_27),
    _on_unread_parts("e834905a9de7306f", "2026-11-27", OF_SCORE_28),
    _on_unread_parts("841543b29279dc14", "2026-11-27", OF_SCORE_29),
    Validation(
        thing=Thing.REDACTOR,
        version="5a3bcb7918f55c58",
        command="python -m benchmarks.redaction --part unseen",
        on="2026-11-26",
        figures="0 of 10,080 canaries (at most .04 %) and 0 of 1,200 names (at most .31 %) reached the endpoint",
    ),
    Validation(
        thing=Thing.REDACTOR,
        version="453910dadb307858",
        command="python -m benchmarks.redaction --canaries 1000 --part seen",
        on="2026-11-26",
        figures=(
            "the part that was looked at only: 0 of 1,000 canaries and 0 of 2,000 names reached the endpoint; the "
            "unseen part was not scored with this version"
        ),
    ),
    Validation(
        thing=Thing.REDACTOR,
        version="91fd0fd1496e0a5b",
        command="python -m benchmarks.redaction --canaries 1000 --part seen",
        on="2026-11-26",
        figures=(
            "the part that was looked at only: 0 of 1,000 canaries and 0 of 2,000 names reached the endpoint; the "
            "unseen part was not scored with this version"
        ),
    ),
    Validation(
        thing=Thing.REDACTOR,
        version="ac80197a87a18140",
        command="python -m benchmarks.redaction --canaries 1000 --part seen",
        on="2026-11-26",
        figures=(
            "the part that was looked at only: 0 of 1,000 canaries and 0 of 2,000 names reached the endpoint; the "
            "unseen part was not scored with this version"
        ),
    ),
    _on_12_000_canaries(
        "10b0a9eb2803a7d9",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 7 of 48,000 that were never planted",
    ),
    _on_12_000_canaries(
        "3f367f532ec29934",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 7 of 48,000 that were never planted",
    ),
    _on_12_000_canaries(
        "901fe6464385c1d2",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 8 of 48,000 that were never planted",
    ),
    _on_12_000_canaries(
        "f4b1c4e9720eb660",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 7 of 48,000 that were never planted",
    ),
    _on_12_000_canaries(
        "412fa962da8e3446",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 7 of 48,000 that were never planted; "
        "of 1,968 standings of values of 82 more kinds that nobody had looked at 15 leaked (.43–1.25 %), of 9 "
        "kinds, and 1 request of 50 was stopped",
    ),
    _on_12_000_canaries(
        "0dadad917cb31dca",
        "2026-11-26",
        "0 of 12,000 canaries (at most .03 %) and 0 of 2,000 names (at most .18 %) reached the endpoint or a log, "
        "and no request was stopped; in files 1 was found, by chance as 7 of 48,000 that were never planted; "
        "of 3,768 standings of values of 157 more kinds in ways that nobody had looked at together 16 leaked "
        "(.24–.69 %), and 2 requests of 95 were stopped",
    ),
    _on_12_000_canaries("e83de7601645fab9", "2026-11-26", OF_12_000_CANARIES),
    _on_12_000_canaries("a5c3eeb1a1019f0a", "2026-11-26", OF_12_000_CANARIES),
    _on_12_000_canaries("a50f0265b4bb4e83", "2026-11-26", OF_12_000_CANARIES),
    Validation(
        thing=Thing.REDACTOR,
        version="1029f7b54055bf4a",
        command="python -m benchmarks.redaction --canaries 2000 --names 400 --part unseen",
        on="2026-11-27",
        figures=OF_2_000_CANARIES,
    ),
    _on_12_000_canaries("3cc359119f869181", "2026-11-27", OF_12_000_CANARIES_AND_PASTED_LINES),
    Validation(
        thing=Thing.GROUPING,
        version="8316d82a40e6d993",
        command="python -m benchmarks.grouping --data ../shared/data --held-out",
        on="2026-11-26",
        figures="held-out storms, B³ of all alerts: .923 and .974 (sparse), .840 and .818 (dense)",
    ),
    Validation(
        thing=Thing.ATTACHING,
        version="b59575eebe11d92e",
        command="python -m benchmarks.attaching --data ../shared/data --held-out",
        on="2026-11-26",
        figures=(
            "160 held-out incidents: attached by itself with precision .943 (.870–1.000), recall .373 (.300–.455); "
            "every fault declared in every way, 951 incidents: .948 (.920–.973) and .348 (.327–.371)"
        ),
    ),
    Validation(
        thing=Thing.HOLDING,
        version="9c39e0031e014d2e",
        command="python -m benchmarks.suppression",
        on="2026-11-25",
        figures=(
            "0 of 33 attack steps (at most 8.7 %) and 0 of 909 simulated faults (at most .3 %) hidden, the latest told "
            "after 59 s"
        ),
    ),
)


def validations_of(thing: Thing, version: str) -> tuple[Validation, ...]:
    """What was measured of exactly this version, the newest last."""
    return tuple(one for one in VALIDATIONS if one.thing is thing and one.version == version)
