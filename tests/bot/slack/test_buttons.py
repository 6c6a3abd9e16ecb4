"""Buttons: what is offered is accepted, what is accepted is offered, and what is dangerous asks once."""

from uuid import uuid4

import pytest

from analysis.incident import Status
from tests.effort import leading, thinned
from tests.slack_room import COMMANDER, FORMS, HOME, RESPONDER, Room, number_in

#: What leads to each status from a new incident.
WAYS = {
    Status.DECLARED: (),
    Status.INVESTIGATING: ("status investigating",),
    Status.MITIGATING: ("status mitigating",),
    Status.MONITORING: ("status monitoring",),
    Status.RESOLVED: ("resolve",),
    # Another draft is only made where the record has news.
    Status.IN_REVIEW: ("resolve", "draft", "note The switch was thrown"),
    Status.CLOSED: ("resolve", "draft", "close It was a drill", "note The switch was thrown"),
    Status.DECLINED: ("decline It was a planned test",),
    Status.DUPLICATE: ("duplicate of {other}",),
    Status.CANCELLED: ("cancel Nobody needs it any more",),
}
#: Every move that somebody may try.
MOVES = {
    "status:investigating": "status investigating",
    "status:mitigating": "status mitigating",
    "status:monitoring": "status monitoring",
    "resolve": "resolve",
    "draft": "draft",
    "reopen": "reopen It came back at once",
    "close": "close It was a drill",
    "decline": "decline It was a planned test",
    "duplicate": "duplicate of {other}",
    "cancel": "cancel Nobody needs it any more",
}
#: The table of the product, state by state.
LIFE = {
    Status.DECLARED: {"status:investigating", "status:mitigating", "status:monitoring"}
    | {"resolve", "decline", "duplicate", "cancel"},
    Status.INVESTIGATING: {"status:mitigating", "status:monitoring", "resolve", "decline", "duplicate", "cancel"},
    Status.MITIGATING: {"status:investigating", "status:monitoring", "resolve", "duplicate", "cancel"},
    Status.MONITORING: {"status:investigating", "status:mitigating", "resolve", "duplicate", "cancel"},
    Status.RESOLVED: {"draft", "reopen"},
    Status.IN_REVIEW: {"draft", "reopen", "close"},
    Status.CLOSED: {"draft", "reopen"},
    Status.DECLINED: set(),
    Status.DUPLICATE: set(),
    Status.CANCELLED: set(),
}


@pytest.mark.parametrize("status", thinned(Status, every=6))
def test_card_offers_exactly_the_moves_that_are_accepted(quick_room: Room, status: Status) -> None:
    """In every state the card offers the moves of the table; each of them is accepted and every other refused."""
    other, _ = quick_room.kept_incident()
    number = _bring_to(quick_room, status, other)

    offered = _offered(quick_room, number)
    refused = {
        name for name in MOVES.keys() - offered if _is_refused(quick_room, number, MOVES[name].format(other=other))
    }
    accepted = {
        name
        for name in offered
        if not _is_refused(quick_room, _bring_to(quick_room, status, other), MOVES[name].format(other=other))
    }

    assert offered == LIFE[status]
    assert accepted == offered
    assert refused == MOVES.keys() - offered


@pytest.mark.parametrize("text", leading(1, ["Investigating", "Mitigating", "Monitoring"]))
def test_status_button_moves_the_incident(room: Room, text: str) -> None:
    """A press on a state's name moves the incident there."""
    number, channel = room.declare()
    button = room.buttons(room.card(channel)["blocks"])[text]

    answer = room.press(RESPONDER, button["action_id"], button["value"], channel)

    assert answer == f"#{number} is now {text.lower()}."


def test_resolve_button_resolves_for_the_commander(room: Room) -> None:
    """The commander's press resolves; Slack asks once before it counts."""
    number, channel = room.declare()
    button = room.buttons(room.card(channel)["blocks"])["Resolve"]

    answer = room.press(COMMANDER, button["action_id"], button["value"], channel)

    assert "confirm" in button
    assert answer.startswith(f"#{number} is resolved.")


def test_resolve_button_asks_everybody_else(room: Room) -> None:
    """A responder's press asks with two buttons, and nothing is resolved before the answer."""
    number, channel = room.declare()
    button = room.buttons(room.card(channel)["blocks"])["Resolve"]

    answer = room.press(RESPONDER, button["action_id"], button["value"], channel)

    asked = room.buttons(room.slack.responses[-1]["blocks"])
    assert answer == f"You are not the incident commander of #{number}. Resolve it all the same?"
    assert list(asked) == ["Resolve", "Not yet"]
    assert "declared" in room.ask(RESPONDER, f"#{number} status")


