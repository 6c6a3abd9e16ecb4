"""Forms: filled in, refused under the field that is wrong, sent twice, and in time."""

from collections.abc import Mapping
from uuid import uuid4

import pytest

from tests.effort import thinned
from tests.fake_slack import Fault
from tests.slack_requests import submission
from tests.slack_room import COMMANDER, FORMS, HOME, OTHER, RESPONDER, Room, number_in

#: What fills in each form, and what is then on record.
FILLED = {
    "note": ({"text": "The switch was thrown", "time": "5m ago"}, "The switch was thrown"),
    "correct": (
        {"label": "E3", "text": "The switch was thrown", "time": "4m ago"},
        "The switch was thrown (corrected by",
    ),
    "update": ({"text": "We have found it"}, "remy: stakeholders were told: We have found it"),
    "severity": ({"severity": "SEV1", "reason": "Money is at risk"}, "SEV1, raised from SEV3: Money is at risk"),
    "role": ({"role": "scribe", "holder": OTHER}, "otto became scribe (by remy)"),
    "milestone": ({"milestone": "detection", "time": "5m ago"}, "milestone detection"),
    "reopen": ({"reason": "It came back at once"}, "open again, phase 2 (was resolved): It came back at once"),
    "end": ({"move": "decline", "reason": "It was a planned test"}, "declined (was declared): It was a planned test"),
}

#: What is wrong with a form, and the field and words that say so.
WRONG = [
    pytest.param("note", {"text": "x", "time": "half past never"}, "time", "is not a time", id="note: no time"),
    pytest.param("note", {"text": "x", "time": "10m from now"}, "time", "is not a time", id="note: later"),
    pytest.param("note", {"text": "x", "time": "2026-02-01 10:00"}, "time", "24 hours", id="note: too old"),
    pytest.param("note", {"text": " \u200b\u202e "}, "text", "Say what happened", id="note: nothing visible"),
    pytest.param("correct", {"label": "the note", "text": "x"}, "label", "by its label", id="correct: no label"),
    pytest.param("correct", {"label": "E3 E4", "text": "x"}, "label", "one entry", id="correct: two labels"),
    pytest.param("correct", {"label": "E999", "text": "x"}, "label", "not on the timeline", id="correct: not there"),
    pytest.param("correct", {"label": "E1", "text": "x"}, "label", "is the declaration", id="correct: not correctable"),
    pytest.param("correct", {"label": "E3", "text": ""}, "text", "Say what is right", id="correct: nothing"),
    pytest.param("correct", {"label": "E3", "time": "soon"}, "time", "is not a time", id="correct: no time"),
    pytest.param(
        "correct", {"label": "E3", "what": "withdraw", "text": "no"}, "text", "at least 10", id="withdraw: why"
    ),
    pytest.param(
        "correct", {"label": "E3", "what": "restore"}, "label", "was not withdrawn", id="restore: not withdrawn"
    ),
    pytest.param("update", {"text": "x" * 2001}, "text", "2000 fit", id="update: too long"),
    pytest.param("severity", {"severity": "SEV3"}, "severity", "already SEV3", id="severity: as it is"),
    pytest.param("role", {"role": "scribe", "holder": "U0NOBODY"}, "holder", "I do not know", id="role: nobody"),
    pytest.param("role", {"role": "scribe", "holder": "U0GUEST"}, "holder", "cannot hold a role", id="role: guest"),
    pytest.param("role", {"role": "scribe", "holder": "U0GONE"}, "holder", "I do not know", id="role: gone"),
    pytest.param("milestone", {"milestone": "recovery", "time": "soon"}, "time", "not a time", id="milestone: no time"),
    pytest.param("reopen", {"reason": "oops"}, "reason", "at least 10 letters", id="reopen: no reason"),
    pytest.param("end", {"move": "decline", "reason": "no"}, "reason", "at least 10", id="end: no reason"),
    pytest.param("end", {"move": "duplicate", "reason": "the other"}, "reason", "which incident", id="end: no number"),
    pytest.param(
        "end", {"move": "duplicate", "reason": "of 99999"}, "reason", "no incident #99999", id="end: not there"
    ),
    pytest.param(
        "end", {"move": "duplicate", "reason": "12 hours of waiting"}, "reason", "which incident", id="end: hours"
    ),
]

