"""The tutorial, typed as it is printed by somebody who reads it for the first time."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.slack_room import HOME, OTHER, open_room

PAGE = Path(__file__).parents[3] / "docs/tutorial.md"
TYPED = re.compile(r"^ {4}/incident (.+)$", re.MULTILINE)
LABEL = re.compile(r"\bE[789]\b")
#: Beside what the timeline shows the labels for which the page writes these.
STANDS_BESIDE = {"E7": "rolled back the deploy", "E8": "traffic is back", "E9": "The runbook was out of date"}
#: What the answer to a line says, by how the line begins.
ANSWERS = {
    "declare": "#1 SEV2 declared",
    "promote E7": "stands as cause: “rolled back the deploy”",
    "correct E7": "“rolled back the deploy of card-auth” (before: ",
    "withdraw E8": "is off the timeline and stays on record: “traffic is back”. `/incident restore E",
    "unpromote E7": "“rolled back the deploy of card-auth”",
    "milestone detection none": "detection is not set any more",
    "resolve": "Not on record yet: occurrence, detection",
    "draft": "Drafting #1",
    "promote E9": "stands as action_item: “The runbook was out of date; Bo rewrites it by 1 April”",
}


def test_tutorial_does_what_it_says_line_by_line(ready_sqlite_url: str, tmp_path: Path) -> None:
    """A label goes on meaning what it stood beside when the page had its reader look, until the end of the page."""
    text = PAGE.read_text(encoding="utf-8")
    shown: dict[str, str] = {}
    with open_room(ready_sqlite_url, tmp_path, start=datetime(2026, 3, 1, 15, 30, tzinfo=UTC)) as room:
        channel = HOME
        for line in TYPED.findall(text):
            for label in LABEL.findall(line):
                lines = room.timeline(OTHER, 1)
                shown[label] = shown.get(label) or next(one for one in lines if STANDS_BESIDE[label] in one)
            typed = LABEL.sub(lambda found: re.findall(r"E\d+", shown[found[0]])[0], line)

            answer = room.draft(OTHER, channel, typed) if typed == "draft" else room.ask(OTHER, typed, channel)

            expected = [said for begins, said in ANSWERS.items() if line.startswith(begins)]
            assert all(said in answer for said in expected), (line, answer)
            if line.startswith("declare"):
                room.settle()
                made = room.slack.channel_named("inc-1-")
                assert made is not None
                assert made.name == "inc-1-card-authorisations-failing"
                channel = made.id
    assert shown.keys() == STANDS_BESIDE.keys()