def test_question_from_before_a_reopening_resolves_nothing(room: Room) -> None:
    """Its yes was to the phase that ended since; asked anew it is about the present one, and does what it says."""
    number, channel = room.declare()
    question = room.press(RESPONDER, "incident.resolve", room.named_by_button(number), channel)
    old = room.buttons(room.slack.responses[-1]["blocks"])["Resolve"]
    for text in ("resolve", "reopen It came back at once"):
        room.ask(COMMANDER, text, channel)

    answers = [
        room.press(RESPONDER, old["action_id"], value, channel) for value in (old["value"], _older(old["value"]))
    ]
    status = room.ask(RESPONDER, f"#{number} status")
    room.press(RESPONDER, "incident.resolve", room.named_by_button(number), channel)
    new = room.buttons(room.slack.responses[-1]["blocks"])["Resolve"]
    resolved = room.press(RESPONDER, new["action_id"], new["value"], channel)

    assert "all the same?" in question
    refusal = (
        f"You were asked about phase 1 of #{number}, before it was reopened. It is in phase 2 now, so nothing was "
        "done. If that is over, too: `/incident resolve`."
    )
    assert answers == [refusal, refusal]
    assert "investigating" in status
    assert resolved.startswith(f"#{number} is resolved.")


def _older(value: str) -> str:
    """What the button of an older version carries: it does not say which phase it is about."""
    return f"{value.partition('|')[0]}|"


def test_timeline_button_shows_the_record_to_its_presser(room: Room) -> None:
    """A press on *Timeline* shows it to the presser alone."""
    number, channel = room.declare(text="SEV3 Pots are empty")
    button = room.buttons(room.card(channel)["blocks"])["Timeline"]

    answer = room.press(RESPONDER, button["action_id"], button["value"], channel)

    assert answer.startswith(f"*#{number} Pots are empty*")
    assert room.slack.responses[-1]["response_type"] == "ephemeral"
    assert room.slack.responses[-1]["replace_original"] is False


def test_draft_button_of_the_announcement_drafts(room: Room) -> None:
    """The post about the resolution carries the button that drafts."""
    number, channel = room.declare()
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    button = room.buttons(room.slack.posts(channel)[-1]["blocks"])["Draft postmortem"]

    answer = room.press(COMMANDER, button["action_id"], button["value"], channel)
    room.settle()

    assert answer.startswith(f"Drafting #{number} from the ")
    assert room.slack.posts(channel)[-1]["text"].startswith(f"#{number}: Draft 1 is ready")


@pytest.mark.parametrize("name", sorted(FORMS))
def test_form_button_opens_its_form_within_the_trigger(quick_room: Room, name: str) -> None:
    """Each button that asks opens its form, acknowledged first and well within three seconds."""
    number, channel = quick_room.kept_incident(*FORMS[name])

    view = quick_room.open_form(COMMANDER, name, number, channel)

    assert view["callback_id"] == f"form.{name}"
    assert view["private_metadata"] == quick_room.named_by_button(number)
    assert view["trigger_age_seconds"] < 3


def test_home_button_opens_the_declare_form(quick_room: Room) -> None:
    """The App Home's button works without a channel."""
    view = quick_room.open_form_at_home(RESPONDER, "form.open:declare")

    assert view["callback_id"] == "form.declare"


@pytest.mark.parametrize("action_id", ["incident.explode", "incident.status:nirvana", "draft.evidence"])
def test_button_of_another_version_is_refused_in_words(quick_room: Room, action_id: str) -> None:
    """A button that this version does not know answers what to do instead."""
    number, channel = quick_room.kept_incident()

    answer = quick_room.press(RESPONDER, action_id, str(number), channel)

    assert answer.startswith("This is from another version of Debrief.")