WRONG_DECLARATIONS = [
    pytest.param({"title": "", "severity": "SEV2"}, "title", "Say what is wrong", id="no title"),
    pytest.param({"title": "\u200b\u2066\u2069"}, "title", "Say what is wrong", id="nothing visible"),
    pytest.param({"title": "x" * 201}, "title", "200 fit", id="long title"),
    pytest.param({"title": "x", "occurrence": "half past never"}, "occurrence", "is not a time", id="no time"),
    pytest.param({"title": "x", "detection": "2027-01-01 10:00"}, "detection", "future", id="future"),
    pytest.param({"title": "x", "occurrence": "2026-02-01 10:00"}, "occurrence", "24 hours", id="too old"),
    pytest.param({"title": "x", "occurrence": "10:00 Mars/Base"}, "occurrence", "zone", id="no zone"),
    pytest.param({"title": "Fees", "impact": "x" * 301}, "impact", "301 letters long; 300 fit", id="long impact"),
]


@pytest.mark.parametrize("name", sorted(FILLED))
def test_form_records_what_was_filled_in(room: Room, name: str) -> None:
    """A complete form is on record, and its place shows what was recorded."""
    number, channel = room.declare()
    for text in FORMS[name]:
        room.ask(COMMANDER, text, channel)
    user = COMMANDER if name == "end" else RESPONDER
    values, recorded = FILLED[name]

    told = room.submit(user, room.open_form(user, name, number, channel), **values)

    assert told["response_action"] == "update"
    assert told["view"]["title"]["text"] == "On record"
    assert f"#{number}" in told["view"]["blocks"][0]["text"]["text"]
    assert any(recorded in line for line in room.timeline(user, number))


@pytest.mark.parametrize(("name", "values", "field", "words"), thinned(WRONG, every=3))
def test_form_blames_the_field_that_is_wrong(
    quick_room: Room, name: str, values: Mapping[str, str], field: str, words: str
) -> None:
    """The reason stands under its field, which exists, and nothing is recorded."""
    number, channel = quick_room.kept_incident(*FORMS[name])
    view = quick_room.open_form(COMMANDER, name, number, channel)
    before = quick_room.facts(number)

    told = quick_room.submit(COMMANDER, view, **values)

    assert told["response_action"] == "errors"
    assert list(told["errors"]) == [field]
    assert words in told["errors"][field]
    assert field in {block.get("block_id") for block in view["blocks"]}
    assert quick_room.facts(number) == before


def test_declare_form_records_all_that_was_given(room: Room) -> None:
    """Title, severity, visibility, impact and both instants are on record."""
    view = room.open_form_at_home(COMMANDER, "form.open:declare")
    given = {"title": "Transfers doubled", "severity": "SEV1", "visibility": "private", "impact": "1 % paid twice"}

    told = room.submit(COMMANDER, view, **given, occurrence="20m ago", detection="10m ago")

    number = number_in(told["view"]["blocks"][0]["text"]["text"])
    kinds = [(event.kind.value, event.text) for event in room.events(number)][:5]
    assert room.ask(COMMANDER, f"#{number} status") == f"#{number} SEV1 declared: Transfers doubled"
    assert kinds == [
        ("declared", "Transfers doubled"),
        ("milestone_set", "occurrence"),
        ("milestone_set", "detection"),
        ("milestone_set", "awareness"),
        ("impact_set", "1 % paid twice"),
    ]


def test_untouched_selects_mean_the_default(room: Room) -> None:
    """Selects that arrive empty, as some clients send them, read as in the one-line command."""
    view = room.open_form_at_home(RESPONDER, "form.open:declare")
    emptied = [
        {**block, "element": {**block["element"], "initial_option": None}} if "options" in block["element"] else block
        for block in view["blocks"]
        if block["type"] == "input"
    ]

    told = room.submit(RESPONDER, {**view, "blocks": emptied}, title="Fees wrong")

    assert " SEV3 declared: Fees wrong" in told["view"]["blocks"][0]["text"]["text"]


@pytest.mark.parametrize(("values", "field", "words"), WRONG_DECLARATIONS)
def test_declare_form_blames_the_field_that_is_wrong(
    quick_room: Room, values: Mapping[str, str], field: str, words: str
) -> None:
    """The reason stands under its field and no incident is opened."""
    view = quick_room.open_form_at_home(RESPONDER, "form.open:declare")
    before = quick_room.ask(RESPONDER, "list all")

    told = quick_room.submit(RESPONDER, view, **values)

    assert list(told["errors"]) == [field]
    assert words in told["errors"][field]
    assert quick_room.ask(RESPONDER, "list all") == before


def test_form_sent_twice_declares_once(room: Room) -> None:
    """The same form, sent again as it is, gives the same answer and no second incident."""
    view = room.open_form_at_home(RESPONDER, "form.open:declare")
    signed = submission(RESPONDER, view, {"title": "Cards declined"})

    first, second = room.send(signed).json, room.send(signed).json

    assert first == second
    assert room.ask(RESPONDER, "list").count("Cards declined") == 1


