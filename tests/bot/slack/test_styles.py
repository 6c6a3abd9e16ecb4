"""Drafts in a style: asked for in Slack, named in the revision, signed as they are rendered."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.events import EventKind
from analysis.styles import Style, with_style
from bot.render.reading import plain_text
from bot.render.styling import Styles
from bot.slack.blocks.drafts import offer
from tests.bot.record.processes import revisions
from tests.bot.slack.test_drafts import SIGNING, revision_of
from tests.effort import leading
from tests.ledgers import eventful
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, Room, open_room

OWN = """\
# The bank's review of {{ incident.number }}

{% for section in sections %}
## {{ section.title }}

{{ section }}

{% endfor %}
"""


@pytest.fixture
def own_template(tmp_path: Path) -> Path:
    """Return the file of a company's template that works."""
    path = tmp_path / "own.md.j2"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def company_room(ready_sqlite_url: str, tmp_path: Path, own_template: Path) -> Iterator[Room]:
    """Yield a room whose drafts are in the company's style."""
    with open_room(ready_sqlite_url, tmp_path, document_style="company", document_template=own_template) as room:
        yield room


def resolved(room: Room) -> tuple[int, str]:
    """An incident that can be drafted."""
    number, channel = room.declare()
    room.join(COMMANDER, channel)
    room.ask(COMMANDER, "note The switch was thrown {{ 7*7 }}", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    room.clock.move(minutes=31)  # from now on no message waits for the end of the first half hour
    return number, channel


def draft(room: Room, channel: str, words: str = "draft") -> str:
    """Ask for a draft, and wait until it is offered; returns what the asker reads."""
    answer = room.draft(COMMANDER, channel, words)
    room.settle()
    return answer


def files(room: Room, number: int) -> list[str]:
    """The drafts of an incident as they were uploaded, oldest first."""
    return _uploaded(room, f"postmortem-{number}-draft-")


def published_file(room: Room, number: int) -> str:
    """The document as it was published in the channel."""
    (one,) = set(_uploaded(room, f"postmortem-{number}-")) - set(files(room, number))
    return one


def _uploaded(room: Room, name: str) -> list[str]:
    return [one["content"].decode() for one in room.slack.files.values() if one["name"].startswith(name)]


def styles(room: Room, number: int) -> list[tuple[str, str]]:
    """In which style each draft is on record, and in its revision."""
    made = [event.payload["style"] for event in room.events(number) if event.kind is EventKind.DRAFTED]
    return list(zip(made, (str(one.document["style"]["name"]) for one in revisions(room.app, number)), strict=True))


def test_draft_is_made_in_the_style_that_is_asked_for(room: Room) -> None:
    """Each style of the same record is a draft of its own; the same one again is refused as up to date."""
    number, channel = resolved(room)

    answers = [draft(room, channel, f"draft {style}".strip()) for style in ("", "PagerDuty", "short")]
    again = room.ask(COMMANDER, "draft short", channel)

    sre, pagerduty, short = files(room, number)
    assert [answer.startswith(f"Drafting #{number}") for answer in answers] == [True] * 3
    assert again == f"Draft 3 of #{number} is up to date: nothing on record changed since."
    assert styles(room, number) == [("sre", "sre"), ("pagerduty", "pagerduty"), ("short", "short")]
    assert "## Mitigation and resolution" in sre
    assert "## Responders" in pagerduty
    assert "## To look at" in short
    assert "**Style:**" not in sre
    assert "- **Style:** short, laid out by the template " in short
    assert [r"\{\{ 7\*7 \}\}" in file for file in (sre, pagerduty)] == [True, True]


@pytest.mark.parametrize(
    ("words", "answer"),
    leading(
        1,
        [
            ("draft shrot", "“shrot” is no style of a draft; use sre, pagerduty, short or company. Did you mean"),
            (
                "draft company",
                "There is no template of the company’s; set DEBRIEF_DOCUMENT_TEMPLATE to its file or folder",
            ),
        ],
    ),
)
def test_style_that_is_not_there_is_refused_and_nothing_is_recorded(room: Room, words: str, answer: str) -> None:
    """The sentence says what to do."""
    number, channel = resolved(room)
    before = len(room.events(number))

    said = room.ask(COMMANDER, words, channel)

    assert said.startswith(answer)
    assert said.endswith("Nothing was recorded.")
    assert len(room.events(number)) == before


@pytest.mark.thorough
def test_another_style_is_another_draft_and_ends_the_approval_of_the_first(room: Room) -> None:
    """What is signed is what is published in its style; a draft in another one must be signed anew."""
    number, channel = resolved(room)
    draft(room, channel, "draft short")
    signed = room.shown_hash(channel)
    first = room.ask(APPROVER, f"approve {signed}", channel)

    draft(room, channel, "draft pagerduty")
    old = room.ask(APPROVER, f"approve {signed}", channel)
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    published = published_file(room, number)
    assert first.startswith(f"You approved draft 1 of #{number}")
    assert old.startswith("Name the draft you read by its hash. The current one is draft 2")
    assert published.startswith(files(room, number)[1])
    assert "## Responders" in published
    assert "- **Approved by:** " in published


def test_offer_says_the_style_and_its_button_keeps_it(room: Room) -> None:
    """Whoever asks for another gets one in the same style, and a style without a timeline says so."""
    number, channel = resolved(room)
    draft(room, channel, "draft short")
    offer = [post for post in room.slack.posts(channel) if "Draft 1 is ready" in post["text"]][-1]
    button = room.buttons(offer["blocks"])["Ask for another"]

    room.ask(COMMANDER, "note It came back for a second", channel)
    room.press(COMMANDER, button["action_id"], button["value"], channel)
    room.settle()

    assert "In the style short." in offer["text"]
    assert "Its style leaves the timeline out" in str(offer["blocks"])
    assert styles(room, number)[-1] == ("short", "short")


@pytest.mark.parametrize("style", [Style.SRE, Style.PAGERDUTY, Style.SHORT])
def test_offer_repeats_lines_of_the_file_only(style: Style) -> None:
    """Whatever a style leaves out of the file stands in no block either."""
    revision = revision_of(eventful())
    tree = with_style(revision.document, Styles()(revision.document, style).block)
    shown = " ".join(plain_text(SIGNING.content(tree).decode()).split())

    _, blocks = offer(eventful().incident(), replace(revision, document=tree), None, (), str)

    texts = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    lines = [re.sub(r" \[(E[^]]*)\]$", r" (\1)", line[2:]) for line in texts.splitlines() if line.startswith("• ")]
    assert len(lines) > 5
    assert [line for line in map(html.unescape, lines) if line not in shown and not line.endswith("…")] == []


@pytest.mark.thorough
def test_company_template_lays_out_by_default_and_outlives_its_file(company_room: Room, own_template: Path) -> None:
    """What was drafted can be signed and published though the template has changed or is gone; another draft tells."""
    room = company_room
    number, channel = resolved(room)
    draft(room, channel)
    own_template.unlink()

    approved = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    published = published_file(room, number)
    assert approved.startswith(f"You approved draft 1 of #{number}")
    assert f"## The bank's review of {number}" in published
    assert room.slack.posts(OPERATIONS) == []


def test_company_template_that_fails_leaves_a_draft_that_says_so_and_one_note(
    company_room: Room, own_template: Path
) -> None:
    """The default style is made with the reason, the operator is told once, and mending it lets one ask again."""
    room = company_room
    own_template.write_text("# Ours\n\n{{ incident.name }}\n", encoding="utf-8")
    because = "own.md.j2, line 3: “Incident” has no attribute 'name'; it has is_private, number, severity and title."
    first, second = resolved(room), resolved(room)

    for _, channel in (first, second):
        draft(room, channel)
    room.settle()
    told = [post["text"] for post in room.slack.posts(OPERATIONS)]
    own_template.write_text(OWN, encoding="utf-8")
    draft(room, first[1])

    offers = [post["text"] for post in room.slack.posts(first[1]) if "is ready" in post["text"]]
    (note,) = told
    assert note == (
        f"The template of the style company failed: {because} Drafts are made in the default style and say so; "
        "nothing is lost. `debrief templates check` shows what it does."
    )
    assert "- **Style:** sre, because the style company failed: own.md.j2, line 3:" in files(room, first[0])[0]
    assert f"In the style sre, because the style company failed: {because}" in offers[0]
    assert styles(room, first[0]) == [("sre", "sre"), ("company", "company")]
    assert styles(room, second[0]) == [("sre", "sre")]