def test_publish_verb_asks_once_and_its_button_publishes(room: Room) -> None:
    """`publish` asks; the button that it asks with publishes instead of asking again."""
    number, channel = room.declare(text="SEV4 Typo on the receipt")
    for text in ("role commander me", "resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()
    shown = room.shown_hash(channel)
    room.ask(COMMANDER, f"approve {shown}", channel)
    question = room.say(COMMANDER, "publish", channel).json
    yes = room.buttons(question["blocks"])["Publish"]

    answer = room.press(COMMANDER, yes["action_id"], yes["value"], channel)

    assert question["text"] == f"Publish draft 1 of #{number} to: git, channel?"
    assert answer == "Publishing draft 1 to: git, channel."


def test_press_of_somebody_new_asks_to_try_again(room: Room) -> None:
    """Somebody whom Slack has not told of yet is told so, is looked up, and may press again."""
    number, channel = room.kept_incident()
    user = f"U0NEW{next(room.slack.numbers)}"
    room.slack.add_user(user, "nina")

    first = room.press(user, "incident.timeline", str(number), channel)
    room.wait_for("the look-up", lambda: room.app.directory.is_known(user))
    second = room.press(user, "incident.timeline", str(number), channel)

    assert first == "I do not know you yet, so nothing was recorded. Try again in a few seconds."
    assert second.startswith(f"*#{number}")


def test_double_press_does_it_once(room: Room) -> None:
    """The second press finds it done and says so."""
    number, channel = room.declare()

    answers = [room.press(COMMANDER, "incident.resolve", str(number), channel) for _ in range(2)]

    assert answers[0].startswith(f"#{number} is resolved.")
    assert answers[1].startswith(f"#{number} is resolved already.")


def test_press_outside_answers_about_the_incident_it_names(room: Room) -> None:
    """A button carries its incident, wherever its message is."""
    number, _ = room.kept_incident()

    answer = room.press(RESPONDER, "incident.timeline", room.named_by_button(number), HOME)

    assert answer.startswith(f"*#{number}")


def test_button_of_an_incident_that_is_gone_does_nothing_to_another(room: Room) -> None:
    """The database came back from a copy and gave the number again: an older card, offer or form acts on nothing."""
    number, channel = room.declare()
    buttons = [one["value"] for one in room.buttons(room.card(channel)["blocks"]).values()]
    form = room.open_form(RESPONDER, "note", room.named_by_button(number), channel)
    gone, before = f"{number}:{uuid4()}", room.facts(number)

    answers = [
        room.press(COMMANDER, action_id, gone, channel)
        for action_id in ("incident.status:mitigating", "incident.resolve", "incident.timeline", "incident.draft")
    ]
    refused = room.submit(RESPONDER, {**form, "private_metadata": gone}, text="Thrown")
    opened = room.open_form(RESPONDER, "note", gone, channel)

    assert set(buttons) == {room.named_by_button(number)}
    sentence = (
        f"This message is about a #{number} that is not on record any more, because the database was brought back "
        "from a copy. `/incident list` lists those of now."
    )
    assert set(answers) == {sentence}
    assert refused["errors"]["text"] == opened["blocks"][0]["text"]["text"] == sentence
    assert room.facts(number) == before


def test_button_of_an_older_version_means_the_incident_of_its_channel(room: Room) -> None:
    """It has a number alone: where the channel is nobody's any more, or another incident's, it does nothing."""
    number, channel = room.declare()
    _, other = room.kept_incident()
    before = room.facts(number)

    elsewhere = [room.press(COMMANDER, "incident.status:mitigating", str(number), one) for one in ("C0GONE", other)]
    after = room.facts(number)
    here = room.press(COMMANDER, "incident.status:mitigating", str(number), channel)

    sentence = (
        f"This button says #{number}, which is not the incident of this channel, so nothing was done. "
        f"If you mean that one, type it: `/incident #{number} status` shows it."
    )
    assert set(elsewhere) == {sentence}
    assert after == before
    assert here == f"#{number} is now mitigating."


def _bring_to(room: Room, status: Status, other: int) -> int:
    number = number_in(room.ask(COMMANDER, "declare SEV3 Card payments fail"))
    for text in WAYS[status]:
        room.ask(COMMANDER, f"#{number} {text.format(other=other)}")
        room.wait_for_draft(number)
    return number


def _is_refused(room: Room, number: int, text: str) -> bool:
    before = room.facts(number)
    room.ask(COMMANDER, f"#{number} {text}")
    room.wait_for_draft(number)
    return room.facts(number) == before


def _offered(room: Room, number: int) -> set[str]:
    """The moves behind the card's buttons, those of the form behind *More* too."""
    buttons = room.buttons(room.say(COMMANDER, f"#{number} status").json["blocks"])
    ids = {button["action_id"] for button in buttons.values()}
    statuses = {name.removeprefix("incident.") for name in ids if name.startswith("incident.status:")}
    others = {"incident.resolve": "resolve", "incident.draft": "draft", "form.open:reopen": "reopen"}
    return statuses | {others[name] for name in ids if name in others} | _endings(room, number, ids)


def _endings(room: Room, number: int, ids: set[str]) -> set[str]:
    if "form.open:end" not in ids:
        return set()
    form = room.open_form(COMMANDER, "end", room.named_by_button(number))
    (moves,) = [block["element"]["options"] for block in form["blocks"] if block["block_id"] == "move"]
    return {option["value"] for option in moves}


@pytest.mark.parametrize("value", ["9" * 400, "12a", "-1", "\u0661\u0662"])
@pytest.mark.parametrize(
    "action", ["incident.resolve", "incident.timeline", "incident.status:mitigating", "draft.approve"]
)
def test_button_that_names_no_incident_does_nothing(quick_room: Room, action: str, value: str) -> None:
    """A value that no card of ours carries is refused in words, and never means the channel's incident."""
    number, channel = quick_room.kept_incident()
    before = quick_room.facts(number)

    answer = quick_room.press(COMMANDER, action, f"{value}|12345678", channel)

    assert answer.startswith("This is from another version of Debrief.")
    assert quick_room.facts(number) == before


def test_form_that_names_no_incident_records_nothing(quick_room: Room) -> None:
    """Neither the button that opens it nor the form itself takes such a number."""
    number, channel = quick_room.kept_incident()
    before = quick_room.facts(number)
    form = quick_room.open_form(RESPONDER, "note", number, channel)

    shown = quick_room.open_form(RESPONDER, "note", "9" * 400, channel)
    told = quick_room.submit(RESPONDER, {**form, "private_metadata": "9" * 400}, text="The switch was thrown")

    assert shown["callback_id"] == "notice"
    assert told["errors"]["text"].startswith("This is from another version of Debrief.")
    assert quick_room.facts(number) == before