def test_form_corrected_after_an_error_is_recorded(room: Room) -> None:
    """A form that was refused keeps its id; the corrected values count."""
    view = room.open_form_at_home(RESPONDER, "form.open:declare")
    room.submit(RESPONDER, view, title="Loans stuck", occurrence="whenever")

    told = room.submit(RESPONDER, view, title="Loans stuck", occurrence="5m ago")

    assert told["response_action"] == "update"


def test_form_with_other_values_under_a_used_id_is_refused(room: Room) -> None:
    """What was recorded once under a form's id is not replaced by something else."""
    view = room.open_form_at_home(RESPONDER, "form.open:declare")
    room.submit(RESPONDER, view, title="Statements late")

    told = room.submit(RESPONDER, view, title="Something else entirely")

    assert told["response_action"] == "errors"
    assert "Something else entirely" not in room.ask(RESPONDER, "list")


def test_declaring_from_a_message_of_a_private_incident_is_private_at_first(room: Room) -> None:
    """Its words stand in the title, so nobody opens them to everybody by overlooking a field."""
    _, channel = room.declare(COMMANDER, "SEV3 private: Insider trading suspected")
    ts = room.slack.say(channel, COMMANDER, "The trader was told")

    view = room.shortcut_form(COMMANDER, "declare_from_message", channel, ts)

    chosen = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert chosen["visibility"]["initial_option"]["value"] == "private"
    assert chosen["title"]["initial_value"] == "The trader was told"


def test_lookalike_is_offered_before_the_form_is_filled_in(room: Room) -> None:
    """Declaring from a message shows open incidents that look the same, with their channels."""
    number, channel = room.declare(text="SEV3 Mandates rejected in Norway")
    ts = room.slack.say(HOME, OTHER, "Mandates are rejected in Norway again")

    view = room.shortcut_form(RESPONDER, "declare_from_message", HOME, ts)

    assert f"*#{number}*" in view["blocks"][0]["text"]["text"]
    assert f"<#{channel}>" in view["blocks"][0]["text"]["text"]
    assert view["trigger_age_seconds"] < 1


def test_lookalikes_leave_out_what_their_reader_may_not_see(room: Room) -> None:
    """A private incident is not offered to somebody outside it."""
    room.declare(COMMANDER, "SEV3 private: Vault keys rotated twice")
    ts = room.slack.say(HOME, OTHER, "Vault keys rotated twice")

    view = room.shortcut_form(RESPONDER, "declare_from_message", HOME, ts)

    assert view["blocks"][0]["type"] == "input"
    assert view["blocks"][0]["element"]["initial_value"] == "Vault keys rotated twice"


def test_late_answer_of_slack_opens_no_form_and_harms_nothing(quick_room: Room) -> None:
    """A form that Slack does not take is lost, which whoever asked is told; the next one opens."""
    answers = len(quick_room.slack.responses)
    quick_room.slack.break_down(Fault(method="views.open", error="expired_trigger_id"))
    quick_room.say(RESPONDER, "", HOME)

    (told,) = quick_room.wait_for("an answer", lambda: quick_room.slack.responses[answers:])
    view = quick_room.open_form_at_home(RESPONDER, "form.open:declare")

    assert told["text"].startswith("If no form opened, Slack was too slow; nothing was recorded.")
    assert view["callback_id"] == "form.declare"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_form_of_a_missing_incident_says_so_in_its_place(quick_room: Room, name: str) -> None:
    """A button of an incident that is not on record any more opens a sentence instead of a form."""
    view = quick_room.open_form(RESPONDER, name, f"99999:{uuid4()}")

    assert view["callback_id"] == "notice"
    assert view["blocks"][0]["text"]["text"].startswith("This message is about a #99999 that is not on record")


@pytest.mark.parametrize("name", ["note", "update", "severity", "role", "milestone", "reopen", "end", "sideways"])
def test_form_of_another_version_is_refused_in_words(quick_room: Room, name: str) -> None:
    """A form whose fields or name this version does not know is answered under a field that it has."""
    number, _ = quick_room.kept_incident()
    field = {"type": "input", "block_id": "old", "element": {"type": "plain_text_input", "action_id": "value"}}
    view = {"id": f"V0{name}", "callback_id": f"form.{name}", "private_metadata": str(number), "blocks": [field]}

    told = quick_room.submit(RESPONDER, view, old="x")

    assert list(told["errors"]) == ["old"]
