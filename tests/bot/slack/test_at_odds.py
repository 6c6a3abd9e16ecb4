"""A draft whose statements do not agree with the record is shown as such, and nobody can sign it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis.document import Document, Statement
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Incident
from bot.flows.drafting import DraftMaking
from bot.late import build_signing
from bot.usecases.postmortem.composing import Composing, TemplatesAlone
from bot.usecases.postmortem.drafting import MakeDraft
from bot.usecases.postmortem.store_draft import store_draft
from tests.effort import leading
from tests.erasing import erase_field
from tests.slack_room import APPROVER, COMMANDER, Room

INVENTED = "The pool had 12 connections at 09:00."


class Inventing:
    """A composer that adds a sentence which the record does not support, as a language model may."""

    def __call__(self, incident: Incident, events: Sequence[TimelineEvent]) -> Document:
        """The templates' document with that sentence in its summary."""
        document = TemplatesAlone(names=str)(incident, events)
        first, *rest = document.sections
        invented = Statement(text=INVENTED, events=("E1",))
        return replace(document, sections=(replace(first, statements=(*first.statements, invented)), *rest))


def test_statement_at_odds_is_named_and_marked_and_nobody_can_sign(room: Room) -> None:
    """The offer names it and has no such button, the file marks it, `approve` refuses, App Home does not list it."""
    number, channel = _invented(room)

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    offer = [post for post in room.slack.posts(channel) if "Draft 1 is ready" in post["text"]][-1]
    (file,) = [
        one["content"].decode() for one in room.slack.files.values() if one["name"].startswith(f"postmortem-{number}-")
    ]
    marked = [line for line in file.splitlines() if "(at odds with the entries cited)" in line]
    assert answer == (
        f"Draft 1 cannot be signed: 1 statement at odds with the entries cited: “{INVENTED}” (E1). "
        "Correct or withdraw those entries, and ask for another with `/incident draft`."
    )
    assert "nobody can sign this draft" in str(offer["blocks"])
    assert list(room.buttons(offer["blocks"])) == ["Ask for another"]
    assert [INVENTED.partition(" at ")[0] in line and line.endswith("**") for line in marked] == [True]
    assert f"*#{number}*" not in _waiting(room, APPROVER)


def test_draft_after_the_title_was_erased_has_no_statement_at_odds(room: Room) -> None:
    """The severity and the gap are still supported, and the draft can be signed."""
    number, channel = room.declare(COMMANDER, "SEV2 Payments at Nordea fail")
    room.ask(COMMANDER, "resolve", channel)
    _erase(room, number, EventKind.DECLARED)
    room.draft(COMMANDER, channel)
    room.settle()

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert answer.startswith("You approved draft 1")
    assert "at odds" not in str(room.slack.posts(channel))


@pytest.mark.parametrize("spoiled", leading(1, ["erased", "overtaken"]))
def test_home_has_no_draft_that_nobody_can_sign(room: Room, spoiled: str) -> None:
    """Neither one that lost something to an erasure nor one that the record has overtaken is listed."""
    number, channel = room.declare(COMMANDER, "SEV2 Wallets empty")
    for text in ("note Pool of Kim Lee exhausted", "resolve"):
        room.ask(COMMANDER, text, channel)
    room.draft(COMMANDER, channel)
    room.settle()
    before = _waiting(room, APPROVER)

    if spoiled == "erased":
        _erase(room, number, EventKind.NOTE)
    else:
        room.ask(COMMANDER, "note One thing more", channel)

    assert f"*#{number}*" in before
    assert f"*#{number}*" not in _waiting(room, APPROVER)


def _waiting(room: Room, user: str) -> str:
    return room.home(user).partition("Drafts that wait for your approval")[2]


def _erase(room: Room, number: int, kind: EventKind) -> None:
    """Erase the text of the one event of *kind*."""
    (event,) = [event for event in room.events(number) if event.kind is kind]
    erase_field(room, number, event.seq)


def _invented(room: Room) -> tuple[int, str]:
    """An incident in review whose draft was composed by something that invents."""
    number, channel = room.declare(COMMANDER, "SEV2 Wallets empty")
    room.ask(COMMANDER, "resolve", channel)
    app = room.app
    composing = Composing(signing=build_signing(room.settings), composer=Inventing(), names=app.directory.name)
    person = app.directory.person(COMMANDER)
    assert person is not None
    command = MakeDraft(
        person=person,
        workspace_id=app.workspace_id,
        natural_key=f"invented:{number}",
        source=Source.SLACK,
        number=number,
    )
    drafts = DraftMaking(composing, snapshots=app.store.snapshots)
    drafts.make_now(command, lambda store: app.store.writer.submit(store_draft, store).result())
    room.settle()
    return number, channel
