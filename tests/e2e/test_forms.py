"""Forms and the App Home, filled in by a person in the stand-in."""

from collections.abc import Mapping
from typing import Any

import pytest

from demo.message import chosen, typed
from demo.stage import HOME
from demo.waiting import wait_for
from tests.e2e.room import RESPONDER, Room

pytestmark = pytest.mark.standin


def test_bare_command_opens_a_form_that_declares(room: Room) -> None:
    """`/incident` outside an incident channel asks, and what is filled in becomes an incident."""
    before = set(room.workspace.channels())
    form = _opened(room, "")

    errors = room.workspace.submit(
        RESPONDER.id, {**typed("title", "Transfers doubled"), **chosen(form, "severity", "SEV2")}
    )

    assert errors == {}
    (name,) = wait_for("its channel", lambda: set(room.workspace.channels()) - before)
    assert name.endswith("transfers-doubled")


def test_form_keeps_what_was_typed_and_blames_the_field(room: Room) -> None:
    """A time that cannot be read is refused under its field, and nothing is declared."""
    before = room.workspace.channels()
    _opened(room, "declare")

    errors = room.workspace.submit(
        RESPONDER.id, {**typed("title", "Fees wrong"), **typed("occurrence", "half past never")}
    )
    room.workspace.close(RESPONDER.id)

    assert list(errors) == ["occurrence"]
    assert room.workspace.channels() == before


def test_home_lists_the_open_incidents(room: Room) -> None:
    """App Home shows what is open to the person who opens it."""
    room.ask(RESPONDER, "declare SEV4 Receipts blank")

    room.workspace.open_home(RESPONDER.id)

    wait_for("the incident in the App Home", lambda: "Receipts blank" in str(room.workspace.home(RESPONDER.id)))


def _opened(room: Room, text: str) -> Mapping[str, Any]:
    """The form that a command opens, above what an earlier test has left open."""
    room.workspace.command(RESPONDER.id, HOME.id, text)

    def look() -> Mapping[str, Any] | None:
        on_top = room.workspace.modal()
        return on_top if on_top and on_top["callback_id"] == "form.declare" else None

    return wait_for("the form", look)
